package io.milena.console.warnings;

import java.util.List;
import java.util.Optional;

/** A group that falls behind: its lag is larger at the end of some minutes than at their begin, and grew in most of them. */
public final class GrowingLag {
    /** Fewer do not tell whether it is a trend. */
    private static final int POINTS_MIN = 6;

    private static final double RECORDS_MIN = 100;
    private static final double GROWTH_MIN = 1.2;
    private static final double STEPS_UP_MIN = 0.6;

    private GrowingLag() {}

    /** @param lag at equal distances, the oldest first */
    public static Optional<Warning> check(String group, String topic, List<Double> lag) {
        if (lag.size() < POINTS_MIN) {
            return Optional.empty();
        }
        double first = lag.getFirst();
        double last = lag.getLast();
        int up = 0;
        for (int i = 1; i < lag.size(); i++) {
            if (lag.get(i) > lag.get(i - 1)) {
                up++;
            }
        }
        boolean isGrowing = last >= RECORDS_MIN && last >= first * GROWTH_MIN && up >= (lag.size() - 1) * STEPS_UP_MIN;
        return isGrowing
                ? Optional.of(new Warning(
                        "growing-lag",
                        Warning.Severity.WARNING,
                        Warning.Subject.group(group, topic),
                        "Group " + group + " falls behind",
                        "Its lag in " + topic + " has grown from " + Math.round(first) + " to " + Math.round(last)
                                + " records.",
                        "Look whether its consumers work and how long they take for a record; more of them help as"
                                + " long as there are more partitions than consumers."))
                : Optional.empty();
    }
}
