package io.milena.console;

import io.milena.broker.metrics.BrokerMetrics;
import io.milena.broker.metrics.Metric;
import io.milena.broker.metrics.MetricSink;
import io.milena.console.charts.Charts;
import io.milena.console.charts.Charts.Line;
import io.milena.runtime.Clock;
import io.milena.runtime.DurationHistogram;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads what the broker measures every ten seconds, and keeps of it what charts show. One turn at a time. */
final class Sampler {
    private static final System.Logger LOG = System.getLogger(Sampler.class.getName());
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String TRAFFIC = "kafka_server_brokertopicmetrics_";
    private static final Map<String, String> TOPIC_RATES = Map.of(
            TRAFFIC + "bytesin_total", "bytes-in",
            TRAFFIC + "bytesout_total", "bytes-out",
            TRAFFIC + "messagesin_total", "records-in");
    private static final Map<String, String> LATENCIES =
            Map.of("Produce", "produce-latency-p99", "Fetch", "fetch-latency-p99");

    private final Supplier<@Nullable BrokerMetrics> metrics;
    private final Clock clock;
    private final Charts charts = new Charts();
    private final Traffic traffic;
    private final ReentrantLock turn = new ReentrantLock();
    private Map<Line, Double> countersBefore = Map.of();
    private Map<String, long[]> durationsBefore = Map.of();
    private Map<Traffic.Place, Traffic.Look> partitionsBefore = Map.of();
    private long beforeNanos;

    Sampler(Supplier<@Nullable BrokerMetrics> metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
        this.traffic = new Traffic(clock);
    }

    Charts charts() {
        return charts;
    }

    Traffic traffic() {
        return traffic;
    }

    /** Goes on until the thread is interrupted. */
    void run() {
        try {
            while (true) {
                sample();
                clock.sleepMs(Charts.FINE_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes one sample now. */
    void sample() {
        BrokerMetrics measured = metrics.get();
        if (measured == null) {
            return;
        }
        turn.lock();
        try {
            Sample sample = new Sample();
            measured.read(sample);
            keep(sample);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "A sample for the charts could not be taken", e); // the next may be
        } finally {
            turn.unlock();
        }
    }

    private void keep(Sample sample) {
        long nowMs = clock.millis();
        long nowNanos = clock.nanos();
        double seconds = (nowNanos - beforeNanos) / NANOS_PER_SECOND;
        if (!countersBefore.isEmpty() && seconds > 0) {
            sample.counters.forEach((line, value) -> {
                Double before = countersBefore.get(line);
                if (before != null) {
                    charts.put(nowMs, line, Math.max(0, value - before) / seconds);
                }
            });
        }
        sample.durations.forEach((request, counts) -> {
            long[] before = durationsBefore.getOrDefault(request, new long[counts.length]);
            double ms = sample.p99Ms(counts, before);
            if (!Double.isNaN(ms)) {
                charts.put(nowMs, new Line(LATENCIES.getOrDefault(request, request), Map.of()), ms);
            }
        });
        sample.gauges.forEach((line, value) -> charts.put(nowMs, line, value));
        Map<Traffic.Place, Traffic.Look> partitions = sample.partitions(nowNanos);
        partitions.forEach((place, look) -> {
            Traffic.Look before = partitionsBefore.get(place);
            if (before != null && seconds > 0) {
                Map<String, String> labels =
                        Map.of("topic", place.topic(), "partition", Integer.toString(place.partition()));
                charts.put(
                        nowMs,
                        new Line("partition-records-in", labels),
                        Math.max(0, look.end() - before.end()) / seconds);
            }
        });
        traffic.note(partitions);
        partitionsBefore = partitions;
        charts.forgetBefore(nowMs);
        countersBefore = sample.counters;
        durationsBefore = sample.durations;
        beforeNanos = nowNanos;
    }

    /** What is measured at one moment, added up as charts show it. */
    private static final class Sample implements MetricSink {
        private final Map<Line, Double> counters = new HashMap<>();
        private final Map<Line, Double> gauges = new HashMap<>();
        private final Map<String, long[]> durations = new HashMap<>();
        private final Map<Traffic.Place, Long> ends = new HashMap<>();
        private final Map<Traffic.Place, Long> sizes = new HashMap<>();
        private DurationHistogram.@Nullable Snapshot anyDurations;

        @Override
        public void value(Metric metric, double value, String... labels) {
            String rate = TOPIC_RATES.get(metric.name());
            if (rate != null) {
                counters.merge(new Line(rate, Map.of()), value, Double::sum);
                counters.merge(new Line(rate, Map.of("topic", labels[0])), value, Double::sum);
                return;
            }
            switch (metric.name()) {
                case "kafka_network_requestmetrics_requests_total" ->
                    counters.merge(new Line("requests", Map.of()), value, Double::sum);
                case "kafka_server_socket_server_metrics_connection_count" ->
                    gauges.merge(new Line("connections", Map.of()), value, Double::sum);
                case "milena_disk_total_bytes" -> gauges.merge(new Line("disk-used", Map.of()), value, Double::sum);
                case "milena_disk_usable_bytes" -> gauges.merge(new Line("disk-used", Map.of()), -value, Double::sum);
                case "kafka_log_log_size" -> sizes.put(place(labels), (long) value);
                case "kafka_log_log_logendoffset" -> ends.put(place(labels), (long) value);
                case "kafka_consumergroup_lag" -> lag("lag", value, labels, Double::sum);
                case "kafka_consumergroup_lag_seconds" -> lag("lag-seconds", value, labels, Math::max);
                default -> {
                    // not in a chart
                }
            }
        }

        private static Traffic.Place place(String[] labels) {
            return new Traffic.Place(labels[0], Integer.parseInt(labels[1]));
        }

        /** What was seen of each. */
        private Map<Traffic.Place, Traffic.Look> partitions(long nanos) {
            Map<Traffic.Place, Traffic.Look> partitions = new HashMap<>();
            ends.forEach(
                    (place, end) -> partitions.put(place, new Traffic.Look(nanos, end, sizes.getOrDefault(place, 0L))));
            return partitions;
        }

        private void lag(String name, double value, String[] labels, BinaryOperator<Double> together) {
            gauges.merge(new Line(name, Map.of("group", labels[0])), value, together);
            gauges.merge(new Line(name, Map.of("group", labels[0], "topic", labels[1])), value, together);
        }

        @Override
        public void durations(Metric metric, DurationHistogram.Snapshot snapshot, String... labels) {
            if (metric.name().equals("milena_request_duration_seconds") && LATENCIES.containsKey(labels[0])) {
                long[] counts = new long[snapshot.steps()];
                for (int step = 0; step < counts.length; step++) {
                    counts[step] = snapshot.count(step);
                }
                durations.put(labels[0], counts);
                anyDurations = snapshot;
            }
        }

        /** The bound of the step in which the 99th of a hundred lies; NaN where there was none since. */
        private double p99Ms(long[] counts, long[] before) {
            long total = 0;
            for (int step = 0; step < counts.length; step++) {
                total += counts[step] - before[step];
            }
            if (total <= 0 || anyDurations == null) {
                return Double.NaN;
            }
            long wanted = Math.ceilDiv(total * 99, 100);
            int step = -1;
            for (long seen = 0; seen < wanted; ) {
                step++;
                seen += counts[step] - before[step];
            }
            boolean isBounded = step < counts.length - 1;
            return anyDurations.boundNanos(isBounded ? step : step - 1) / 1e6;
        }
    }
}
