package io.milena.testkit;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs all threads of a simulation on the one thread that calls {@link #drive}: whenever a simulated thread waits, the seed chooses which of
 * those that can go on does so. Not safe for several drivers.
 */
final class SeededScheduler {
    private final long seed;
    private final SimulationSettings settings;
    private final RandomGenerator random;
    private final VirtualClock clock = new VirtualClock(this);
    private final List<Ready> ready = new ArrayList<>();
    /** Those that could go on if their process were not suspended. */
    private final List<Ready> suspended = new ArrayList<>();
    /** Continuations that came from threads of the JDK. */
    private final Queue<Ready> handedOver = new ConcurrentLinkedQueue<>();

    private final Set<SimulatedThread> alive = new LinkedHashSet<>();
    private final Set<SimulatedThread> blocked = new LinkedHashSet<>();
    private @Nullable SimulatedThread running;
    private @Nullable SimulatedProcess stepped;
    private volatile @Nullable Thread driver;
    private volatile @Nullable SimulationFailure failure;
    private int threads;
    private long steps;
    private long trace = 0xcbf29ce484222325L;

    private record Ready(SimulatedThread thread, Runnable continuation) {}

    /** Decides by {@code decisionSeed}, reports {@code seed}. */
    SeededScheduler(long decisionSeed, long seed, SimulationSettings settings) {
        this.seed = seed;
        this.settings = settings;
        this.random = new Random(decisionSeed);
    }

    VirtualClock clock() {
        return clock;
    }

    /** A number that depends on every decision made so far and on when it was made. */
    long trace() {
        return trace;
    }

    /** Of which process the thread was that took the last step; null before the first. */
    @Nullable
    SimulatedProcess stepped() {
        return stepped;
    }

    Thread start(SimulatedProcess process, String name, Runnable body) {
        SimulatedThread thread = new SimulatedThread(threads++, process, this);
        alive.add(thread);
        return thread.start(name, () -> {
            try {
                body.run();
            } catch (Throwable e) {
                fail("uncaught in thread " + name + ": " + e, e);
            } finally {
                alive.remove(thread);
            }
        });
    }

    /** The simulated thread that calls this. */
    SimulatedThread currentThread() {
        SimulatedThread current = running;
        if (current == null || !Thread.currentThread().equals(current.thread())) {
            throw new IllegalStateException(
                    Thread.currentThread() + " is not part of the simulation and must not wait on its clock");
        }
        return current;
    }

    boolean isCurrent(SimulatedProcess process) {
        SimulatedThread current = running;
        return current != null
                && current.process == process
                && Thread.currentThread().equals(current.thread());
    }

    /** A point at which another thread may go first. Does nothing on threads that are not simulated. */
    @SuppressWarnings("ThreadPriorityCheck") // This yield is exact: the scheduler is ours.
    void pause() {
        SimulatedThread current = running;
        if (current != null
                && Thread.currentThread().equals(current.thread())
                && random.nextDouble() < settings.yieldRate()) {
            Thread.yield();
        }
    }

    void makeReady(SimulatedThread thread, Runnable continuation) {
        Ready entry = new Ready(thread, continuation);
        Thread caller = Thread.currentThread();
        SimulatedThread current = running;
        boolean isInside = caller.equals(driver) || (current != null && caller.equals(current.thread()));
        if (isInside) {
            ready.add(entry);
        } else if (VirtualThreads.isUnblocker(caller)) {
            handedOver.add(entry); // also while nobody drives: when it comes must not matter
        } else if (driver == null) {
            ready.add(entry);
        } else {
            fail(
                    "thread " + thread.thread().getName() + " was woken by " + caller
                            + ", which is not simulated: a timed wait, a common pool or another thread escaped",
                    null);
            handedOver.add(entry);
        }
    }

    private void fail(String what, @Nullable Throwable cause) {
        if (failure == null) {
            failure = new SimulationFailure(seed, what, cause);
        }
    }

    /** What a suspended process has to do is ready again. */
    void resumed(SimulatedProcess process) {
        for (Ready entry : List.copyOf(suspended)) {
            if (entry.thread.process == process) {
                suspended.remove(entry);
                ready.add(entry);
            }
        }
    }

    /** No thread of a dead process runs again; its stacks, and what only they hold, are garbage. */
    void forgetDropped() {
        ready.removeIf(entry -> entry.thread.isDropped());
        suspended.removeIf(entry -> entry.thread.isDropped());
        alive.removeIf(SimulatedThread::isDropped);
        blocked.removeIf(SimulatedThread::isDropped);
        clock.forgetDropped();
    }

    /**
     * Runs until {@code isDone}, which is asked between steps, or until the clock shows {@code limitNanos}; answers whether it is done.
     *
     * @throws SimulationFailure when a thread threw, when all threads wait for each other, or when the steps never end
     */
    boolean drive(BooleanSupplier isDone, long limitNanos) {
        driver = Thread.currentThread();
        try {
            while (!isDone.getAsBoolean()) {
                if (clock.nanos() >= limitNanos) {
                    return false;
                }
                takeHandedOver();
                if (ready.isEmpty()) {
                    letTimePass(limitNanos);
                } else {
                    step();
                }
                if (failure != null) {
                    throw failure;
                }
            }
            return true;
        } finally {
            driver = null;
        }
    }

    private void step() {
        if (++steps > settings.stepsMax()) {
            throw new SimulationFailure(seed, "still busy after " + settings.stepsMax() + " steps" + stacks(), null);
        }
        Ready next = ready.remove(random.nextInt(ready.size()));
        if (next.thread.isDropped()) {
            return;
        }
        if (next.thread.process.isSuspended()) {
            suspended.add(next);
            return;
        }
        mix(next.thread.number);
        mix(clock.nanos());
        running = next.thread;
        stepped = next.thread.process;
        try {
            next.continuation.run();
        } finally {
            running = null;
        }
        if (next.thread.thread().getState() == Thread.State.BLOCKED) {
            blocked.add(next.thread);
        }
        if (settings.timerRate() > 0 && random.nextDouble() < settings.timerRate()) {
            clock.nextDeadlineNanos().ifPresent(clock::moveTo);
        }
        clock.moveTo(clock.nanos() + random.nextLong(settings.stepNanosMax() + 1));
    }

    private void mix(long value) {
        trace = (trace ^ value) * 0x100000001b3L;
        trace ^= trace >>> 32;
    }

    private void letTimePass(long limitNanos) {
        long next = Math.min(clock.nextDeadlineNanos().orElse(Long.MAX_VALUE), limitNanos);
        if (next == Long.MAX_VALUE) {
            throw new SimulationFailure(seed, "deadlock: every thread waits and no timer is set" + stacks(), null);
        }
        clock.moveTo(next);
    }

    /**
     * A released monitor reaches the thread that is next through a thread of the JDK; wait for it, so that each run sees it at the same step. Where a thread of the JDK had the monitor, which is that of the direct buffers,
     * it may be handed over before anybody has seen that a thread was blocked.
     */
    private void takeHandedOver() {
        if (blocked.isEmpty() && handedOver.isEmpty()) {
            return;
        }
        List<Thread> waiting = blocked.stream().map(SimulatedThread::thread).toList();
        while (VirtualThreads.isAnyBeingUnblocked(waiting)) {
            Thread.onSpinWait();
        }
        drainHandedOver();
    }

    private void drainHandedOver() {
        for (Ready entry = handedOver.poll(); entry != null; entry = handedOver.poll()) {
            blocked.remove(entry.thread);
            if (!entry.thread.isDropped()) { // one that is may come at any time
                ready.add(entry);
            }
        }
    }

    private String stacks() {
        return alive.stream()
                .map(SimulatedThread::thread)
                .map(thread -> "\n  thread " + thread.getName() + " (" + thread.getState() + ")\n    at "
                        + List.of(thread.getStackTrace()).stream()
                                .map(StackTraceElement::toString)
                                .collect(Collectors.joining("\n    at ")))
                .collect(Collectors.joining());
    }
}
