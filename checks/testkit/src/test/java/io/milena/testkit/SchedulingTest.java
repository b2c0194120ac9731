package io.milena.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import io.milena.runtime.Threads;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** One seed, one order of steps. */
@SuppressWarnings("ThreadPriorityCheck") // yielding is exact under a seeded scheduler
class SchedulingTest {
    @Test
    void theSameSeedGivesTheSameRun() {
        for (long seed = 0; seed < 20; seed++) {
            assertEquals(busyWorld(seed), busyWorld(seed), "seed " + seed);
        }
    }

    @Test
    void differentSeedsGiveDifferentRuns() {
        Set<List<Object>> runs = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            runs.add(busyWorld(seed));
        }
        assertEquals(20, runs.size());
    }

    /** Threads that meet in a lock, a map, futures, latches and sleep; returns the order of their steps and the trace. */
    private static List<Object> busyWorld(long seed) {
        SimulatedEnvironment world = new SimulatedEnvironment(seed);
        Clock clock = world.clock();
        List<Object> seen = new ArrayList<>();
        world.run(() -> {
            ReentrantLock lock = new ReentrantLock();
            ConcurrentHashMap<String, Integer> counts = new ConcurrentHashMap<>();
            CountDownLatch done = new CountDownLatch(5);
            CompletableFuture<String> word = new CompletableFuture<>();
            for (int i = 0; i < 5; i++) {
                int number = i;
                world.environment().threads().start("worker-" + i, () -> {
                    for (int round = 0; round < 4; round++) {
                        sleep(clock, number + round);
                        lock.lock();
                        try {
                            sleep(clock, 1);
                            seen.add(number);
                        } finally {
                            lock.unlock();
                        }
                        counts.merge("rounds", 1, Integer::sum);
                    }
                    if (number == 3) {
                        word.complete("three is done");
                    }
                    done.countDown();
                });
            }
            assertEquals("three is done", word.get());
            done.await();
            assertEquals(20, counts.get("rounds"));
        });
        seen.add(world.trace());
        return seen;
    }

    private static void sleep(Clock clock, long ms) {
        try {
            clock.sleepMs(ms);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aLostUpdateIsFoundBySomeSeed() {
        List<Integer> results = new ArrayList<>();
        for (long seed = 0; seed < 50; seed++) {
            results.add(countToTwoCarelessly(seed));
        }
        assertTrue(results.contains(1), "no seed lost an update");
        assertTrue(results.contains(2), "no seed got it right");
    }

    /** Two threads add one to a file's content: read, write, no lock. */
    private static int countToTwoCarelessly(long seed) {
        SimulatedEnvironment world = new SimulatedEnvironment(seed);
        var file = world.test().disk().root().resolve("counter");
        return world.call(() -> {
            java.nio.file.Files.write(file, new byte[1]);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                threads.add(world.environment().threads().startBlocking("adder-" + i, () -> {
                    try {
                        byte value = java.nio.file.Files.readAllBytes(file)[0];
                        java.nio.file.Files.write(
                                file, new byte[] {(byte) (value + 1)}, java.nio.file.StandardOpenOption.WRITE);
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            return (int) java.nio.file.Files.readAllBytes(file)[0];
        });
    }

    @Test
    void aDeadlockIsReportedWithTheSeedAndTheStacks() {
        SimulatedEnvironment world = new SimulatedEnvironment(42);
        SimulationFailure failure =
                assertThrows(SimulationFailure.class, () -> world.run(() -> new CountDownLatch(1).await()));
        assertTrue(failure.getMessage().startsWith("seed 42: deadlock"), failure.getMessage());
        assertTrue(failure.getMessage().contains("CountDownLatch.await"), failure.getMessage());
    }

    @Test
    void aThreadThatIsAlwaysBusyIsReported() {
        SimulatedEnvironment world =
                new SimulatedEnvironment(1, SimulationSettings.standard().withStepsMax(1000));
        AtomicBoolean never = new AtomicBoolean();
        SimulationFailure failure = assertThrows(
                SimulationFailure.class,
                () -> world.run(() -> {
                    while (!never.get()) {
                        Thread.yield();
                    }
                }));
        assertTrue(failure.getMessage().contains("still busy"), failure.getMessage());
    }

    @Test
    void aWorldThatNeverComesToWhatIsWaitedForIsReported() {
        SimulatedEnvironment world = new SimulatedEnvironment(9);
        world.environment().threads().start("poll", () -> {
            try {
                while (true) {
                    world.clock().sleepMs(1000);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        SimulationFailure failure = assertThrows(SimulationFailure.class, () -> world.runUntil(() -> false));
        assertTrue(failure.getMessage().startsWith("seed 9: what the run waits for"), failure.getMessage());
    }

    @Test
    void anUncaughtExceptionOfAnyThreadFailsTheRun() {
        SimulatedEnvironment world = new SimulatedEnvironment(7);
        SimulationFailure failure = assertThrows(
                SimulationFailure.class,
                () -> world.run(() -> {
                    world.environment().threads().start("broken", () -> {
                        throw new IllegalArgumentException("broken on purpose");
                    });
                    world.clock().sleepMs(1000);
                }));
        assertInstanceOf(IllegalArgumentException.class, failure.getCause());
        assertTrue(failure.getMessage().contains("thread broken"), failure.getMessage());
    }

    @Test
    void whatTheBodyThrowsComesOutWithTheSeed() {
        SimulatedEnvironment world = new SimulatedEnvironment(8);
        SimulationFailure failure = assertThrows(
                SimulationFailure.class,
                () -> world.run(() -> {
                    throw new java.io.IOException("no such luck");
                }));
        assertInstanceOf(java.io.IOException.class, failure.getCause());
        assertTrue(failure.getMessage().startsWith("seed 8"), failure.getMessage());
    }

    @Test
    void timePassesOnlyInTheSimulation() {
        SimulatedEnvironment world = new SimulatedEnvironment(9);
        long startMs = world.clock().millis();
        world.run(() -> world.clock().sleepMs(24L * 3600 * 1000));
        assertTrue(world.clock().millis() - startMs >= 24L * 3600 * 1000);
    }

    @Test
    void aWaitEndsAtItsDeadlineOrWhenItIsRaised() {
        SimulatedEnvironment world = new SimulatedEnvironment(10);
        Signal signal = new Signal();
        AtomicBoolean flag = new AtomicBoolean();
        world.run(() -> {
            assertFalse(signal.await(flag::get, Deadline.afterMs(world.clock(), 50)));
            world.environment().threads().start("raiser", () -> {
                sleep(world.clock(), 20);
                flag.set(true);
                signal.raise();
            });
            long startNanos = world.clock().nanos();
            assertTrue(signal.await(flag::get, Deadline.afterMs(world.clock(), 5000)));
            assertTrue(world.clock().nanos() - startNanos < 25_000_000);
        });
    }

    @Test
    void interruptionReachesASleeper() {
        SimulatedEnvironment world = new SimulatedEnvironment(11);
        AtomicBoolean wasInterrupted = new AtomicBoolean();
        world.run(() -> {
            Thread sleeper = world.environment().threads().start("sleeper", () -> {
                try {
                    world.clock().sleepMs(1_000_000);
                } catch (InterruptedException e) {
                    wasInterrupted.set(true);
                }
            });
            world.clock().sleepMs(10);
            sleeper.interrupt();
            sleeper.join();
        });
        assertTrue(wasInterrupted.get());
    }

    @Test
    void aKilledProcessTakesNoFurtherStep() {
        SimulatedEnvironment world = new SimulatedEnvironment(12);
        SimulatedProcess victim = world.process("victim", world.disk());
        AtomicInteger steps = new AtomicInteger();
        AtomicBoolean ranFinally = new AtomicBoolean();
        Threads threads = victim.environment().threads();
        threads.start("counter", () -> {
            try {
                while (true) {
                    sleep(world.clock(), 10);
                    steps.incrementAndGet();
                }
            } finally {
                ranFinally.set(true);
            }
        });
        world.runFor(105);
        int stepsAtDeath = steps.get();
        victim.kill();
        world.runFor(1000);
        assertEquals(10, stepsAtDeath);
        assertEquals(stepsAtDeath, steps.get());
        assertFalse(ranFinally.get());
    }

    /** Or else a JVM can run some hundreds of stories with a broker, and no more. */
    @Test
    void aKilledProcessLeavesNothingInMemory() {
        SimulatedEnvironment world = new SimulatedEnvironment(16);
        SimulatedProcess victim = world.process("victim", world.disk());
        AtomicReference<WeakReference<byte[]>> held = new AtomicReference<>();
        victim.environment().threads().start("holder", () -> {
            byte[] memory = new byte[1_000];
            held.set(new WeakReference<>(memory));
            sleep(world.clock(), 1_000_000);
            memory[0] = 1;
        });
        world.runFor(10);
        victim.kill();
        System.gc();
        assertTrue(Objects.requireNonNull(held.get()).refersTo(null), "the memory of a killed thread is still there");
    }

    @Test
    void aProcessMayKillItself() {
        SimulatedEnvironment world = new SimulatedEnvironment(13);
        SimulatedProcess victim = world.process("victim", world.disk());
        AtomicBoolean survived = new AtomicBoolean();
        victim.environment().threads().start("suicide", () -> {
            victim.kill();
            survived.set(true);
        });
        world.runFor(100);
        assertTrue(victim.isDead());
        assertFalse(survived.get());
    }

    @Test
    void monitorsHeldOverAWaitAreHandedOnRepeatably() {
        for (long seed = 0; seed < 50; seed++) {
            assertEquals(crowdedMonitor(seed), crowdedMonitor(seed), "seed " + seed);
        }
    }

    private static List<Object> crowdedMonitor(long seed) {
        SimulatedEnvironment world = new SimulatedEnvironment(seed);
        Object monitor = new Object();
        List<Object> order = new ArrayList<>();
        world.run(() -> {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int number = i;
                threads.add(world.environment().threads().start("user-" + i, () -> {
                    for (int round = 0; round < 3; round++) {
                        synchronized (monitor) {
                            sleep(world.clock(), 1);
                            order.add(number);
                        }
                        sleep(world.clock(), 1);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        });
        order.add(world.trace());
        return order;
    }

    @Test
    void aTimedWaitThatEscapesTheClockIsReported() {
        SimulatedEnvironment world = new SimulatedEnvironment(14);
        SimulationFailure failure = assertThrows(
                SimulationFailure.class,
                () -> world.run(() -> {
                    world.environment().threads().start("ticker", () -> {
                        while (true) {
                            sleep(world.clock(), 1);
                        }
                    });
                    java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
                    world.clock().sleepMs(Long.MAX_VALUE);
                }));
        assertTrue(failure.getMessage().contains("not simulated"), failure.getMessage());
    }

    @Test
    void timersRaceWithWorkWhenAskedTo() {
        SimulationSettings racing = SimulationSettings.standard().withTimerRate(0.2);
        Set<Boolean> outcomes = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            SimulatedEnvironment world = new SimulatedEnvironment(seed, racing);
            Signal signal = new Signal();
            AtomicBoolean flag = new AtomicBoolean();
            outcomes.add(world.call(() -> {
                world.environment().threads().start("worker", () -> {
                    for (int i = 0; i < 10; i++) {
                        Thread.yield();
                    }
                    flag.set(true);
                    signal.raise();
                });
                return signal.await(flag::get, Deadline.afterMs(world.clock(), 10_000));
            }));
        }
        assertEquals(Set.of(true, false), outcomes);
    }
}
