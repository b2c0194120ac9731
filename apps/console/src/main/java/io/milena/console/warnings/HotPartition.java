package io.milena.console.warnings;

import java.util.Map;
import java.util.Optional;

/** A partition that gets far more than its share of what is written to its topic. */
public final class HotPartition {
    private static final double RECORDS_PER_SECOND_MIN = 10;
    private static final double TIMES_MIN = 3;
    private static final int PARTITIONS_MIN = 2;

    private HotPartition() {}

    /**
     * Of the hottest.
     *
     * @param rates records a second of each partition; those without any may be left out
     * @param partitions of the topic
     */
    public static Optional<Warning> check(String topic, Map<Integer, Double> rates, int partitions) {
        double all = rates.values().stream().mapToDouble(Double::doubleValue).sum();
        Optional<Map.Entry<Integer, Double>> hottest = rates.entrySet().stream().max(Map.Entry.comparingByValue());
        if (partitions < PARTITIONS_MIN || all < RECORDS_PER_SECOND_MIN || hottest.isEmpty()) {
            return Optional.empty();
        }
        double others = (all - hottest.get().getValue()) / (partitions - 1);
        return hottest.get().getValue() > others * TIMES_MIN
                ? Optional.of(new Warning(
                        "hot-partition",
                        Warning.Severity.WARNING,
                        Warning.Subject.partition(topic, hottest.get().getKey()),
                        "Partition " + hottest.get().getKey() + " of " + topic + " has most of the work",
                        "It gets " + Math.round(100 * hottest.get().getValue() / all) + " % of the records of "
                                + partitions + " partitions.",
                        "Look for a key that most records have; a finer key spreads them."))
                : Optional.empty();
    }
}
