package io.milena.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/**
 * Which seeds a test runs. Property {@code milena.seed} chooses one, {@code milena.seeds} how many (each test has its own default); property
 * {@code milena.first.seed} where they begin, so that a long hunt sees new ones.
 */
public final class Seeds {
    private static final System.Logger LOG = System.getLogger(Seeds.class.getName());

    private Seeds() {}

    /** The seeds of this run: 0 to {@code count} if nothing else is asked for. */
    public static LongStream seeds(int count) {
        Long only = Long.getLong("milena.seed");
        if (only != null) {
            return LongStream.of(only);
        }
        long first = Long.getLong("milena.first.seed", 0);
        return LongStream.range(first, first + Integer.getInteger("milena.seeds", count));
    }

    /** Runs {@code body} with each seed of this run, also after one has failed; each that fails is reported with the command that runs it again. */
    public static void each(Class<?> test, int count, LongConsumer body) {
        List<AssertionError> failures = new ArrayList<>();
        seeds(count).forEach(seed -> {
            try {
                body.accept(seed);
            } catch (RuntimeException | Error e) {
                String replay = "./milena test --only " + test.getSimpleName() + " --seed " + seed;
                LOG.log(
                        System.Logger.Level.ERROR,
                        "seed {0} failed; run it again with: {1}",
                        Long.toString(seed),
                        replay);
                failures.add(new AssertionError("seed " + seed + " failed (" + replay + "): " + e.getMessage(), e));
            }
        });
        if (!failures.isEmpty()) {
            AssertionError first = failures.removeFirst();
            failures.forEach(first::addSuppressed);
            throw first;
        }
    }
}
