package io.milena.testkit;

import io.milena.runtime.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A clock that stands still until a test moves it; threads parked on it wake when their deadline has come. Safe for several threads.
 * For tests of machines and of single classes; whole simulations use {@link VirtualClock}.
 */
public final class HandClock implements Clock {
    /** 2026-01-01T00:00:00Z, an arbitrary but readable start. */
    public static final long START_MS = 1_767_225_600_000L;

    private static final long NANOS_PER_MS = 1_000_000;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong offsetMs = new AtomicLong(START_MS);
    /** The threads that are parked, and until when; order does not matter, all that are due wake. */
    private final Map<Thread, Long> parked = new ConcurrentHashMap<>();

    /** Moves time forward and wakes every thread whose deadline has come. */
    public void advanceMs(long durationMs) {
        if (durationMs < 0) {
            throw new IllegalArgumentException("time does not run backwards; jumpMs moves the wall clock");
        }
        nanos.addAndGet(durationMs * NANOS_PER_MS);
        parked.forEach((thread, deadlineNanos) -> {
            if (nanos.get() - deadlineNanos >= 0) {
                LockSupport.unpark(thread);
            }
        });
    }

    /** Sets the wall clock, forwards or backwards, as an administrator may; monotonic time stays. */
    public void jumpMs(long differenceMs) {
        offsetMs.addAndGet(differenceMs);
    }

    /** How many threads wait on this clock. */
    public int parkedThreads() {
        return parked.size();
    }

    @Override
    public long millis() {
        return offsetMs.get() + nanos.get() / NANOS_PER_MS;
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public void parkUntil(long deadlineNanos) {
        Thread self = Thread.currentThread();
        parked.put(self, deadlineNanos);
        try {
            if (nanos.get() - deadlineNanos < 0) {
                LockSupport.park(this);
            }
        } finally {
            parked.remove(self);
        }
    }
}
