package io.milena.benchmarks;

import java.util.Arrays;
import java.util.List;

/** Every single latency, in order of size. */
final class Latencies {
    private final long[] sortedNanos;

    private Latencies(long[] sortedNanos) {
        this.sortedNanos = sortedNanos;
    }

    /** @param nanos one for each record; negative for one that failed, which is refused */
    static Latencies of(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        if (sorted.length == 0 || sorted[0] < 0) {
            throw new IllegalStateException("records were not acknowledged");
        }
        return new Latencies(sorted);
    }

    static Latencies together(List<Latencies> several) {
        return of(several.stream()
                .flatMapToLong(each -> Arrays.stream(each.sortedNanos))
                .toArray());
    }

    /** Below it lies that share of all. */
    double millis(double share) {
        return sortedNanos[(int) Math.min(sortedNanos.length * share, sortedNanos.length - 1)] / 1e6;
    }
}
