package io.milena.log.disk;

import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How many forces of a data directory are under way, and whether there were some lately, for those who can wait until others have what they need. Safe for use by many threads. */
public final class Forces {
    /** So long after a force another one is expected. */
    static final long LATELY_MS = 1000;

    private static final long NANOS_PER_MS = 1_000_000;

    private final Clock clock;
    private final AtomicLong begun = new AtomicLong();
    private final AtomicInteger underWay = new AtomicInteger();
    private final Signal ended = new Signal();
    private final ForceStatistics statistics = new ForceStatistics();
    /** When one ended last. */
    private volatile long lastNanos;

    public Forces(Clock clock) {
        this.clock = clock;
        this.lastNanos = clock.nanos() - LATELY_MS * NANOS_PER_MS;
    }

    public ForceStatistics statistics() {
        return statistics;
    }

    public void during(Runnable force) {
        begun.incrementAndGet();
        underWay.incrementAndGet();
        try {
            force.run();
        } finally {
            lastNanos = clock.nanos();
            if (underWay.decrementAndGet() == 0) {
                ended.raise();
            }
        }
    }

    /** How many have begun until now. */
    long begun() {
        return begun.get();
    }

    /** Whether somebody forces or did so a moment ago, and will again, as far as anybody can tell. */
    boolean wereLately() {
        return underWay.get() > 0 || clock.nanos() - lastNanos < LATELY_MS * NANOS_PER_MS;
    }

    /** Whether none is under way or has ended so lately that those who waited for it may be on their way to a processor still. */
    boolean areCalm(long durationNanos) {
        return underWay.get() == 0 && clock.nanos() - lastNanos >= durationNanos;
    }

    /** Returns when none is under way, or at the deadline. */
    void awaitNone(Deadline deadline) throws InterruptedException {
        ended.await(() -> underWay.get() == 0, deadline);
    }
}
