package io.milena.runtime;

import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * "Something changed, look again": the one way in which a thread waits for a condition with a deadline.
 *
 * <p>Whoever changes the state that the condition reads calls {@link #raise()} <em>after</em> the change; a waiter enrols before it evaluates its
 * condition, so no change is missed. Raising costs one read when nobody waits. Conditions are evaluated by the waiting threads and must be
 * cheap and free of side effects. They may take a lock: a thread that has to wait for it may use up the wake-up that a change gives it, but not the note that there was one.
 *
 * <p>Where the condition is that something has reached a level, such as an offset, a waiter may say which: {@link #reach} leaves alone whoever waits for a higher one. A thousand may wait for the
 * same log then, and only those that it is about are woken.
 */
public final class Signal {
    private static final long NO_LEVEL = Long.MIN_VALUE;

    private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();

    /** A thread that waits. */
    private static final class Waiter {
        private final Thread thread = Thread.currentThread();
        /** Below it there is no need to look. */
        private final long level;
        /** Whether something has changed since it began to look. */
        private volatile boolean isRaised;

        Waiter(long level) {
            this.level = level;
        }

        void raise() {
            isRaised = true;
            LockSupport.unpark(thread);
        }

        boolean sees(BooleanSupplier condition) {
            isRaised = false;
            return condition.getAsBoolean();
        }
    }

    /** Makes every waiting thread evaluate its condition again. */
    public void raise() {
        reach(Long.MAX_VALUE);
    }

    /** Makes every waiting thread evaluate its condition again but those that wait for a higher level. */
    public void reach(long level) {
        for (Waiter waiter : waiters) {
            if (waiter.level <= level) {
                waiter.raise();
            }
        }
    }

    /** Whether some thread waits right now; a thread may enrol or leave at any time. */
    public boolean hasWaiters() {
        return !waiters.isEmpty();
    }

    /**
     * Waits until {@code condition} holds or {@code deadline} is past.
     *
     * @return whether the condition held
     * @throws InterruptedException when the waiting thread is interrupted or runs under a {@link Cancellation} that was requested
     */
    public boolean await(BooleanSupplier condition, Deadline deadline) throws InterruptedException {
        return awaitAny(List.of(this), condition, deadline);
    }

    /** As {@link #await}, for what cannot have come to hold where less than this level is {@link #reach reached}. */
    public boolean awaitLevel(long level, BooleanSupplier condition, Deadline deadline) throws InterruptedException {
        return awaitAny(List.of(this), level, condition, deadline);
    }

    /** As {@link #await}, woken by any of {@code signals}. */
    public static boolean awaitAny(Collection<Signal> signals, BooleanSupplier condition, Deadline deadline)
            throws InterruptedException {
        return awaitAny(signals, NO_LEVEL, condition, deadline);
    }

    private static boolean awaitAny(
            Collection<Signal> signals, long level, BooleanSupplier condition, Deadline deadline)
            throws InterruptedException {
        if (condition.getAsBoolean()) {
            return true;
        }
        Waiter self = new Waiter(level);
        signals.forEach(signal -> signal.waiters.add(self));
        try {
            while (!self.sees(condition)) {
                if (deadline.isPast()) {
                    return false;
                }
                if (Cancellation.endsWaiting()) {
                    throw new InterruptedException();
                }
                if (!self.isRaised) {
                    deadline.park();
                }
            }
            return true;
        } finally {
            signals.forEach(signal -> signal.waiters.remove(self));
        }
    }
}
