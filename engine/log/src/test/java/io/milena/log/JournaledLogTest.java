package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogFixture.Expected;
import io.milena.log.LogSettings.Durability;
import io.milena.log.disk.Checkpoint;
import io.milena.log.journal.JournalSettings;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.Moments;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What was acknowledged because the journal has it is there after a power cut that took it from the log's own files. */
class JournaledLogTest {
    private static final LogSettings SMALL = LogFixture.small(20_000, 100, Durability.FORCED);
    private static final long NEVER = Long.MAX_VALUE;
    /** Files are never forced by themselves. */
    private static final LogDirectory.Settings JOURNALED = new LogDirectory.Settings(NEVER, NEVER, 16)
            .withTrash(100_000)
            .withJournal(new JournalSettings(1 << 15, 2, 0));

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final List<Expected> model = new ArrayList<>();

    private LogDirectory open(SimulatedFileSystem on) throws IOException {
        return open(on, JOURNALED);
    }

    private LogDirectory open(SimulatedFileSystem on, LogDirectory.Settings settings) throws IOException {
        return LogFixture.open(on.root().resolve("data"), settings, SMALL, clock);
    }

    private void append(Log log, int count) {
        for (int i = 0; i < count; i++) {
            Expected record = new Expected(log.logEndOffset(), clock.millis(), model.size() + "x".repeat(100));
            LogFixture.appended(
                    log.append(LogFixture.batchOf(7, 0, model.size(), record.timestampMs(), record.value()), 3));
            model.add(record);
        }
    }

    /** A log whose directory is on disk, so that the journal takes what follows. */
    private Log begun(LogDirectory directory) throws IOException, InterruptedException {
        Log log = LogFixture.create(directory, SMALL);
        append(log, 1);
        LogFixture.flush(log);
        assertFalse(log.durability().isAhead());
        return log;
    }

    private void flushToTheJournal(Log log) throws InterruptedException {
        LogFixture.flush(log);
        assertTrue(log.durability().isAhead());
    }

    private static List<String> journals(SimulatedFileSystem on) throws IOException {
        return LogFixture.names(on.root().resolve("data")).stream()
                .filter(name -> LogFixture.isJournal(Path.of(name)))
                .toList();
    }

    @Test
    void theJournalLeavesASmallDiskToTheRecords() throws Exception {
        for (int times : List.of(8, 9)) {
            // Given a disk with a little more than so many times the space of one file of the journal
            SimulatedFileSystem small = SimulatedFileSystem.create(clock);
            small.capacityBytes(small.usedBytes() + (times << 15) + (1 << 14));
            // When
            try (LogDirectory directory = open(small)) {
                LogFixture.flush(LogFixture.create(directory, SMALL));
                // Then
                assertEquals(times - 8, journals(small).size());
            }
        }
    }

    @Test
    void segmentsThatThePowerCutTookComeBackWithTheirProducersAndEpochs() throws Exception {
        // Given
        SimulatedFileSystem after;
        try (LogDirectory directory = open(disk)) {
            Log log = begun(directory);
            for (int i = 0; i < 10; i++) {
                append(log, 3);
                flushToTheJournal(log);
            }
            after = disk.copy();
        }
        // When
        after.crashKeepingOnlyForced();
        // Then
        try (LogDirectory directory = open(after)) {
            Log log = LogFixture.existing(directory);
            assertEquals(model, LogFixture.read(log, 0));
            assertEquals(31, log.flushedOffset());
            assertEquals(new EpochEnd(3, 31), log.endOffsetFor(3));
            assertEquals(30, log.producers().getFirst().lastSequence());
        }
    }

    @Test
    void aPowerCutAtAnyMomentLeavesWhatWasAcknowledged() {
        LogFixture.each(JournaledLogTest.class, 4, seed -> {
            // Given
            model.clear();
            SimulatedFileSystem home = SimulatedFileSystem.create(clock);
            List<SimulatedFileSystem> moments = new ArrayList<>();
            List<Integer> flushed = new ArrayList<>();
            LogDirectory.Settings narrow = JOURNALED.withJournal(
                    new JournalSettings(8192, 1 + (int) (seed % 3), 0, seed % 2 == 0 ? 1_600 : Integer.MAX_VALUE));
            try (LogDirectory directory = open(home, narrow)) {
                Log log = LogFixture.create(directory, SMALL);
                Queue<SimulatedFileSystem> current = Moments.of(home);
                Random random = new Random(seed);
                for (int i = 0; i < 15; i++) {
                    // When
                    int safe = (int) log.flushedOffset();
                    append(log, 1 + random.nextInt(3));
                    if (random.nextInt(3) > 0) {
                        LogFixture.flush(log);
                    }
                    if (random.nextInt(8) == 0) {
                        directory.checkpoint();
                    }
                    for (SimulatedFileSystem moment = current.poll(); moment != null; moment = current.poll()) {
                        moments.add(moment);
                        flushed.add(safe);
                    }
                }
            }
            // Then
            for (int i = 0; i < moments.size(); i++) {
                Moments.crash(moments.get(i), seed);
                try (LogDirectory directory = open(moments.get(i), narrow)) {
                    Log log = LogFixture.existing(directory);
                    int end = (int) log.logEndOffset();
                    int least = flushed.get(i);
                    assertTrue(end >= least, () -> end + " is left of " + least);
                    assertEquals(model.subList(0, end), LogFixture.read(log, 0), "moment " + i);
                }
            }
        });
    }

    @Test
    void aPowerCutWhileTheJournalIsReadLosesNothing() {
        LogFixture.each(JournaledLogTest.class, 6, seed -> {
            // Given
            model.clear();
            SimulatedFileSystem home = SimulatedFileSystem.create(clock);
            SimulatedFileSystem after;
            try (LogDirectory directory = open(home)) {
                Log log = begun(directory);
                append(log, 20);
                flushToTheJournal(log);
                after = home.copy();
            }
            Moments.crash(after, seed);
            // When
            Queue<SimulatedFileSystem> moments = Moments.of(after);
            open(after).close();
            // Then
            for (SimulatedFileSystem moment : moments) {
                Moments.crash(moment, seed);
                try (LogDirectory directory = open(moment)) {
                    assertEquals(model, LogFixture.read(LogFixture.existing(directory), 0));
                }
            }
        });
    }

    @Test
    void aDeletedTopicComesBackWithWhatWasInTheJournalOnly() throws Exception {
        // Given
        SimulatedFileSystem after;
        UUID topic = new UUID(1, 2);
        try (LogDirectory directory = open(disk)) {
            Log log = begun(directory);
            append(log, 20);
            flushToTheJournal(log);
            // When
            directory
                    .topicTrash()
                    .announce(new DeletedTopic("orders", topic, 1, 0, clock.millis(), Map.of()), List.of(log));
            directory.delete(log.topicId(), List.of(log));
            after = disk.copy();
        }
        after.crashKeepingOnlyForced();
        // Then
        try (LogDirectory directory = open(after)) {
            directory.topicTrash().settle();
            assertTrue(directory.topicTrash().claim(topic));
            directory.restore(topic, "orders", SMALL);
            assertEquals(model, LogFixture.read(LogFixture.existing(directory), 0));
        }
    }

    @Test
    void aCleanStopLeavesNoJournal() throws Exception {
        // Given
        try (LogDirectory directory = open(disk)) {
            Log log = begun(directory);
            append(log, 20);
            flushToTheJournal(log);
            assertEquals(2, journals(disk).size());
        }
        // Then
        assertEquals(List.of(), journals(disk));
        disk.crashKeepingOnlyForced();
        assertEquals(List.of(), journals(disk));
        try (LogDirectory directory = open(disk)) {
            assertEquals(model, LogFixture.read(LogFixture.existing(directory), 0));
        }
    }

    @Test
    void aRoundThatFailsTakesTheDirectoryOfflineAndAcknowledgesNothing() throws Exception {
        // Given
        SimulatedFileSystem after;
        try (LogDirectory directory = open(disk)) {
            Log log = begun(directory);
            append(log, 2);
            flushToTheJournal(log);
            // When
            disk.faults(DiskFaults.failing(DiskOperation.FORCE, LogFixture::isJournal, 0, 1));
            append(log, 2);
            LogFixture.flush(log);
            // Then
            assertTrue(log.isOffline());
            assertEquals(3, log.flushedOffset());
            after = disk.copy();
        }
        after.crashKeepingOnlyForced();
        try (LogDirectory directory = open(after)) {
            Log log = LogFixture.existing(directory);
            assertTrue(log.logEndOffset() >= 3);
            assertEquals(model.subList(0, (int) log.logEndOffset()), LogFixture.read(log, 0));
        }
    }

    /** Or a round that is under way takes the place of what was acknowledged before the disk failed. */
    @Test
    void whatTheJournalHasIsKeptWhenTheDirectoryHasFailed() throws Exception {
        try (LogDirectory directory = open(disk)) {
            // Given
            Log log = begun(directory);
            append(log, 3);
            flushToTheJournal(log);
            // When
            log.health().fail("testing", new IOException("the disk is gone"));
            // Then
            assertTrue(log.isOffline());
            assertFalse(log.durability().isForced(log.logEndOffset()));
        }
    }

    @Test
    void whereTheJournalIsFullTheFilesOfTheLogAreForced() throws Exception {
        // Given
        LogDirectory.Settings narrow = JOURNALED.withJournal(new JournalSettings(8192, 1, 0));
        try (LogDirectory directory = open(disk, narrow)) {
            Log log = begun(directory);
            append(log, 1);
            flushToTheJournal(log);
            append(log, 1);
            flushToTheJournal(log);
            // When
            append(log, 1);
            LogFixture.flush(log);
            // Then
            assertFalse(log.durability().isAhead());
            assertFalse(log.isOffline());
        }
    }

    @Test
    void recordsThatAreDeletedDoNotComeBackWithTheJournal() throws Exception {
        SimulatedFileSystem after = afterDeletionBefore(13);
        // Then
        try (LogDirectory directory = open(after)) {
            Log log = LogFixture.existing(directory);
            assertEquals(13, log.logStartOffset());
            assertEquals(model.subList(13, 21), LogFixture.read(log, 13));
            assertEquals(-1, log.epochAt(12));
            assertEquals(3, log.epochAt(13));
        }
    }

    /** What a power cut leaves after records were deleted that only the journal had until then. */
    private SimulatedFileSystem afterDeletionBefore(long offset) throws Exception {
        SimulatedFileSystem after;
        try (LogDirectory directory = open(disk)) {
            Log log = begun(directory);
            append(log, 20);
            flushToTheJournal(log);
            log.deleteRecordsBefore(offset);
            directory.checkpointStartOffsets();
            after = disk.copy();
        }
        after.crashKeepingOnlyForced();
        return after;
    }

    private interface WritingDown {
        void startOf(Log log, LogDirectory directory) throws IOException;
    }

    /** The segment that begins behind deleted records would hide that the journal has them. */
    private void assertProducersAreKnown(long startOffset, WritingDown writing) throws Exception {
        // Given
        SimulatedFileSystem after;
        try (LogDirectory directory = open(disk)) {
            Log log = begun(directory);
            append(log, 20);
            flushToTheJournal(log);
            log.deleteRecordsBefore(21);
            writing.startOf(log, directory);
            // When its name is on disk, and nothing else
            LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "x".repeat(19_000)), 3));
            Checkpoint.forceDirectory(log.identity().directory());
            after = disk.copy();
        }
        after.crashKeepingOnlyForced();
        // Then
        try (LogDirectory directory = open(after)) {
            Log log = LogFixture.existing(directory);
            assertEquals(startOffset, log.logStartOffset());
            assertEquals(20, log.producers().getFirst().lastSequence());
        }
    }

    @Test
    void producersAreKnownAlthoughTheirRecordsAreDeletedAndAnotherSegmentHasBegun() throws Exception {
        assertProducersAreKnown(21, (log, directory) -> directory.checkpointStartOffsets());
    }

    /** Whose deletion did not happen. */
    @Test
    void producersOfATopicWhoseDeletionWasAnnouncedAreKnown() throws Exception {
        assertProducersAreKnown(
                1,
                (log, directory) -> directory
                        .topicTrash()
                        .announce(
                                new DeletedTopic("orders", log.topicId(), 1, 0, clock.millis(), Map.of()),
                                List.of(log)));
    }

    /** Or a record that its producer sends again would be there twice. */
    @Test
    void producersAreKnownAlthoughAllTheirRecordsAreDeleted() throws Exception {
        SimulatedFileSystem after = afterDeletionBefore(21);
        // Then
        try (LogDirectory directory = open(after)) {
            Log log = LogFixture.existing(directory);
            assertEquals(21, log.logStartOffset());
            assertEquals(21, log.logEndOffset());
            assertEquals(20, log.producers().getFirst().lastSequence());
            append(log, 1);
            assertEquals(model.subList(21, 22), LogFixture.read(log, 21));
        }
    }

    /** Its files are all that the trash has. */
    @Test
    void whereALogThatIsDeletedCannotBeForcedTheDirectoryGoesOffline() throws Exception {
        try (LogDirectory directory = open(disk)) {
            Log log = begun(directory);
            append(log, 20);
            flushToTheJournal(log);
            // When
            disk.faults(DiskFaults.failing(DiskOperation.FORCE, LogFixture::isSegment, 0, 1));
            assertThrows(IOException.class, () -> LogFixture.delete(directory, log));
            // Then
            assertTrue(directory.isOffline());
        }
    }
}
