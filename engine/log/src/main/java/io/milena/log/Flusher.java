package io.milena.log;

import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: a few threads that force the logs for which somebody waits. One log is forced by one thread at a time, and all that is appended meanwhile shares
 * the next force; several logs are forced side by side, because a file system commits them together for little more than one, and many logs all at once. Whatever else is dirty is forced
 * once in an interval.
 */
final class Flusher {
    private static final int THREADS = 4;

    private final Clock clock;
    private final Forcing forcing;
    private final long intervalMs;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Log> requested = new LinkedHashSet<>();
    private final Set<Log> dirty = new LinkedHashSet<>();
    private final Set<Log> inWork = new HashSet<>();
    private final Deque<Worker> idle = new ArrayDeque<>();
    private final List<Worker> workers = new ArrayList<>();
    private Deadline interval;
    private volatile boolean isStopping;

    Flusher(Clock clock, Threads threads, Forcing forcing, long intervalMs) {
        this.clock = clock;
        this.forcing = forcing;
        this.intervalMs = intervalMs;
        this.interval = Deadline.afterMs(clock, intervalMs);
        for (int i = 0; i < THREADS; i++) {
            workers.add(new Worker(i == 0));
        }
        workers.forEach(worker -> worker.start(threads));
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
        Worker free = null;
        lock.lock();
        try {
            if (requested.add(log) && !inWork.contains(log)) {
                free = idle.pollLast();
            }
        } finally {
            lock.unlock();
        }
        if (free != null) {
            free.wake();
        }
    }

    /** The next log that somebody waits for and nobody forces already; all such logs where so many are better forced at once. */
    private List<Log> take() {
        lock.lock();
        try {
            if (interval.isPast() || isStopping) {
                requested.addAll(dirty);
                interval = Deadline.afterMs(clock, intervalMs);
            }
            List<Log> taken = new ArrayList<>();
            int most = forcing.isForAll(requested.size()) ? Integer.MAX_VALUE : 1;
            for (Log log : requested) {
                if (taken.size() < most && inWork.add(log)) {
                    taken.add(log);
                }
            }
            taken.forEach(requested::remove);
            taken.forEach(dirty::remove);
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void force(List<Log> logs) {
        if (!forcing.isForAll(logs.size())) {
            logs.forEach(log -> log.beginFlush(this).ifPresent(LogFlush::run));
            return;
        }
        List<LogFlush> flushes =
                logs.stream().flatMap(log -> log.beginFlush(this).stream()).toList();
        try {
            forcing.forceAll();
            flushes.forEach(LogFlush::succeeded);
        } catch (IOException e) {
            flushes.forEach(flush -> flush.failed(e));
        }
    }

    private void done(List<Log> logs) {
        lock.lock();
        try {
            logs.forEach(inWork::remove);
        } finally {
            lock.unlock();
        }
    }

    /** Whether what is forced now is forced for the last time. */
    boolean isStopping() {
        return isStopping;
    }

    /** Forces everything and ends the threads. */
    void stop() throws InterruptedException {
        isStopping = true;
        for (Worker worker : workers) {
            worker.wake();
        }
        for (Worker worker : workers) {
            worker.join();
        }
    }

    /** One thread. The keeper of the interval wakes for it; the others sleep until they are needed. */
    private final class Worker {
        private final boolean isKeeper;
        private final Signal signal = new Signal();
        private volatile boolean isWoken;
        private @Nullable Thread thread;

        Worker(boolean isKeeper) {
            this.isKeeper = isKeeper;
        }

        void start(Threads threads) {
            thread = threads.startBlocking("flusher", this::run);
        }

        void wake() {
            isWoken = true;
            signal.raise();
        }

        void join() throws InterruptedException {
            if (thread != null) {
                thread.join();
            }
        }

        private void run() {
            try {
                while (true) {
                    List<Log> logs = take();
                    if (!logs.isEmpty()) {
                        force(logs);
                        done(logs);
                    } else if (isStopping) {
                        return;
                    } else {
                        rest();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Looks once more after it is listed as idle, or a request in between would wake nobody. */
        private void rest() throws InterruptedException {
            Deadline until;
            lock.lock();
            try {
                isWoken = requested.stream().anyMatch(log -> !inWork.contains(log));
                if (!isWoken) {
                    idle.addLast(this);
                }
                until = isKeeper ? interval : Deadline.never();
            } finally {
                lock.unlock();
            }
            signal.await(() -> isWoken || isStopping, until);
            lock.lock();
            try {
                idle.remove(this);
            } finally {
                lock.unlock();
            }
        }
    }
}
