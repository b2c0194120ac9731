package io.milena.console;

import io.milena.broker.metrics.Metric;
import io.milena.broker.metrics.MetricSink;
import io.milena.runtime.DurationHistogram;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gathers the values of one scrape. For one thread. */
final class PrometheusSink implements MetricSink {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Map<Metric, CounterSnapshot.Builder> counters = new LinkedHashMap<>();
    private final Map<Metric, GaugeSnapshot.Builder> gauges = new LinkedHashMap<>();
    private final Map<Metric, HistogramSnapshot.Builder> histograms = new LinkedHashMap<>();

    @Override
    public void value(Metric metric, double value, String... labels) {
        if (metric.kind() == Metric.Kind.COUNTER) {
            counters.computeIfAbsent(metric, PrometheusSink::counter)
                    .dataPoint(CounterDataPointSnapshot.builder()
                            .value(value)
                            .labels(labels(metric, labels))
                            .build());
        } else {
            gauges.computeIfAbsent(metric, PrometheusSink::gauge)
                    .dataPoint(GaugeDataPointSnapshot.builder()
                            .value(value)
                            .labels(labels(metric, labels))
                            .build());
        }
    }

    @Override
    public void durations(Metric metric, DurationHistogram.Snapshot durations, String... labels) {
        double[] bounds = new double[durations.steps()];
        long[] counts = new long[bounds.length];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = i < bounds.length - 1 ? durations.boundNanos(i) / NANOS_PER_SECOND : Double.POSITIVE_INFINITY;
            counts[i] = durations.count(i);
        }
        histograms
                .computeIfAbsent(metric, PrometheusSink::histogram)
                .dataPoint(HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counts))
                        .sum(durations.sumNanos() / NANOS_PER_SECOND)
                        .labels(labels(metric, labels))
                        .build());
    }

    private static CounterSnapshot.Builder counter(Metric metric) {
        return CounterSnapshot.builder()
                .name(metric.name().substring(0, metric.name().length() - "_total".length()))
                .help(metric.help());
    }

    private static GaugeSnapshot.Builder gauge(Metric metric) {
        return GaugeSnapshot.builder().name(metric.name()).help(metric.help());
    }

    private static HistogramSnapshot.Builder histogram(Metric metric) {
        return HistogramSnapshot.builder().name(metric.name()).help(metric.help());
    }

    private static Labels labels(Metric metric, String[] values) {
        return Labels.of(metric.labels().toArray(String[]::new), values);
    }

    /** All that was gathered, and {@code others}. */
    MetricSnapshots with(MetricSnapshots others) {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        counters.values().forEach(each -> all.metricSnapshot(each.build()));
        gauges.values().forEach(each -> all.metricSnapshot(each.build()));
        histograms.values().forEach(each -> all.metricSnapshot(each.build()));
        for (MetricSnapshot each : others) {
            all.metricSnapshot(each);
        }
        return all.build();
    }
}
