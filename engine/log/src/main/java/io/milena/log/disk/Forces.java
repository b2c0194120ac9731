package io.milena.log.disk;

import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How many forces of a data directory are under way, for those who can wait until the disk is free. Safe for use by many threads. */
public final class Forces {
    private final AtomicLong begun = new AtomicLong();
    private final AtomicInteger underWay = new AtomicInteger();
    private final Signal ended = new Signal();
    private final ForceStatistics statistics = new ForceStatistics();

    public ForceStatistics statistics() {
        return statistics;
    }

    public void during(Runnable force) {
        begun.incrementAndGet();
        underWay.incrementAndGet();
        try {
            force.run();
        } finally {
            if (underWay.decrementAndGet() == 0) {
                ended.raise();
            }
        }
    }

    /** How many have begun until now. */
    long begun() {
        return begun.get();
    }

    /** Returns when none is under way, or at the deadline. */
    void awaitNone(Deadline deadline) throws InterruptedException {
        ended.await(() -> underWay.get() == 0, deadline);
    }
}
