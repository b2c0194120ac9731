package io.milena.log;

import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import io.milena.runtime.Threads;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The threads of a {@link Flusher}, each of which carries out one job after another, and sleeps while there is none. Safe for use by many threads. */
final class FlusherThreads {
    private static final int THREADS = 4;

    private final Jobs jobs;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Worker> idle = new ArrayDeque<>();
    private final List<Worker> workers = new ArrayList<>();
    private volatile boolean isStopping;

    /** What there is to do. Safe for use by many threads. */
    interface Jobs {
        FlusherJob take();

        void carryOut(FlusherJob job);

        /** Whether {@link #take} would answer a job, but for what comes with the interval. */
        boolean hasWork();

        /** When somebody is to look for work that nobody wakes for. */
        Deadline interval();
    }

    FlusherThreads(Jobs jobs) {
        this.jobs = jobs;
    }

    void start(Threads threads) {
        for (int i = 0; i < THREADS; i++) {
            workers.add(new Worker(i == 0));
        }
        workers.forEach(worker -> worker.start(threads));
    }

    /** There is more to do. */
    void wakeOne() {
        Worker free;
        lock.lock();
        try {
            free = idle.pollLast();
        } finally {
            lock.unlock();
        }
        if (free != null) {
            free.wake();
        }
    }

    boolean isStopping() {
        return isStopping;
    }

    /** Ends the threads when there is nothing left to do. */
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
                boolean goesOn = true;
                while (goesOn) {
                    boolean isLast = isStopping; // before it looks for the last time
                    FlusherJob job = jobs.take();
                    if (!(job instanceof FlusherJob.Resting)) {
                        jobs.carryOut(job);
                    } else if (isLast) {
                        goesOn = false;
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
            isWoken = false;
            lock.lock();
            try {
                idle.addLast(this);
            } finally {
                lock.unlock();
            }
            if (!jobs.hasWork()) {
                signal.await(() -> isWoken || isStopping, isKeeper ? jobs.interval() : Deadline.never());
            }
            lock.lock();
            try {
                idle.remove(this);
            } finally {
                lock.unlock();
            }
        }
    }
}
