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
 * cheap and free of side effects.
 */
public final class Signal {
    private final Queue<Thread> waiters = new ConcurrentLinkedQueue<>();

    /** Makes every waiting thread evaluate its condition again. */
    public void raise() {
        for (Thread waiter : waiters) {
            LockSupport.unpark(waiter);
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

    /** As {@link #await}, woken by any of {@code signals}. */
    public static boolean awaitAny(Collection<Signal> signals, BooleanSupplier condition, Deadline deadline)
            throws InterruptedException {
        if (condition.getAsBoolean()) {
            return true;
        }
        Thread self = Thread.currentThread();
        signals.forEach(signal -> signal.waiters.add(self));
        try {
            while (!condition.getAsBoolean()) {
                if (deadline.isPast()) {
                    return false;
                }
                if (Cancellation.endsWaiting()) {
                    throw new InterruptedException();
                }
                deadline.park();
            }
            return true;
        } finally {
            signals.forEach(signal -> signal.waiters.remove(self));
        }
    }
}
