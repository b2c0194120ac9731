package io.milena.cli.why;

import io.milena.cli.why.GroupState.Position;
import java.util.Comparator;
import java.util.List;

/** Why is a group rebalancing, or behind? */
public record WhyGroup(GroupState group) {
    /** From this share of all that is unread on, one partition is the reason. */
    private static final double HOT = 0.8;
    /** A partition that gets so many times its even share of what is written gets most of it; with two partitions it is three quarters. */
    private static final double HOT_SHARE = 1.5;

    public Answer answer() {
        Answer.Reasoning because = new Answer.Reasoning()
                .found("group " + group.id() + " is " + group.state() + " and has "
                        + group.members().size() + " member(s)")
                .found("it has " + group.lag() + " record(s) to read in "
                        + group.positions().size() + " partition(s)");
        group.membership().events().forEach(event -> because.found(event.told()));
        return switch (group.state()) {
            case "PreparingRebalance" ->
                because.so(
                        "it is rebalancing" + cause() + ", and not all others have come back yet",
                        "a member comes back when it polls: one that handles its records for longer than"
                                + " max.poll.interval.ms is waited for",
                        "if this goes on and on: raise max.poll.interval.ms or lower max.poll.records, and use the"
                                + " cooperative-sticky assignor or group.protocol=consumer");
            case "CompletingRebalance" ->
                because.so(
                        "it is rebalancing" + cause()
                                + ": all members are there, and the partitions are being assigned",
                        "normally this takes milliseconds; if it lasts, the member that leads the group hangs");
            case "Assigning", "Reconciling" -> reconciling(because);
            case "Dead", "" -> because.so("there is no such group", "milena groups list shows those that exist");
            case "Empty" ->
                group.lag() == 0
                        ? because.so("it is not behind, and nobody reads")
                        : because.so("it is behind because nobody reads: it has no members", "start its consumers");
            default -> behind(because);
        };
    }

    private String cause() {
        return group.latestEvent()
                .map(event -> " because " + event.told())
                .orElse(" because members joined, left or were thrown out");
    }

    /** With group.protocol=consumer: who keeps its partitions goes on meanwhile. */
    private Answer reconciling(Answer.Reasoning because) {
        List<String> awaited = group.membership().awaited();
        return because.so(
                "it is rebalancing" + cause()
                        + (awaited.isEmpty()
                                ? ": members have still to hear of their new partitions"
                                : ": partitions move, and " + awaited
                                        + " have still to let go of theirs or to hear of new ones"),
                "a member does so when it polls, and hears of it with its heartbeat: this takes some seconds",
                "one that does not poll for longer than max.poll.interval.ms is thrown out; all others go on reading"
                        + " meanwhile");
    }

    private Answer behind(Answer.Reasoning because) {
        if (group.lag() == 0) {
            return because.so("it is neither rebalancing nor behind");
        }
        List<Position> behind =
                group.positions().stream().filter(each -> each.lag() > 0).toList();
        List<String> without = behind.stream()
                .filter(each -> each.owner() == null)
                .map(Position::partition)
                .toList();
        if (!without.isEmpty()) {
            return because.found("no member has " + without)
                    .so("it is behind because nobody reads " + without, "do its members subscribe to these topics?");
        }
        long read = group.positions().stream().mapToLong(Position::read).sum();
        long written = group.positions().stream().mapToLong(Position::written).sum();
        because.found("in " + group.elapsedMs() + " ms it committed " + read + " record(s), and " + written
                + " were written");
        List<String> stuck = behind.stream()
                .filter(each -> each.read() <= 0)
                .map(Position::partition)
                .toList();
        if (read <= 0) {
            return because.so(
                    "it is behind because it commits nothing: its members hang, fail on a record again and again, or"
                            + " commit seldom",
                    "look at the log of its members; a record that always fails belongs into a dead-letter topic",
                    "look again over a longer time: --for 30000");
        }
        Position worst =
                behind.stream().max(Comparator.comparingLong(Position::lag)).orElseThrow();
        if (group.positions().size() > 1 && worst.lag() >= HOT * group.lag()) {
            because.found(worst.partition() + " has " + worst.lag() + " of them, and " + worst.owner() + " reads it");
            double evenShare = (double) written / group.positions().size();
            return worst.written() > HOT_SHARE * evenShare
                    ? because.so(
                            "it is behind in one partition, which gets most of the records",
                            "the keys are uneven: choose a key with more different values")
                    : because.so(
                            "it is behind in one partition, whose member is slower than the others",
                            "look at " + worst.owner()
                                    + (stuck.isEmpty() ? "" : ", which commits nothing of " + stuck));
        }
        if (read >= written) {
            return because.so(
                    "it is behind, but catches up" + (read > written ? after(read - written) : ""),
                    "nothing but time is needed");
        }
        boolean hasSpare = group.members().size() < group.positions().size();
        return because.so(
                "it is behind because it reads more slowly than others write",
                hasSpare
                        ? "start more members: " + group.positions().size() + " partitions can keep as many busy"
                        : "each partition has a member already: make the handling faster, or give the topic more"
                                + " partitions (milena topics advise)");
    }

    private String after(long gained) {
        return ": in about " + Math.max(1, group.lag() * group.elapsedMs() / gained / 1000)
                + " s, if it goes on like this";
    }
}
