package io.milena.log.disk;

import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import java.util.concurrent.locks.ReentrantLock;

/** How fast compaction goes on the average, and whether it goes on at all. Safe for use by many threads, which share the pace. */
public final class Pace {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Clock clock;
    private final double bytesPerSecond;
    private final Signal signal = new Signal();
    private final ReentrantLock lock = new ReentrantLock();
    private long paidUntilNanos;
    private volatile boolean isStopped;

    public Pace(Clock clock, double bytesPerSecond) {
        this.clock = clock;
        this.bytesPerSecond = bytesPerSecond;
        this.paidUntilNanos = clock.nanos();
    }

    /** Waits until the bytes of the calls before are paid for with time, then counts these. */
    public void spend(long bytes) throws InterruptedException {
        long waitNanos = book(bytes);
        if (waitNanos > 0) {
            signal.await(() -> isStopped, Deadline.afterNanos(clock, waitNanos));
        }
        if (isStopped) {
            throw new InterruptedException("compaction is to stop");
        }
    }

    private long book(long bytes) {
        if (bytesPerSecond == Double.MAX_VALUE) {
            return 0;
        }
        lock.lock();
        try {
            long nowNanos = clock.nanos();
            long waitNanos = Math.max(0, paidUntilNanos - nowNanos);
            paidUntilNanos = nowNanos + waitNanos + (long) (bytes / bytesPerSecond * NANOS_PER_SECOND);
            return waitNanos;
        } finally {
            lock.unlock();
        }
    }

    /** Rests for a while; false when it is time to stop. */
    public boolean rest(long durationMs) throws InterruptedException {
        return !signal.await(() -> isStopped, Deadline.afterMs(clock, durationMs));
    }

    boolean isStopped() {
        return isStopped;
    }

    /** Everybody who spends or rests stops. */
    public void stop() {
        isStopped = true;
        signal.raise();
    }
}
