package io.milena.testkit;

import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Faults at seeded rates, and latency that passes on a clock. Rates may be changed at any time, for example to zero so that a system under test
 * can heal.
 */
public final class SeededDiskFaults implements DiskFaults {
    private final RandomGenerator random;
    private final Clock clock;
    /** Probability of failure, 0 to 1. */
    private final Map<DiskOperation, Double> rates = new EnumMap<>(DiskOperation.class);
    /** Upper bound of the latency, in nanoseconds. */
    private final Map<DiskOperation, Long> latencies = new EnumMap<>(DiskOperation.class);

    private final AtomicInteger errors = new AtomicInteger();
    private final AtomicInteger delays = new AtomicInteger();

    public SeededDiskFaults(RandomGenerator random, Clock clock) {
        this.random = random;
        this.clock = clock;
    }

    /** Lets {@code operation} fail with probability {@code rate}. */
    public SeededDiskFaults rate(DiskOperation operation, double rate) {
        rates.put(operation, rate);
        return this;
    }

    /** Lets {@code operation} take up to {@code maxNanos} of the clock's time. */
    public SeededDiskFaults latency(DiskOperation operation, long maxNanos) {
        latencies.put(operation, maxNanos);
        return this;
    }

    /** From now on nothing fails and nothing is slow. */
    public void heal() {
        rates.clear();
        latencies.clear();
    }

    /** How many operations have failed. */
    public int errors() {
        return errors.get();
    }

    /** How many operations were slow. */
    public int delays() {
        return delays.get();
    }

    @Override
    public void before(DiskOperation operation, Path path) throws IOException {
        long maxNanos = latencies.getOrDefault(operation, 0L);
        if (maxNanos > 0) {
            delays.incrementAndGet();
            waitOut(Deadline.afterNanos(clock, random.nextLong(maxNanos)));
        }
        double rate = rates.getOrDefault(operation, 0.0);
        if (rate > 0 && random.nextDouble() < rate) {
            errors.incrementAndGet();
            throw DiskFaults.inputOutputError(path);
        }
    }

    /** A disk does not notice that its caller is interrupted, so the interruption is kept for later. */
    private static void waitOut(Deadline deadline) {
        boolean wasInterrupted = false;
        while (!deadline.isPast()) {
            deadline.park();
            wasInterrupted |= Thread.interrupted();
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
