package io.milena.runtime;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Parks virtual threads that wait long and are mostly woken before their time: for a disk, with the patience of a client. The JDK has one thread for all timed parks, which is woken for every one that begins and
 * every one that ends early; where thousands a second do, that is a quarter of the processor. Here a keeper sleeps until the earliest time that it has seen. Who begins to wait for a later one
 * disturbs nobody, and the keeper finds at that moment who has left meanwhile.
 *
 * <p>Safe for use by many threads.
 */
final class Alarms {
    /** The keeper looks at all that wait whenever one's time has come, so what is short is left to the JDK. */
    static final long NANOS_MIN = 100_000_000;

    private final Map<Thread, Long> times = new ConcurrentHashMap<>();
    private final Thread keeper;

    /** When the keeper wakes by itself; null while it looks. Registered first and read then, by who waits; the other way round by the keeper: so nobody is missed. */
    private volatile @Nullable Long next;

    Alarms() {
        keeper = Thread.ofVirtual()
                .name("alarms")
                .inheritInheritableThreadLocals(false)
                .start(this::keep);
    }

    /** How many threads are parked. */
    int waiting() {
        return times.size();
    }

    /** As {@link LockSupport#parkNanos(long)}, until {@link System#nanoTime()} reaches a time. */
    void parkUntil(long timeNanos) {
        Thread self = Thread.currentThread();
        times.put(self, timeNanos);
        try {
            Long wakes = next;
            if (wakes == null || timeNanos - wakes < 0) {
                LockSupport.unpark(keeper);
            }
            LockSupport.park(this);
        } finally {
            times.remove(self);
        }
    }

    private void keep() {
        while (true) {
            next = null;
            Long earliest = wakeThoseDue();
            if (earliest == null) {
                next = System.nanoTime() + Long.MAX_VALUE / 2; // centuries
                LockSupport.park(this);
            } else {
                next = earliest;
                LockSupport.parkNanos(this, earliest - System.nanoTime());
            }
        }
    }

    /** Answers when to look again; null if nobody waits. */
    private @Nullable Long wakeThoseDue() {
        long now = System.nanoTime();
        Long earliest = null;
        for (Long time : times.values()) {
            if (earliest == null || time - earliest < 0) {
                earliest = time;
            }
        }
        if (earliest == null || earliest - now > 0) {
            return earliest;
        }
        // Each with its time, since it may be here again by then with another.
        times.entrySet().removeIf(parked -> parked.getValue() - now <= 0 && isWoken(parked.getKey()));
        return now;
    }

    private static boolean isWoken(Thread thread) {
        LockSupport.unpark(thread);
        return true;
    }
}
