package io.milena.broker.metrics;

import java.util.List;

/**
 * One thing that is measured.
 *
 * @param name as Prometheus sees it; that of a counter ends in {@code _total}
 * @param labels what tells its values apart, in the order in which they are given
 */
public record Metric(String name, Kind kind, String help, List<String> labels) {
    /** How values follow each other. */
    public enum Kind {
        /** Grows only, from zero at the start of the process. */
        COUNTER,
        /** Is what it is now. */
        GAUGE,
        /** Durations in seconds, counted by steps; grows only. */
        HISTOGRAM
    }

    static Metric counter(String name, String help, String... labels) {
        return new Metric(name, Kind.COUNTER, help, List.of(labels));
    }

    static Metric gauge(String name, String help, String... labels) {
        return new Metric(name, Kind.GAUGE, help, List.of(labels));
    }

    static Metric histogram(String name, String help, String... labels) {
        return new Metric(name, Kind.HISTOGRAM, help, List.of(labels));
    }
}
