package io.milena.testkit;

import io.milena.runtime.Clock;
import io.milena.runtime.Environment;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A world made of one seed: computers with processes and disks, a network between them, and one clock. Everything in it happens on the thread that
 * calls {@link #run}, {@link #runUntil} or {@link #runFor}, and happens again in the same order for the same seed.
 */
public final class SimulatedEnvironment {
    private static final long PATIENCE_NANOS = 3_600_000_000_000L;

    private final long seed;
    private final Random seeds;
    private final SeededScheduler scheduler;
    private final SimulatedNetwork network;
    private final SimulatedProcess test;

    public SimulatedEnvironment(long seed) {
        this(seed, SimulationSettings.standard());
    }

    public SimulatedEnvironment(long seed, SimulationSettings settings) {
        this.seed = seed;
        this.seeds = new Random(seed);
        this.scheduler = new SeededScheduler(seeds.nextLong(), seed, settings);
        this.network = new SimulatedNetwork(scheduler, random());
        this.test = process("test", disk());
    }

    public long seed() {
        return seed;
    }

    public VirtualClock clock() {
        return scheduler.clock();
    }

    public SimulatedNetwork network() {
        return network;
    }

    /** The process in which the bodies of {@link #run} run, on the host {@code test}: clients of the system under test belong here. */
    public SimulatedProcess test() {
        return test;
    }

    /** Clock, threads and randomness of the process {@link #test()}. */
    public Environment environment() {
        return test.environment();
    }

    /** A new random generator that depends on the seed and on how many were made before. */
    public RandomGenerator random() {
        return new Random(seeds.nextLong());
    }

    /** A new, empty disk whose files bear this world's time and whose operations let other threads go first by seed. */
    public SimulatedFileSystem disk() {
        SimulatedFileSystem disk = SimulatedFileSystem.create(clock());
        disk.pause(scheduler::pause);
        return disk;
    }

    /** Starts a process, at first without threads, on {@code host}; connections that an earlier power loss left hanging there are reset. */
    public SimulatedProcess process(String host, SimulatedFileSystem disk) {
        return process(host, disk, clock());
    }

    /** As {@link #process(String, SimulatedFileSystem)}, on a computer whose clock goes at another rate: {@code 1.01} gains a hundredth. */
    public SimulatedProcess process(String host, SimulatedFileSystem disk, double clockRate) {
        return process(host, disk, new DriftingClock(clock(), clockRate));
    }

    private SimulatedProcess process(String host, SimulatedFileSystem disk, Clock clock) {
        disk.pause(scheduler::pause);
        SimulatedProcess process = new SimulatedProcess(host, disk, scheduler, network, clock, random());
        network.hostStarted(process);
        return process;
    }

    /** Runs {@code body} in a thread of {@link #test()} until it returns; the other threads rest where they are, and go on in a later run. */
    public <T> T call(Callable<T> body) {
        AtomicReference<Outcome<T>> outcome = new AtomicReference<>();
        test.environment().threads().start("main", () -> {
            try {
                outcome.set(new Outcome.Returned<>(body.call()));
            } catch (Throwable e) {
                outcome.set(new Outcome.Thrown<>(e));
            }
        });
        scheduler.drive(() -> outcome.get() != null, Long.MAX_VALUE);
        return switch (Objects.requireNonNull(outcome.get())) {
            case Outcome.Returned<T>(T value) -> value;
            case Outcome.Thrown<T>(Throwable thrown) ->
                throw new SimulationFailure(seed, "the body of the run threw " + thrown, thrown);
        };
    }

    private sealed interface Outcome<T> {
        record Returned<T>(T value) implements Outcome<T> {}

        record Thrown<T>(Throwable thrown) implements Outcome<T> {}
    }

    /** As {@link #call}, for a body without a result. */
    public void run(Body body) {
        call(() -> {
            body.run();
            return true;
        });
    }

    /** What a run does. */
    @FunctionalInterface
    public interface Body {
        void run() throws Exception;
    }

    /**
     * Lets the threads run until {@code condition}, asked between steps, holds. A world in which nothing can happen any more is a failure, and so is one in which it does not come to
     * that within an hour of its time: processes that poll would go on for long.
     */
    public void runUntil(BooleanSupplier condition) {
        if (!scheduler.drive(condition, clock().nanos() + PATIENCE_NANOS)) {
            throw new SimulationFailure(seed, "what the run waits for did not come within an hour", null);
        }
    }

    /** Lets {@code durationMs} milliseconds of the world pass. */
    public void runFor(long durationMs) {
        scheduler.drive(() -> false, clock().nanos() + durationMs * 1_000_000);
    }

    /** The process whose thread took the last step: what is in the memory of others has not changed since the step before. Null before the first one. */
    public @Nullable SimulatedProcess stepped() {
        return scheduler.stepped();
    }

    /** A number made of every scheduling decision so far; equal for equal seeds, and practically never otherwise. */
    public long trace() {
        return scheduler.trace();
    }
}
