package io.milena.transactions;

import org.jspecify.annotations.Nullable;

/** What time brings: transactions that nobody has ended are aborted, and ids that nobody has used for long are forgotten. */
final class TimeHandler {
    /** No more are forgotten in one turn, so that a turn stays short; the next follows at once. */
    private static final int RECORDS_MAX = 1_000;

    private TimeHandler() {}

    static void timeout(@Nullable Transaction known, Turn turn) {
        if (known == null || !(known.state() instanceof TransactionState.Ongoing ongoing)) {
            return;
        }
        long endMs = ongoing.startMs() + known.timeoutMs();
        if (turn.nowMs() < endMs) {
            turn.setTimeout(known, ongoing);
            return;
        }
        turn.note(
                known,
                "its transaction of producer " + known.owner().producerId() + " with epoch "
                        + known.owner().epoch() + " is aborted, because it is open for "
                        + (turn.nowMs() - ongoing.startMs()) + " ms and its time-out is " + known.timeoutMs() + " ms");
        turn.change(known, known.fenced(turn.nowMs()));
    }

    static void expire(Iterable<Transaction> all, Turn turn) {
        boolean isDone = true;
        for (Transaction each : all) {
            if (turn.recordCount() >= RECORDS_MAX) {
                isDone = false;
                break;
            }
            if (isExpired(each, turn)) {
                turn.append(CoordinatorRecord.tombstone(each.id()));
            }
        }
        turn.setTimer(
                new TimerKey.Expiry(), isDone ? turn.nowMs() + turn.settings().expiryCheckMs() : turn.nowMs());
    }

    private static boolean isExpired(Transaction transaction, Turn turn) {
        boolean isIdle = switch (transaction.state()) {
            case TransactionState.Empty ignored -> true;
            case TransactionState.Complete ignored -> true;
            case TransactionState.Ongoing ignored -> false;
            case TransactionState.Prepared ignored -> false;
        };
        return isIdle
                && turn.nowMs() - transaction.updatedMs() >= turn.settings().expirationMs();
    }
}
