package io.milena.console;

import io.milena.console.charts.Charts.Line;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How far each group is behind, as the {@link Sampler} has last seen it: a list of groups need not ask for each of them. Any thread may ask. */
final class Lags {
    private volatile Map<String, Lag> lags = Map.of();

    /**
     * Of a group.
     *
     * @param records of all partitions
     * @param seconds the age of the first record that it has not read, in its slowest partition
     * @param topics those of which it has committed offsets
     */
    record Lag(double records, double seconds, Set<String> topics) {}

    /** These are the lags from now on. */
    void note(Map<Line, Double> gauges) {
        Map<String, Set<String>> topics = new HashMap<>();
        gauges.keySet().forEach(line -> {
            String group = line.labels().get("group");
            String topic = line.labels().get("topic");
            if (line.name().equals("lag") && group != null && topic != null) {
                topics.computeIfAbsent(group, id -> new TreeSet<>()).add(topic);
            }
        });
        Map<String, Lag> seen = new HashMap<>();
        topics.forEach((group, read) -> {
            Map<String, String> labels = Map.of("group", group);
            seen.put(
                    group,
                    new Lag(
                            gauges.getOrDefault(new Line("lag", labels), 0.0),
                            gauges.getOrDefault(new Line("lag-seconds", labels), 0.0),
                            read));
        });
        lags = Map.copyOf(seen);
    }

    /** null for one that has not been seen with offsets. */
    @Nullable
    Lag of(String group) {
        return lags.get(group);
    }
}
