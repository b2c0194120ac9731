package io.milena.console;

import io.milena.console.charts.Charts;
import io.milena.console.charts.Charts.Line;
import io.milena.protocol.message.DescribeMeasurementsResponse;
import io.milena.runtime.Clock;
import io.milena.runtime.DurationHistogram;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;

/**
 * Asks every broker of the cluster what it measures, every ten seconds, and keeps of it what charts show: sums over all that answer. One turn at a time.
 *
 * <p>What grows is compared with what the same broker said before, so that one that comes or goes is neither a leap nor a fall.
 */
final class Sampler {
    private static final System.Logger LOG = System.getLogger(Sampler.class.getName());
    private static final double NANOS_PER_SECOND = 1e9;

    private final Cluster cluster;
    private final Clock clock;
    private final Charts charts = new Charts();
    private final Traffic traffic = new Traffic();
    private final Lags lags = new Lags();
    private final ReentrantLock turn = new ReentrantLock();
    /** By broker. */
    private Map<Integer, Measured> before = Map.of();

    Sampler(Cluster cluster, Clock clock) {
        this.cluster = cluster;
        this.clock = clock;
    }

    /** That of the brokers: what is measured has its times. */
    Clock clock() {
        return clock;
    }

    Charts charts() {
        return charts;
    }

    Traffic traffic() {
        return traffic;
    }

    Lags lags() {
        return lags;
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
        turn.lock();
        try {
            Map<Integer, Measured> now = new TreeMap<>();
            for (int broker : cluster.brokers()) {
                measure(broker, now);
            }
            keep(now);
        } catch (BadRequest e) {
            LOG.log(Level.DEBUG, "No sample for the charts: {0}", e.detail()); // the broker starts or stops
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "A sample for the charts could not be taken", e); // the next may be
        } finally {
            turn.unlock();
        }
    }

    private void measure(int broker, Map<Integer, Measured> now) {
        try {
            DescribeMeasurementsResponse response =
                    cluster.ask(broker, Measured.QUESTION, DescribeMeasurementsResponse.class);
            Cluster.check(response.errorCode(), response.errorMessage());
            now.put(broker, new Measured(clock.nanos(), response));
        } catch (BadRequest e) {
            LOG.log(Level.DEBUG, "The charts go on without broker {0}: {1}", broker, e.detail());
        }
    }

    private void keep(Map<Integer, Measured> now) {
        long nowMs = clock.millis();
        Map<Line, Double> values = new HashMap<>();
        Map<Line, long[]> durations = new HashMap<>();
        Map<Traffic.Place, Traffic.Rate> rates = new HashMap<>();
        now.forEach((broker, measured) -> {
            measured.gauges().forEach((line, value) -> values.merge(line, value, Measured.together(line)));
            Measured earlier = before.get(broker);
            double seconds = earlier == null ? 0 : (measured.nanos() - earlier.nanos()) / NANOS_PER_SECOND;
            if (earlier != null && seconds > 0) {
                measured.grownSince(earlier).forEach((line, more) -> values.merge(line, more / seconds, Double::sum));
                addDurations(earlier, measured, durations);
                addPartitions(earlier, measured, seconds, rates);
            }
        });
        values.forEach((line, value) -> charts.put(nowMs, line, value));
        durations.forEach((line, counts) -> {
            double ms = p99Ms(counts);
            if (!Double.isNaN(ms)) {
                charts.put(nowMs, line, ms);
            }
        });
        rates.forEach((place, rate) -> charts.put(
                nowMs,
                new Line(
                        "partition-records-in",
                        Map.of("topic", place.topic(), "partition", Integer.toString(place.partition()))),
                rate.records()));
        traffic.note(rates);
        lags.note(values);
        charts.forgetBefore(nowMs);
        before = now;
    }

    private static void addDurations(Measured earlier, Measured measured, Map<Line, long[]> durations) {
        measured.durations().forEach((line, counts) -> {
            long[] was = earlier.durations().getOrDefault(line, new long[counts.length]);
            boolean isNew = LongStream.of(counts).sum() < LongStream.of(was).sum();
            long[] all = durations.computeIfAbsent(line, name -> new long[counts.length]);
            for (int step = 0; step < counts.length; step++) {
                all[step] += isNew ? counts[step] : counts[step] - was[step];
            }
        });
    }

    /** The replica that has got most records tells how many the partition gets. */
    private static void addPartitions(
            Measured earlier, Measured measured, double seconds, Map<Traffic.Place, Traffic.Rate> rates) {
        measured.partitions().forEach((place, is) -> {
            Measured.Partition was = earlier.partitions().get(place);
            if (was != null) {
                rates.merge(
                        place,
                        new Traffic.Rate(
                                Math.max(0, is.end() - was.end()) / seconds,
                                Measured.grown(was.bytesIn(), is.bytesIn()) / seconds,
                                Measured.grown(was.bytesOut(), is.bytesOut()) / seconds),
                        (one, other) -> new Traffic.Rate(
                                Math.max(one.records(), other.records()),
                                one.bytesIn() + other.bytesIn(),
                                one.bytesOut() + other.bytesOut()));
            }
        });
    }

    /** The bound of the step in which the 99th of a hundred lies; NaN where there was none. */
    private static double p99Ms(long[] counts) {
        long total = LongStream.of(counts).sum();
        if (total <= 0) {
            return Double.NaN;
        }
        long wanted = Math.ceilDiv(total * 99, 100);
        int step = -1;
        for (long seen = 0; seen < wanted; ) {
            step++;
            seen += counts[step];
        }
        boolean isBounded = step < counts.length - 1;
        return DurationHistogram.boundNanos(isBounded ? step : step - 1) / 1e6;
    }
}
