package io.milena.testkit;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One thread of a simulation. The JDK hands it, as its executor, the thread's continuation whenever the thread can go on. */
final class SimulatedThread implements Executor {
    /** In the order of their start; the same in every run, unlike {@code Thread.threadId()}. */
    final int number;

    final SimulatedProcess process;
    private final SeededScheduler scheduler;
    private @Nullable Thread thread;

    SimulatedThread(int number, SimulatedProcess process, SeededScheduler scheduler) {
        this.number = number;
        this.process = process;
        this.scheduler = scheduler;
    }

    Thread start(String name, Runnable body) {
        Thread created = VirtualThreads.unstarted(name, this, body);
        thread = created;
        created.start();
        return created;
    }

    Thread thread() {
        if (thread == null) {
            throw new IllegalStateException("not started");
        }
        return thread;
    }

    boolean isDropped() {
        return process.isDead();
    }

    @Override
    public void execute(Runnable continuation) {
        scheduler.makeReady(this, continuation);
    }
}
