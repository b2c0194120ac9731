package io.milena.log;

import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import io.milena.runtime.Threads;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Group commit: one thread that forces all logs for which somebody waits, together, again and again while there are any; and whatever else is dirty once in an
 * interval.
 */
final class Flusher {
    private final Clock clock;
    private final long intervalMs;
    private final ReentrantLock lock = new ReentrantLock();
    private final Signal wake = new Signal();
    private final Set<Log> requested = new LinkedHashSet<>();
    private final Set<Log> dirty = new LinkedHashSet<>();
    private volatile boolean hasRequests;
    private volatile boolean isStopping;
    private final Thread thread;

    Flusher(Clock clock, Threads threads, long intervalMs) {
        this.clock = clock;
        this.intervalMs = intervalMs;
        this.thread = threads.startBlocking("flusher", this::run);
    }

    /** The log has something that is not forced. */
    void noteDirty(Log log) {
        lock.lock();
        try {
            dirty.add(log);
        } finally {
            lock.unlock();
        }
    }

    /** Somebody waits for the log to be forced. */
    void request(Log log) {
        lock.lock();
        try {
            requested.add(log);
            hasRequests = true;
        } finally {
            lock.unlock();
        }
        wake.raise();
    }

    private void run() {
        try {
            while (!isStopping) {
                Deadline interval = Deadline.afterMs(clock, intervalMs);
                wake.await(() -> hasRequests || isStopping, interval);
                take(interval.isPast() || isStopping).forEach(Log::force);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Log> take(boolean withAllDirty) {
        lock.lock();
        try {
            if (withAllDirty) {
                requested.addAll(dirty);
            }
            List<Log> logs = List.copyOf(requested);
            requested.clear();
            dirty.removeAll(logs);
            hasRequests = false;
            return logs;
        } finally {
            lock.unlock();
        }
    }

    /** Forces everything and ends the thread. */
    void stop() throws InterruptedException {
        isStopping = true;
        wake.raise();
        thread.join();
        take(true).forEach(Log::force);
    }
}
