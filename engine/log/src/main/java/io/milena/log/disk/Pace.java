package io.milena.log.disk;

import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;

/** How fast work on disks, compaction or moves, goes on the average, and whether it goes on at all. Safe for use by many threads, which share the pace. */
public final class Pace {
    private static final double NANOS_PER_SECOND = 1e9;
    /** Whoever waits asks again for the pace, which may be another one meanwhile. */
    private static final long WAIT_MAX_NANOS = 1_000_000_000L;

    private final Clock clock;
    private final DoubleSupplier bytesPerSecond;
    private final Signal signal = new Signal();
    private final ReentrantLock lock = new ReentrantLock();
    private double unpaidBytes;
    private long lastNanos;
    private volatile boolean isStopped;

    public Pace(Clock clock, double bytesPerSecond) {
        this(clock, () -> bytesPerSecond);
    }

    /** @param bytesPerSecond as it is at the moment */
    public Pace(Clock clock, DoubleSupplier bytesPerSecond) {
        this.clock = clock;
        this.bytesPerSecond = bytesPerSecond;
        this.lastNanos = clock.nanos();
    }

    /** Waits until the bytes of the calls before are paid for with time, then counts these. */
    public void spend(long bytes) throws InterruptedException {
        for (long waitNanos = book(bytes); waitNanos > 0 && !isStopped; waitNanos = book(bytes)) {
            signal.await(() -> isStopped, Deadline.afterNanos(clock, waitNanos));
        }
        if (isStopped) {
            throw new InterruptedException("it is to stop");
        }
    }

    /** How long to wait before one asks again; 0 if these are counted now. */
    private long book(long bytes) {
        double rate = bytesPerSecond.getAsDouble();
        lock.lock();
        try {
            long nowNanos = clock.nanos();
            unpaidBytes = rate == Double.MAX_VALUE
                    ? 0
                    : Math.max(0, unpaidBytes - (nowNanos - lastNanos) * (rate / NANOS_PER_SECOND));
            lastNanos = nowNanos;
            if (unpaidBytes < 1) {
                unpaidBytes += bytes;
                return 0;
            }
            return Math.max(1, Math.round(Math.min(unpaidBytes / rate * NANOS_PER_SECOND, WAIT_MAX_NANOS)));
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
