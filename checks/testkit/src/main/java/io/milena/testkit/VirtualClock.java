package io.milena.testkit;

import io.milena.runtime.Clock;
import io.milena.runtime.Signal;
import java.util.Comparator;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The time of a simulation. It passes a little with each step of a thread, and jumps to the next timer when all threads wait; only the
 * {@link SeededScheduler} moves it. Threads that are not simulated may read it, but not wait on it.
 */
public final class VirtualClock implements Clock {
    private static final long NANOS_PER_MS = 1_000_000;

    private final SeededScheduler scheduler;
    private final TreeSet<Timer> timers =
            new TreeSet<>(Comparator.comparingLong(Timer::deadlineNanos).thenComparingLong(Timer::sequence));
    private volatile long nanos;
    private volatile long offsetMs = HandClock.START_MS;
    private long nextSequence;

    /** @param thread that waits for it; null if none in particular does */
    private record Timer(
            long deadlineNanos, long sequence, @Nullable SimulatedThread thread, Runnable due) {}

    VirtualClock(SeededScheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public long millis() {
        return offsetMs + nanos / NANOS_PER_MS;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    /** Sets the wall clock, forwards or backwards, as an administrator may; monotonic time stays. */
    public void jumpMs(long differenceMs) {
        offsetMs = millis() - nanos / NANOS_PER_MS + differenceMs;
    }

    @Override
    public void parkUntil(long deadlineNanos) {
        if (deadlineNanos <= nanos) {
            return;
        }
        SimulatedThread self = scheduler.currentThread();
        Timer timer = new Timer(deadlineNanos, nextSequence++, self, () -> LockSupport.unpark(self.thread()));
        timers.add(timer);
        try {
            LockSupport.park(this);
        } finally {
            timers.remove(timer);
        }
    }

    /** Raises {@code signal} when the time has come. */
    void raiseAt(long deadlineNanos, Signal signal) {
        timers.add(new Timer(deadlineNanos, nextSequence++, null, signal::raise));
    }

    OptionalLong nextDeadlineNanos() {
        return timers.isEmpty() ? OptionalLong.empty() : OptionalLong.of(timers.first().deadlineNanos);
    }

    /** Moves time forward, never back, and wakes the threads whose deadline has come. */
    void moveTo(long newNanos) {
        nanos = Math.max(nanos, newNanos);
        while (!timers.isEmpty() && timers.first().deadlineNanos <= nanos) {
            timers.removeFirst().due.run();
        }
    }

    void forgetDropped() {
        timers.removeIf(timer -> timer.thread != null && timer.thread.isDropped());
    }
}
