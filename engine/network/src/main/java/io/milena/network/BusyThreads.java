package io.milena.network;

import io.milena.runtime.Threads;
import java.lang.System.Logger.Level;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Threads of the system for the connections that are busiest. A virtual thread that waits for its socket is woken by way of two others, the one that watches the sockets and its carrier; a thread of the
 * system is woken by the kernel. That one takes memory, so there are few. Safe for use by many threads.
 */
final class BusyThreads {
    private static final System.Logger LOG = System.getLogger(BusyThreads.class.getName());
    static final int MAX = 32;

    private final Threads threads;
    private final Semaphore free = new Semaphore(MAX);

    BusyThreads(Threads threads) {
        this.threads = threads;
    }

    /**
     * Runs the body on a thread of the system, and waits for its end.
     *
     * @return false if there is no such thread to be had, and nothing was run
     */
    boolean run(String name, Runnable body) throws InterruptedException {
        if (!free.tryAcquire()) {
            return false;
        }
        try {
            Thread thread = start(name, body);
            if (thread == null) {
                return false;
            }
            thread.join();
            return true;
        } finally {
            free.release();
        }
    }

    private @Nullable Thread start(String name, Runnable body) {
        try {
            return threads.startBlocking(name, body);
        } catch (OutOfMemoryError e) { // so Java says that the system has no more threads
            LOG.log(Level.DEBUG, "no thread for a busy connection: {0}", e.getMessage());
            return null;
        }
    }
}
