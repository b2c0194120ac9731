package io.milena.simulator.cluster;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How often each kind of fault has happened, in one story or in many. For one thread. */
public final class FaultCounts {
    private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);

    void add(Fault fault, long count) {
        counts.merge(fault, count, Long::sum);
    }

    public void add(FaultCounts others) {
        others.counts.forEach(this::add);
    }

    /** Those that have never happened. */
    public List<Fault> missing() {
        return Arrays.stream(Fault.values())
                .filter(fault -> counts.getOrDefault(fault, 0L) == 0)
                .toList();
    }

    @Override
    public String toString() {
        return Arrays.stream(Fault.values())
                .map(fault -> String.format(Locale.ROOT, "%,d %s", counts.getOrDefault(fault, 0L), fault.text()))
                .collect(Collectors.joining(", "));
    }
}
