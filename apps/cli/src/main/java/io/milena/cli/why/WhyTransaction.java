package io.milena.cli.why;

import java.util.List;

/**
 * Why is a transaction not over?
 *
 * @param state as the coordinator calls it
 * @param startedMs -1 for none that is under way
 * @param leaderless its partitions that nobody leads
 */
public record WhyTransaction(
        String id,
        String state,
        long producerId,
        long startedMs,
        long timeoutMs,
        long nowMs,
        List<String> partitions,
        List<String> leaderless) {

    public Answer answer() {
        Answer.Reasoning because = new Answer.Reasoning()
                .found("transactional id " + id + " belongs to producer " + producerId + "; its transaction is "
                        + state);
        return switch (state) {
            case "Ongoing" -> ongoing(because);
            case "PrepareCommit", "PrepareAbort" -> ending(because);
            case "Empty" -> because.so("nothing is under way: its producer has not begun a transaction");
            case "CompleteCommit" -> because.so("nothing is under way: the last transaction is committed");
            case "CompleteAbort" -> because.so("nothing is under way: the last transaction is aborted");
            case "Dead" -> because.so("the id is being forgotten: it was not used for transactional.id.expiration.ms");
            default -> because.so("this state says nothing more");
        };
    }

    private Answer ongoing(Answer.Reasoning because) {
        long openMs = nowMs - startedMs;
        because.found("it began " + openMs + " ms ago and may take " + timeoutMs + " ms")
                .found("it has written to " + partitions);
        if (openMs <= timeoutMs) {
            return because.so(
                    "its producer has not committed or aborted yet; consumers with read_committed wait behind it in"
                            + " these partitions",
                    "wait: in " + (timeoutMs - openMs) + " ms the coordinator aborts it",
                    "or start the producer again with the same transactional id: that aborts it at once");
        }
        return because.so(
                "it has taken longer than it may: its coordinator is about to abort it",
                "if it stays, look at the log of its coordinator");
    }

    private Answer ending(Answer.Reasoning because) {
        because.found("its end is decided, and is being written to " + partitions);
        if (leaderless.isEmpty()) {
            return because.so(
                    "it is about to be over: this takes milliseconds",
                    "if it lasts, the leader of one of these partitions does not answer: milena why partition");
        }
        return because.found("nobody leads " + leaderless)
                .so(
                        "it waits for partitions without a leader: " + leaderless,
                        "milena why partition says why they have none");
    }
}
