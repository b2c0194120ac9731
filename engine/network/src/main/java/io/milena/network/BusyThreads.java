package io.milena.network;

import io.milena.runtime.Threads;
import java.lang.System.Logger.Level;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Threads of the system for connections that are busy (docs/decisions/0045). A virtual thread that waits for its socket is woken by way of two others, the one that watches the sockets and its
 * carrier; a thread of the system is woken by the kernel. That one takes memory, so there are few. Safe for use by many threads.
 */
final class BusyThreads {
    private static final System.Logger LOG = System.getLogger(BusyThreads.class.getName());
    /** Two for each of so many connections that the processors have enough to do. */
    static final int MAX = 64;

    private final Threads threads;
    private final Semaphore free = new Semaphore(MAX);
    /** Whether the system has said that it has no more. */
    private volatile boolean isRefused;

    BusyThreads(Threads threads) {
        this.threads = threads;
    }

    /** Whether {@link #run} would find one. */
    boolean hasFree() {
        return !isRefused && free.availablePermits() > 0;
    }

    /**
     * Runs the body on a thread of the system, and waits for its end.
     *
     * @return false if there is no such thread to be had, and nothing was run
     */
    boolean run(String name, Runnable body) {
        if (isRefused || !free.tryAcquire()) {
            return false;
        }
        Thread thread = start(name, () -> {
            try {
                body.run();
            } finally {
                free.release();
            }
        });
        if (thread == null) {
            return false;
        }
        awaitEnd(thread);
        return true;
    }

    private @Nullable Thread start(String name, Runnable body) {
        try {
            return threads.startBusy(name, body);
        } catch (OutOfMemoryError e) { // which Java also throws where the system has no more threads
            isRefused = true;
            LOG.log(
                    Level.WARNING,
                    "Busy connections get no more threads of the system, and are served as others: {0}",
                    e.getMessage());
            return null;
        }
    }

    /** However often the calling thread is interrupted: two must not do the same. */
    private static void awaitEnd(Thread thread) {
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
