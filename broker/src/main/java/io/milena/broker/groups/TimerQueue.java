package io.milena.broker.groups;

import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import io.milena.runtime.Threads;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Runs actions when their delays are over, on one thread, whatever happens to the wall clock; setting a key again moves its action. Safe for use by many threads. */
public final class TimerQueue implements AutoCloseable {
    /** A century, almost: so that no sum of nanoseconds overflows. */
    private static final long DELAY_MS_MAX = TimeUnit.DAYS.toMillis(36_000);

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Signal changed = new Signal();
    private final TreeMap<Due, Timer> byTime = new TreeMap<>();
    private final Map<Object, Due> byKey = new HashMap<>();
    private long sequence;
    private volatile long changes;
    private volatile boolean isStopping;

    /** On the clock's monotonic time, which may pass over the largest number. */
    private record Due(long atNanos, long sequence) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            long differenceNanos = atNanos - other.atNanos;
            return differenceNanos == 0 ? Long.compare(sequence, other.sequence) : Long.signum(differenceNanos);
        }
    }

    private record Timer(Object key, Runnable action) {}

    /** @param thread its name */
    public TimerQueue(Clock clock, Threads threads, String thread) {
        this.clock = clock;
        threads.start(thread, this::run);
    }

    public void set(Object key, long delayMs, Runnable action) {
        long boundedMs = Math.clamp(delayMs, 0, DELAY_MS_MAX);
        lock.lock();
        try {
            remove(key);
            Due due = new Due(clock.nanos() + TimeUnit.MILLISECONDS.toNanos(boundedMs), sequence++);
            byTime.put(due, new Timer(key, action));
            byKey.put(key, due);
            changes = sequence;
        } finally {
            lock.unlock();
        }
        changed.raise();
    }

    void cancel(Object key) {
        lock.lock();
        try {
            remove(key);
        } finally {
            lock.unlock();
        }
    }

    private void remove(Object key) {
        Due due = byKey.remove(key);
        if (due != null) {
            byTime.remove(due);
        }
    }

    private void run() {
        try {
            while (!isStopping) {
                long seen = changes;
                Timer due = takeDue();
                if (due != null) {
                    due.action.run();
                } else {
                    changed.await(() -> isStopping || changes != seen, untilNext());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Timer takeDue() {
        lock.lock();
        try {
            if (byTime.isEmpty() || byTime.firstKey().atNanos - clock.nanos() > 0) {
                return null;
            }
            Timer timer = byTime.pollFirstEntry().getValue();
            byKey.remove(timer.key);
            return timer;
        } finally {
            lock.unlock();
        }
    }

    private Deadline untilNext() {
        lock.lock();
        try {
            return byTime.isEmpty()
                    ? Deadline.never()
                    : Deadline.afterNanos(clock, byTime.firstKey().atNanos - clock.nanos());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        isStopping = true;
        changed.raise();
    }
}
