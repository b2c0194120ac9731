package io.milena.testkit;

import io.milena.runtime.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/**
 * Which seeds a test runs. Property {@code milena.seed} chooses one, {@code milena.seeds} how many (each test has its own default); property
 * {@code milena.first.seed} where they begin, so that a long hunt sees new ones. Whoever says how many is told how far it has come.
 */
public final class Seeds {
    /** Not below {@code io.milena}, whose logging some of the tests silence. */
    private static final System.Logger LOG = System.getLogger("seeds");

    private static final String COUNT = "milena.seeds";
    private static final Duration REPORT_EVERY = Duration.ofSeconds(10);

    private Seeds() {}

    /** The seeds of this run: 0 to {@code count} if nothing else is asked for. */
    public static LongStream seeds(int count) {
        Long only = Long.getLong("milena.seed");
        if (only != null) {
            return LongStream.of(only);
        }
        long first = Long.getLong("milena.first.seed", 0);
        return LongStream.range(first, first + Integer.getInteger(COUNT, count));
    }

    /** Runs {@code body} with each seed of this run, also after one has failed; each that fails is reported with the command that runs it again. */
    public static void each(Class<?> test, int count, LongConsumer body) {
        Clock clock = Clock.system();
        List<Long> seeds = seeds(count).boxed().toList();
        RangeProgress progress = new RangeProgress(seeds, clock.nanos());
        Duration processorBefore = processorTime();
        boolean isWatched = System.getProperty(COUNT) != null && !seeds.isEmpty();
        long reportNanos = clock.nanos() + REPORT_EVERY.toNanos();
        List<AssertionError> failures = new ArrayList<>();
        for (long seed : seeds) {
            try {
                body.accept(seed);
                progress.passed();
            } catch (RuntimeException | Error e) {
                progress.failed(seed);
                failures.add(failure(test, seed, e));
            }
            if (isWatched && clock.nanos() >= reportNanos) {
                report(test, progress.soFar(clock.nanos()));
                reportNanos = clock.nanos() + REPORT_EVERY.toNanos();
            }
        }
        if (isWatched) {
            report(test, progress.summary(clock.nanos(), processorTime().minus(processorBefore)));
        }
        if (!failures.isEmpty()) {
            AssertionError first = failures.removeFirst();
            failures.forEach(first::addSuppressed);
            throw first;
        }
    }

    private static AssertionError failure(Class<?> test, long seed, Throwable cause) {
        String replay = "./milena test --only " + test.getSimpleName() + " --seed " + seed;
        LOG.log(System.Logger.Level.ERROR, "seed {0} failed; run it again with: {1}", Long.toString(seed), replay);
        return new AssertionError("seed " + seed + " failed (" + replay + "): " + cause.getMessage(), cause);
    }

    private static void report(Class<?> test, String text) {
        LOG.log(System.Logger.Level.INFO, "{0}: {1}", test.getSimpleName(), text);
    }

    /** Of this process, all threads. */
    private static Duration processorTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
