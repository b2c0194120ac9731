package io.milena.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Monitors that the JDK hands on when it comes to it are handed on at the same steps, whatever the machine does meanwhile. */
@SuppressWarnings("ThreadPriorityCheck") // yielding is exact under a seeded scheduler
class MonitorsTest {
    @Test
    void monitorsAreHandedOnRepeatablyAlsoBetweenTwoDrivesAndByTheDead() {
        for (long seed = 0; seed < 20; seed++) {
            assertEquals(monitorsOfTwoProcesses(seed, 0), monitorsOfTwoProcesses(seed, 3_000), "seed " + seed);
        }
    }

    /** Each step is a drive of its own, followed by a rest, in which the JDK hands on what it has to; after one of them a process is killed whose threads wait for a monitor. */
    private static List<Object> monitorsOfTwoProcesses(long seed, int spins) {
        SimulatedEnvironment world = new SimulatedEnvironment(seed);
        SimulatedProcess survivor = world.process("survivor", world.disk());
        SimulatedProcess victim = world.process("victim", world.disk());
        List<Object> order = new ArrayList<>();
        AtomicInteger done = new AtomicInteger();
        useMonitor(survivor, world.clock(), order, done);
        useMonitor(victim, world.clock(), order, new AtomicInteger());
        for (int drives = 0; done.get() < 4; drives++) {
            AtomicInteger asked = new AtomicInteger();
            world.runUntil(() -> asked.getAndIncrement() > 0);
            for (int i = 0; i < spins; i++) {
                Thread.onSpinWait();
            }
            if (drives == 20 + seed) {
                victim.kill();
            }
            if (drives % 5 == 0) {
                survivor.environment().threads().start("passer-by", () -> order.add("passer-by"));
            }
        }
        order.add(world.trace());
        return order;
    }

    private static void useMonitor(SimulatedProcess process, Clock clock, List<Object> order, AtomicInteger done) {
        Object monitor = new Object();
        for (int i = 0; i < 4; i++) {
            String name = process.host() + "-" + i;
            process.environment().threads().start(name, () -> {
                for (int round = 0; round < 10; round++) {
                    synchronized (monitor) {
                        Thread.yield();
                        order.add(name);
                    }
                    sleep(clock, 1);
                }
                done.incrementAndGet();
            });
        }
    }

    /** So it is where a thread of the JDK had the monitor, and gives it back at once. */
    @Test
    void whoIsHandedOverBeforeAnybodyHasSeenItBlockedIsNotForgotten() throws InterruptedException {
        SeededScheduler scheduler = new SeededScheduler(1, 1, SimulationSettings.standard());
        Random random = new Random(1);
        SimulatedProcess process = new SimulatedProcess(
                "a",
                SimulatedFileSystem.create(),
                scheduler,
                new SimulatedNetwork(scheduler, random),
                scheduler.clock(),
                random);
        SimulatedThread thread = new SimulatedThread(0, process, scheduler);
        AtomicBoolean goesOn = new AtomicBoolean();
        thread.start("worker", () -> {});
        Thread unblocker = Thread.ofPlatform()
                .name("VirtualThread-unblocker")
                .start(() -> scheduler.makeReady(thread, () -> goesOn.set(true)));
        unblocker.join();
        scheduler.drive(goesOn::get, 1_000_000);
        assertTrue(goesOn.get());
    }

    private static void sleep(Clock clock, long ms) {
        try {
            clock.sleepMs(ms);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
