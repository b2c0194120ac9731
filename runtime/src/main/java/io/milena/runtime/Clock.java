package io.milena.runtime;

import java.util.concurrent.locks.LockSupport;

/**
 * Time, and the only way to let it pass. One clock belongs to one {@link Environment}; every thread may use it.
 */
public interface Clock {
    /** Wall-clock time in milliseconds since the Unix epoch; may jump in both directions. */
    long millis();

    /** Monotonic time in nanoseconds from an arbitrary origin; only differences mean anything. */
    long nanos();

    /**
     * Parks the calling thread until it is unparked or interrupted, until {@link #nanos()} reaches {@code deadlineNanos}, or for no reason at
     * all: callers check their condition in a loop. {@link Signal} is the convenient form. Parks for nothing else before, such as a lock: that could take the wake-up that is meant for the caller.
     */
    void parkUntil(long deadlineNanos);

    /** Leaves the processor to others for about {@code durationNanos}; for a moment only where time does not pass by itself. */
    @SuppressWarnings("ThreadPriorityCheck") // all goes on without
    default void giveWay(long durationNanos) {
        Thread.yield();
    }

    /** Sleeps for {@code durationMs} milliseconds; a negative duration is none. */
    default void sleepMs(long durationMs) throws InterruptedException {
        Deadline deadline = Deadline.afterMs(this, durationMs);
        while (!deadline.isPast()) {
            if (Cancellation.endsWaiting()) {
                throw new InterruptedException();
            }
            deadline.park();
        }
    }

    /** The machine's own clock. */
    static Clock system() {
        return SystemClock.INSTANCE;
    }

    /** Reads the machine's time and parks on the machine's timers. */
    enum SystemClock implements Clock {
        INSTANCE;

        /** Made when the first thread waits long. */
        private static final class LongWaits {
            private static final Alarms ALARMS = new Alarms();
        }

        @Override
        public long millis() {
            return System.currentTimeMillis();
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void giveWay(long durationNanos) {
            LockSupport.parkNanos(this, durationNanos);
        }

        @Override
        public void parkUntil(long deadlineNanos) {
            long remainingNanos = deadlineNanos - System.nanoTime();
            if (remainingNanos >= Alarms.NANOS_MIN && Thread.currentThread().isVirtual()) {
                LongWaits.ALARMS.parkUntil(deadlineNanos);
            } else if (remainingNanos > 0) {
                LockSupport.parkNanos(this, remainingNanos);
            }
        }
    }
}
