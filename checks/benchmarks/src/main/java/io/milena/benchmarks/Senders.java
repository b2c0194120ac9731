package io.milena.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** Threads that send until they are to stop. Started and stopped by one thread. */
final class Senders {
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean isStopping;

    void start(Thread.Builder kind, Runnable sending) {
        threads.add(kind.start(sending));
    }

    /** What each of them asks before it sends once more. */
    boolean goOn() {
        return !isStopping;
    }

    /** Returns when all have stopped. */
    void stop() {
        isStopping = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
