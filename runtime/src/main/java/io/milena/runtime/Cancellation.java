package io.milena.runtime;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends the waiting of the threads that run under it, once and for all, and leaves everything else they do alone.
 *
 * <p>This is how to stop a thread that also touches files. {@link Thread#interrupt()} closes the {@code FileChannel} that the thread happens to use at that moment, or uses
 * next, and a segment's channel belongs to everyone: one client that leaves could stop a partition. A cancellation is seen only where a {@link Signal} or the {@link Clock}
 * makes the thread wait; there it becomes an {@code InterruptedException}, each time.
 */
public final class Cancellation {
    private static final ScopedValue<Cancellation> CURRENT = ScopedValue.newInstance();

    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    private volatile boolean isRequested;

    /** Runs {@code body} on the calling thread, so that {@link #request()} ends its waits. */
    public void run(Runnable body) {
        Thread self = Thread.currentThread();
        threads.add(self);
        try {
            ScopedValue.where(CURRENT, this).run(body);
        } finally {
            threads.remove(self);
        }
    }

    /** Ends the waits of all threads that run under this, now and later. Safe to call more than once and by any thread. */
    public void request() {
        isRequested = true;
        threads.forEach(LockSupport::unpark);
    }

    /** Whether the calling thread must not wait (any longer): it is interrupted, which this clears, or cancelled, which stays. */
    static boolean endsWaiting() {
        return Thread.interrupted() || (CURRENT.isBound() && CURRENT.get().isRequested);
    }
}
