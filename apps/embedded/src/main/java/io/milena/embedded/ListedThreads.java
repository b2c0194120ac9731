package io.milena.embedded;

import io.milena.runtime.Threads;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/** The JVM's threads, with a list of those that have not ended, so that one can see whether they all wait. Safe for use by many threads. */
final class ListedThreads implements Threads {
    private final Set<Thread> alive = ConcurrentHashMap.newKeySet();

    @Override
    public Thread start(String name, Runnable body) {
        return listed(Threads.system()::start, name, body);
    }

    @Override
    public Thread startBlocking(String name, Runnable body) {
        return listed(Threads.system()::startBlocking, name, body);
    }

    /** A virtual one, as one cannot see of another that it waits for bytes. */
    @Override
    public Thread startBusy(String name, Runnable body) {
        return start(name, body);
    }

    private Thread listed(BiFunction<String, Runnable, Thread> start, String name, Runnable body) {
        Thread thread = start.apply(name, () -> {
            try {
                body.run();
            } finally {
                alive.remove(Thread.currentThread());
            }
        });
        alive.add(thread);
        if (!thread.isAlive()) {
            alive.remove(thread); // it had ended before it was listed
        }
        return thread;
    }

    Set<Thread> alive() {
        return alive;
    }

    /** Whether it waits: for time, for another thread, or for bytes on a connection, if it is a virtual one. */
    static boolean waits(Thread thread) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING, TERMINATED -> true;
            case NEW, RUNNABLE, BLOCKED -> false;
        };
    }
}
