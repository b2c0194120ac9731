package io.milena.log.story;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogSettings.Durability;
import io.milena.testkit.Seeds;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Thousands of seeded stories, see {@link Story}. Property {@code milena.log.stories} says how many, {@code milena.first.seed} from which on, and {@code milena.seed} repeats one.
 */
class LogStoryTest {
    private static final int STORIES = Integer.getInteger("milena.log.stories", 4_000);
    private static final int STEPS = 40;
    /** In which a broken log must be found out. */
    private static final int FEW = 100;

    /** What goes wrong in a story is part of it. */
    private static final Logger LOG = Logger.getLogger("io.milena");

    @BeforeAll
    static void beQuiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        LOG.setLevel(null);
    }

    private static void tell(long seed, Plot plot, Durability durability) {
        try {
            Story.tell(seed, STEPS, plot, durability);
        } catch (IOException e) {
            throw new AssertionError("the directory cannot be opened: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whateverHappensToTheDiskALogHoldsWhatItAcknowledged() {
        Plot plot = Plot.everything();
        AtomicLong first = new AtomicLong(-1);
        AtomicLong last = new AtomicLong(-1);
        Seeds.each(LogStoryTest.class, STORIES, seed -> {
            first.compareAndSet(-1, seed);
            last.set(seed);
            tell(seed, plot, Durability.FORCED);
        });
        System.out.println("LogStoryTest: " + (last.get() - first.get() + 1) + " stories of " + STEPS + " steps, seeds "
                + first.get() + " to " + last.get());
    }

    /** Beyond those of the usual run. */
    @ParameterizedTest
    @ValueSource(longs = {7_607, 8_546, 10_090})
    void aStoryThatOnceFoundAFault(long seed) {
        tell(seed, Plot.everything(), Durability.FORCED);
    }

    /** Whether a broken variant is convicted in one of the first stories. */
    private static void assertFound(LongPredicate isConvicted) {
        assertTrue(LongStream.range(0, FEW).anyMatch(isConvicted), "the oracle has not noticed");
    }

    private static boolean isConvicted(long seed, Plot plot, Durability durability) {
        try {
            tell(seed, plot, durability);
            return false;
        } catch (AssertionError e) {
            return true;
        }
    }

    @Test
    void aLogThatAcknowledgesBeforeItForcesIsFound() {
        Plot plot = Plot.everything();
        assertFound(seed -> isConvicted(seed, Plot.everything(), Durability.WRITTEN)
                && !isConvicted(seed, plot, Durability.FORCED));
    }

    @Test
    void aBatchThatVanishesIsFound() {
        Plot plot = Plot.everything().add(2, story -> {
            forEachSegment(story, file -> Files.write(file, new byte[0]));
            story.restartCleanly();
        });
        assertFound(seed -> isConvicted(seed, plot, Durability.FORCED));
    }

    @Test
    void aBitThatFlipsIsFound() {
        Plot plot = Plot.everything()
                .add(
                        2,
                        story -> forEachSegment(story, file -> {
                            if (Files.size(file) > 0) {
                                story.disk().rot(file, story.random());
                            }
                        }));
        assertFound(seed -> isConvicted(seed, plot, Durability.FORCED));
    }

    @Test
    void aStartThatIsForgottenIsFound() {
        Plot plot = Plot.everything().add(2, story -> {
            story.flush(story.anyLog());
            story.crash(LogModel.Ending.KILL, disk -> {
                try {
                    Files.deleteIfExists(disk.root().resolve("data").resolve("log-start-offset-checkpoint"));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        });
        assertFound(seed -> isConvicted(seed, plot, Durability.FORCED));
    }

    @Test
    void aLogThatForgetsAnOpenTransactionIsFound() {
        Plot plot = Plot.everything()
                .add(30, new TransactionStep())
                .add(3, restarting(log -> true, Forgeries::closeTransactions));
        assertFound(seed -> isConvicted(seed, plot, Durability.FORCED));
    }

    @Test
    void aLogThatForgetsWhatWasAbortedIsFound() {
        Plot plot = Plot.everything()
                .add(30, new TransactionStep())
                .add(3, restarting(log -> true, Forgeries::forgetAborted));
        assertFound(seed -> isConvicted(seed, plot, Durability.FORCED));
    }

    @Test
    void aRecordThatCompactionShouldHaveLeftIsMissed() {
        Plot plot = Plot.everything()
                .add(
                        3,
                        restarting(
                                log -> log.model().compactedEnd() > log.model().start(), Forgeries::loseFirstBatch));
        assertFound(seed -> isConvicted(seed, plot, Durability.FORCED));
    }

    @Test
    void aTruncatedRecordThatComesBackIsFound() {
        Plot plot = Plot.everything().add(3, story -> {
            for (StoryLog log : story.logs()) {
                story.flush(log);
            }
            SimulatedFileSystem before = story.disk().copy();
            new TruncationStep().take(story);
            story.crash(LogModel.Ending.KILL, before, disk -> {});
        });
        assertFound(seed -> isConvicted(seed, plot, Durability.FORCED));
    }

    /** A restart in which files of some logs are exchanged. */
    private static Step restarting(Predicate<StoryLog> chosen, Harm harm) {
        return story -> story.restartCleanly(disk -> {
            for (StoryLog log : story.logs()) {
                try {
                    if (chosen.test(log)) {
                        harm.on(log.folder(disk.root().resolve("data")));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    /** Harms a file, or those in a folder. */
    @FunctionalInterface
    private interface Harm {
        void on(Path file) throws IOException;
    }

    private static void forEachSegment(Story story, Harm harm) throws IOException {
        for (StoryLog log : story.logs()) {
            for (Path file : log.segments(story.directory().path())) {
                harm.on(file);
            }
        }
    }
}
