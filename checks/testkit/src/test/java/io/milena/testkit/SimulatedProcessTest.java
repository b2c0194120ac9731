package io.milena.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SimulatedProcessTest {
    private static void tick(Clock clock, AtomicInteger ticks) {
        try {
            while (true) {
                clock.sleepMs(10);
                ticks.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aSuspendedProcessTakesNoStepAndGoesOnAfterwards() {
        SimulatedEnvironment world = new SimulatedEnvironment(1);
        SimulatedProcess process = world.process("a", world.disk());
        SimulatedProcess other = world.process("b", world.disk());
        AtomicInteger ticks = new AtomicInteger();
        AtomicInteger others = new AtomicInteger();
        process.environment()
                .threads()
                .start("ticks", () -> tick(process.environment().clock(), ticks));
        other.environment()
                .threads()
                .start("ticks", () -> tick(other.environment().clock(), others));
        world.runFor(105);
        int before = ticks.get();

        process.suspend();
        world.runFor(1_000);

        assertTrue(process.isSuspended());
        assertEquals(before, ticks.get());
        assertTrue(others.get() > 80, () -> others + " ticks of the other");
        process.resume();
        world.runFor(100);
        assertTrue(ticks.get() > before + 5, () -> ticks + " ticks after " + before);
    }

    @Test
    void aSuspendedProcessCanBeKilled() {
        SimulatedEnvironment world = new SimulatedEnvironment(1);
        SimulatedProcess process = world.process("a", world.disk());
        AtomicInteger ticks = new AtomicInteger();
        process.environment()
                .threads()
                .start("ticks", () -> tick(process.environment().clock(), ticks));
        process.suspend();
        world.runFor(100);
        process.kill();
        process.resume();
        world.runFor(100);
        assertEquals(0, ticks.get());
    }

    @Test
    void aClockThatDriftsComesToItsDeadlinesAtAnotherTime() {
        SimulatedEnvironment world = new SimulatedEnvironment(1);
        List<Long> wokenMs = new ArrayList<>();
        for (double rate : new double[] {1.25, 1, 0.8}) {
            SimulatedProcess process = world.process("rate " + rate, world.disk(), rate);
            Clock clock = process.environment().clock();
            AtomicLong woken = new AtomicLong();
            process.environment().threads().start("sleeper", () -> {
                try {
                    clock.sleepMs(1_000);
                    woken.set(world.clock().nanos() / 1_000_000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            long begun = world.clock().nanos() / 1_000_000;
            world.runUntil(() -> woken.get() > 0);
            wokenMs.add(woken.get() - begun);
            double expectedMs = (world.clock().millis() - HandClock.START_MS) * rate;
            assertEquals(expectedMs, (double) (clock.millis() - HandClock.START_MS), 2.0, "wall clock at rate " + rate);
        }
        assertEquals(List.of(800L, 1_000L, 1_250L), wokenMs);
    }
}
