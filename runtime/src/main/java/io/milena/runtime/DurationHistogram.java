package io.milena.runtime;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;

/** How long something took, counted in fixed steps. Safe for use by many threads; counting neither waits nor allocates. */
public final class DurationHistogram {
    /** The upper bounds of the steps, in nanoseconds, ascending; what is longer than the last belongs to a step of its own. */
    private static final long[] BOUNDS = {
        micros(100),
        micros(250),
        micros(500),
        micros(1_000),
        micros(2_500),
        micros(5_000),
        micros(10_000),
        micros(25_000),
        micros(50_000),
        micros(100_000),
        micros(250_000),
        micros(500_000),
        micros(1_000_000),
        micros(2_500_000),
        micros(5_000_000),
        micros(10_000_000)
    };

    private final LongAdder[] counts = new LongAdder[BOUNDS.length + 1];
    private final LongAdder nanos = new LongAdder();

    public DurationHistogram() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    private static long micros(long count) {
        return TimeUnit.MICROSECONDS.toNanos(count);
    }

    /** The upper bound of a step; of the last, {@link Long#MAX_VALUE}. */
    public static long boundNanos(int step) {
        return step < BOUNDS.length ? BOUNDS[step] : Long.MAX_VALUE;
    }

    /** What was counted; exact once the counting threads rest. Immutable. */
    public static final class Snapshot {
        private final long[] counts;
        private final long sumNanos;

        private Snapshot(long[] counts, long sumNanos) {
            this.counts = counts;
            this.sumNanos = sumNanos;
        }

        public int steps() {
            return counts.length;
        }

        /** The upper bound of a step; of the last, {@link Long#MAX_VALUE}. */
        public long boundNanos(int step) {
            return DurationHistogram.boundNanos(step);
        }

        /** How many durations fall into this step alone. */
        public long count(int step) {
            return counts[step];
        }

        public long count() {
            return LongStream.of(counts).sum();
        }

        public long sumNanos() {
            return sumNanos;
        }
    }

    /** Counts a duration; one below zero, from a clock that was set back, is none. */
    public void add(long durationNanos) {
        int step = 0;
        while (step < BOUNDS.length && durationNanos > BOUNDS[step]) {
            step++;
        }
        counts[step].increment();
        nanos.add(Math.max(0, durationNanos));
    }

    public Snapshot snapshot() {
        long[] each = new long[counts.length];
        for (int i = 0; i < each.length; i++) {
            each[i] = counts[i].sum();
        }
        return new Snapshot(each, nanos.sum());
    }
}
