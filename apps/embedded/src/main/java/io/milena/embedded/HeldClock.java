package io.milena.embedded;

import io.milena.runtime.Clock;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.StampedLock;

/**
 * A clock that runs as the machine's does, or stands still, and can be moved forward in both cases. Wall-clock time and monotonic time move together: nothing that reads both sees a jump of one of them. Safe for use by many threads.
 */
final class HeldClock implements Clock {
    private static final long NANOS_PER_MS = 1_000_000;

    private final Clock machine = Clock.system();
    private final long originMs = machine.millis();
    private final long originNanos = machine.nanos();
    /** The threads that are parked, and until when; order does not matter, all that are due wake. */
    private final Map<Thread, Long> parked = new ConcurrentHashMap<>();

    /** All whose moments are before this one have been woken. */
    private volatile long wokenUntilNanos = originNanos;

    private final StampedLock lock = new StampedLock();
    /** What it showed when the machine's clock showed {@link #sinceNanos}; written with the lock, like the two that follow. */
    private long shownNanos = originNanos;

    private long sinceNanos = originNanos;
    private volatile boolean isRunning = true;

    @Override
    public long millis() {
        return originMs + (nanos() - originNanos) / NANOS_PER_MS;
    }

    /** Never parks, see {@link #parkUntil}. */
    @Override
    public long nanos() {
        while (true) {
            long stamp = lock.tryOptimisticRead();
            long nanos = shown();
            if (lock.validate(stamp)) {
                return nanos;
            }
            Thread.onSpinWait(); // for three assignments
        }
    }

    private long shown() {
        return isRunning ? shownNanos + (machine.nanos() - sinceNanos) : shownNanos;
    }

    /** It is listed before it reads the time: whoever moves that wakes it, or it has seen the move. */
    @Override
    public void parkUntil(long deadlineNanos) {
        Thread self = Thread.currentThread();
        parked.put(self, deadlineNanos);
        try {
            long remainingNanos = deadlineNanos - nanos();
            if (remainingNanos > 0) {
                if (isRunning) {
                    LockSupport.parkNanos(this, remainingNanos);
                } else {
                    LockSupport.park(this);
                }
            }
        } finally {
            parked.remove(self);
        }
    }

    void stop() {
        set(0, false);
    }

    void run() {
        set(0, true);
        parked.keySet().forEach(LockSupport::unpark); // they parked without a limit
    }

    /** Moves it forward. Whose moment has come is woken by {@link #wakeFirst}, or by what else it waits for. */
    void advance(long durationNanos) {
        set(durationNanos, isRunning);
    }

    /**
     * Wakes the threads whose moment came first, and those whose moment came within so long after it.
     *
     * @return whether there are any
     */
    boolean wakeFirst(long withinNanos) {
        OptionalLong next = untilNextNanos();
        if (next.isEmpty() || next.getAsLong() > 0) {
            return false;
        }
        long untilNanos = nanos() + Math.min(0, next.getAsLong() + withinNanos);
        wokenUntilNanos = untilNanos;
        parked.forEach((thread, deadlineNanos) -> {
            if (untilNanos - deadlineNanos >= 0) {
                LockSupport.unpark(thread);
            }
        });
        return true;
    }

    private void set(long forwardNanos, boolean runs) {
        long stamp = lock.writeLock();
        try {
            shownNanos = shown() + forwardNanos;
            sinceNanos = machine.nanos();
            isRunning = runs;
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /** Whether there is a thread that was woken and has not gone on yet. */
    boolean hasWoken() {
        long untilNanos = wokenUntilNanos;
        return parked.values().stream().anyMatch(deadlineNanos -> untilNanos - deadlineNanos >= 0);
    }

    /** How long it is until the next moment for which a thread waits, in nanoseconds; empty if none does. */
    OptionalLong untilNextNanos() {
        long nowNanos = nanos();
        return parked.values().stream()
                .mapToLong(deadlineNanos -> deadlineNanos - nowNanos)
                .min();
    }
}
