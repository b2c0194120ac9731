package io.milena.log.story;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.CleanerSettings;
import io.milena.log.Log;
import io.milena.log.LogDirectory;
import io.milena.log.LogSettings;
import io.milena.log.LogSettings.Durability;
import io.milena.log.journal.JournalSettings;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * One run: a directory with a few logs on a simulated disk, and what plagues that disk at the moment. The same seed takes the same steps. Confined to one thread; the directory's own threads
 * do only what a step asks for and waits for.
 */
final class Story {
    private static final long NEVER = Long.MAX_VALUE;
    private static final CleanerSettings NO_CLEANER = new CleanerSettings(0, 1 << 20, Double.MAX_VALUE, 15_000);

    private static final LogSettings.Compacting COMPACTING =
            new LogSettings.Compacting(true, 0.01, 10_000, 0, Long.MAX_VALUE);

    private final Random random;
    private final HandClock clock = new HandClock();
    private final LogDirectory.Settings settings;
    private final List<StoryLog> logs = new ArrayList<>();
    private final Plague plague;
    private SimulatedFileSystem disk;
    private LogDirectory directory;
    private int lastValue;

    private Story(long seed, Durability durability) throws IOException {
        this.random = new Random(seed);
        this.settings = new LogDirectory.Settings(NEVER, NEVER, 1 + random.nextInt(6))
                .with(NO_CLEANER)
                .withReserve(random.nextInt(3) * 100_000L)
                .withJournal(new JournalSettings(
                        (1 + random.nextInt(6)) * 4096, random.nextInt(4), 0, random.nextInt(4) * 1_600));
        this.plague = new Plague(new Random(~seed), clock);
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            logs.add(
                    i < 2
                            ? new StoryLog(i, logSettings(durability), Durability.FORCED)
                            : new StoryLog(i, logSettings(Durability.WRITTEN), Durability.WRITTEN));
        }
        this.disk = SimulatedFileSystem.create(clock);
        this.directory = openDirectory();
        attach(LogModel.Ending.CLEAN_STOP);
    }

    private LogSettings logSettings(Durability durability) {
        int segmentBytes = 600 + random.nextInt(4000);
        int indexIntervalBytes = random.nextInt(600);
        boolean isCompacted = random.nextInt(3) == 0;
        return LogSettings.DEFAULTS
                .with(new LogSettings.Segmenting(
                        segmentBytes, LogSettings.Segmenting.DEFAULTS.ms(), 0, indexIntervalBytes))
                .with(new LogSettings.Deleting(!isCompacted || random.nextBoolean(), 100_000, -1))
                .with(isCompacted ? COMPACTING : LogSettings.Compacting.DEFAULTS)
                .with(durability);
    }

    /**
     * Tells a story to its end.
     *
     * @param durability what the logs really do; what they promise is to force
     */
    static void tell(long seed, int steps, Plot plot, Durability durability) throws IOException, InterruptedException {
        Story story = new Story(seed, durability);
        List<String> told = new ArrayList<>();
        try {
            for (int i = 0; i < steps; i++) {
                Step step = plot.next(story.random);
                told.add(
                        step instanceof PowerCutStep cut
                                ? cut.name()
                                : step.getClass().getSimpleName());
                step.take(story);
                if (story.plague.isFull()) {
                    new RetentionStep().take(story); // as the housekeeper would
                }
                story.noteFailure();
                story.logs.forEach(StoryLog::compareOffsets);
            }
            story.heal();
            story.compareAll();
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + " at the end of " + String.join(", ", told), e);
        } finally {
            story.directory.close();
        }
    }

    Random random() {
        return random;
    }

    HandClock clock() {
        return clock;
    }

    Plague plague() {
        return plague;
    }

    SimulatedFileSystem disk() {
        return disk;
    }

    LogDirectory directory() {
        return directory;
    }

    List<StoryLog> logs() {
        return logs;
    }

    StoryLog anyLog() {
        return logs.get(random.nextInt(logs.size()));
    }

    boolean isAnyOffline() {
        return logs.stream().anyMatch(log -> log.log().isOffline());
    }

    /** A value that no other record has. */
    String freshValue() {
        int length = random.nextInt(10) == 0 ? random.nextInt(3000) : random.nextInt(200);
        return ++lastValue + "x".repeat(Math.min(length, 500 + random.nextInt(100)));
    }

    void compareAll() throws IOException {
        for (StoryLog log : logs) {
            log.compareOffsets();
            if (!log.model().isUncertain()) {
                log.compareAll();
                log.compareCommitted();
            }
        }
    }

    /** From here on the disk is as good as new, and what was refused is taken again; but what is offline stays so. */
    void heal() {
        noteFailure();
        plague.end(disk);
        clock.advanceMs(1000);
        new RetentionStep().take(this); // looks at the disk anew
    }

    /** Waits until the log's flush is over; it ends early where the log goes offline. */
    void flush(StoryLog of) throws InterruptedException {
        Log log = of.log();
        long wanted = log.logEndOffset();
        log.requestFlush();
        boolean isOver = log.changed()
                .await(
                        () -> log.flushedOffset() >= wanted || log.isOffline(),
                        Deadline.afterMs(Clock.system(), 60_000));
        assertTrue(isOver, "the flush does not end");
        noteFailure();
    }

    /** The logs may go offline when the disk fails, all of them, and not for less. */
    void noteFailure() {
        for (StoryLog log : logs) {
            if (log.log().isOffline() && !log.model().isOffline()) {
                assertTrue(plague.hasErrors(), "offline without an error of the disk");
                log.model().goOffline();
            }
        }
    }

    /** A clean stop, as far as the disk lets it, and a start on a disk that works. */
    void restartCleanly() throws IOException {
        restartCleanly(stopped -> {});
    }

    /** @param harm what happens to the disk in between */
    void restartCleanly(Consumer<SimulatedFileSystem> harm) throws IOException {
        logs.forEach(log -> log.noteAcknowledged(LogModel.Ending.CLEAN_STOP));
        boolean isPlagued = plague.isAny();
        directory.close();
        plague.end(disk);
        harm.accept(disk);
        directory = openDirectory();
        attach(isPlagued || isAnyOffline() ? LogModel.Ending.KILL : LogModel.Ending.CLEAN_STOP);
    }

    /** The process ends in the middle of things, and with {@link LogModel.Ending#POWER_CUT} the computer. */
    void crash(LogModel.Ending ending, Consumer<SimulatedFileSystem> loss) throws IOException {
        crash(ending, disk.copy(), loss);
    }

    /** @param left the disk that the next process finds */
    void crash(LogModel.Ending ending, SimulatedFileSystem left, Consumer<SimulatedFileSystem> loss)
            throws IOException {
        logs.forEach(log -> log.noteAcknowledged(ending));
        directory.close(); // on a disk that nobody sees again
        loss.accept(left);
        disk = left;
        plague.end(disk);
        directory = openDirectory();
        attach(ending);
    }

    private LogDirectory openDirectory() throws IOException {
        return LogDirectory.open(
                disk.root().resolve("data"),
                settings,
                topic -> logs.getFirst().settings(),
                new Environment(clock, StoryThreads.INSTANCE, new Random(1)));
    }

    private void attach(LogModel.Ending ending) throws IOException {
        for (StoryLog log : logs) {
            log.open(directory, ending);
            log.compareAll();
            log.compareCommitted();
            assertFalse(log.log().isOffline());
        }
        disk.faults(plague);
    }
}
