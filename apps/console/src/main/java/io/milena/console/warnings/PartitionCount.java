package io.milena.console.warnings;

import java.util.Locale;
import java.util.Optional;

/** How many partitions a topic has, against the rule of thumb: the larger of twice its consumers and a tenth of its MB a second. */
public final class PartitionCount {
    private static final double BYTES_PER_MB = 1e6;
    /** A topic that has more than so many times what the rule says has too many. */
    private static final int TIMES_MAX = 10;
    /** So many are never too many. */
    private static final int FREE = 24;

    private PartitionCount() {}

    /** What the rule says; at least 1. */
    static int wanted(int consumers, double bytesPerSecond) {
        return (int) Math.max(1, Math.max(2.0 * consumers, Math.ceil(bytesPerSecond / BYTES_PER_MB / 10)));
    }

    /**
     * Of a topic.
     *
     * @param consumers members of its largest group
     * @param bytesPerSecond the most that was measured
     */
    public static Optional<Warning> check(String topic, int partitions, int consumers, double bytesPerSecond) {
        int wanted = wanted(consumers, bytesPerSecond);
        String measured = "It has " + partitions + "; with " + consumers + " consumers and "
                + String.format(Locale.ROOT, "%.1f", bytesPerSecond / BYTES_PER_MB)
                + " MB/s the rule of thumb says " + wanted + ".";
        if (partitions < consumers || partitions < Math.ceil(bytesPerSecond / BYTES_PER_MB / 10)) {
            return Optional.of(new Warning(
                    "too-few-partitions",
                    Warning.Severity.WARNING,
                    Warning.Subject.topic(topic),
                    "Topic " + topic + " has too few partitions",
                    measured,
                    partitions < consumers
                            ? "Consumers beyond the number of partitions have nothing to do. Adding partitions moves"
                                    + " keys to others."
                            : "Add partitions; this moves keys to others."));
        }
        if (partitions > FREE && partitions > wanted * TIMES_MAX) {
            return Optional.of(new Warning(
                    "too-many-partitions",
                    Warning.Severity.WARNING,
                    Warning.Subject.topic(topic),
                    "Topic " + topic + " has many partitions",
                    measured,
                    "Each costs memory, files, and time when leaders are elected. A topic cannot be made smaller:"
                            + " think of it when the next is created."));
        }
        return Optional.empty();
    }
}
