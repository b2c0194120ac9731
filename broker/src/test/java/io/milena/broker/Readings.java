package io.milena.broker;

import io.milena.broker.metrics.BrokerMetrics;
import io.milena.broker.metrics.Metric;
import io.milena.broker.metrics.MetricSink;
import io.milena.runtime.DurationHistogram;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a broker's metrics were at one time, by name and label values; of histograms, the count. */
final class Readings implements MetricSink {
    private final Map<String, Double> values = new TreeMap<>();

    private Readings() {}

    static Readings of(Broker broker) {
        Readings readings = new Readings();
        broker.metrics().read(readings);
        return readings;
    }

    @Override
    public void value(Metric metric, double value, String... labels) {
        put(metric, value, labels);
    }

    @Override
    public void durations(Metric metric, DurationHistogram.Snapshot durations, String... labels) {
        put(metric, (double) durations.count(), labels);
    }

    private void put(Metric metric, double value, String[] labels) {
        if (!BrokerMetrics.catalog().contains(metric) || metric.labels().size() != labels.length) {
            throw new AssertionError(metric + " is not in the catalog, or has other labels than " + List.of(labels));
        }
        if (values.put(key(metric.name(), labels), value) != null) {
            throw new AssertionError("two values for " + key(metric.name(), labels));
        }
    }

    private static String key(String name, String... labels) {
        return name + List.of(labels);
    }

    /** NaN where there is none. */
    double get(String name, String... labels) {
        return values.getOrDefault(key(name, labels), Double.NaN);
    }
}
