package io.milena.console.warnings;

import java.util.Optional;
import java.util.OptionalLong;

/** Records that retention removes before a group has read them, or will soon. */
public final class RetentionBeforeRead {
    private static final double SOON = 0.8;
    private static final long MS_PER_MINUTE = 60_000;

    private RetentionBeforeRead() {}

    /**
     * Of a group in a partition.
     *
     * @param committed the next offset that it wants
     * @param start the first offset that is there
     * @param lagMs the age of the oldest record that it has not read; empty where that is not known
     * @param retentionMs how long records are kept; -1 for ever
     */
    public static Optional<Warning> check(
            Warning.Subject subject, long committed, long start, OptionalLong lagMs, long retentionMs) {
        if (committed >= 0 && committed < start) {
            return Optional.of(new Warning(
                    "retention-before-read",
                    Warning.Severity.CRITICAL,
                    subject,
                    "Group " + subject.group() + " has lost records of " + subject.topic(),
                    (start - committed) + " records of partition " + subject.partition()
                            + " that it had not read are not there any more.",
                    "Keep records longer (retention.ms, retention.bytes), or find out why the group does not read."));
        }
        if (retentionMs > 0 && lagMs.isPresent() && lagMs.getAsLong() > retentionMs * SOON) {
            return Optional.of(new Warning(
                    "retention-before-read",
                    Warning.Severity.CRITICAL,
                    subject,
                    "Retention is about to remove what group " + subject.group() + " has not read",
                    "The oldest record of partition " + subject.partition() + " of " + subject.topic()
                            + " that it has not read is " + lagMs.getAsLong() / MS_PER_MINUTE
                            + " minutes old; records are kept for " + retentionMs / MS_PER_MINUTE + " minutes.",
                    "Raise retention.ms now, then see to the group."));
        }
        return Optional.empty();
    }
}
