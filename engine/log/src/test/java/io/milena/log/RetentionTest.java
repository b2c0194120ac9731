package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogFixture.Expected;
import io.milena.log.LogSettings.Durability;
import io.milena.records.RecordBatch;
import io.milena.runtime.Deadline;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What housekeeping takes out of a log, when, and what it leaves. */
class RetentionTest {
    private static final LogSettings KEEPING = LogFixture.small(1000, 100, Durability.FORCED);
    private static final LogDirectory.Settings NEVER_BY_ITSELF = new LogDirectory.Settings(100, Long.MAX_VALUE, 16);
    private static final int BATCHES = 40;
    private static final long STEP_MS = 1000;

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final Path data = disk.root().resolve("data");
    private final Path folder = data.resolve("orders-0");

    private LogDirectory open(LogSettings settings) throws IOException {
        return LogFixture.open(data, NEVER_BY_ITSELF, settings, clock);
    }

    /** One record in each batch, {@link #STEP_MS} apart, the last of them now. */
    private static List<Expected> fill(Log log) {
        List<Expected> model = new ArrayList<>();
        for (int i = 0; i < BATCHES; i++) {
            Expected record = new Expected(i, timestampMs(i), i + "x".repeat(100));
            model.add(record);
            LogFixture.appended(log.append(LogFixture.batch(record.timestampMs(), record.value()), 0));
        }
        return model;
    }

    private static long timestampMs(long offset) {
        return HandClock.START_MS + (offset + 1 - BATCHES) * STEP_MS;
    }

    private static void assertKeepsFrom(long start, List<Expected> model, Log log) throws IOException {
        assertEquals(start, log.logStartOffset());
        assertEquals(model.size(), log.logEndOffset());
        assertEquals(model.subList((int) start, model.size()), LogFixture.read(log, 0));
        if (start > 0) {
            assertEquals(ReadResult.OutOfRange.INSTANCE, log.read(start - 1, 100, Long.MAX_VALUE));
        }
    }

    @Test
    void takesASegmentOneMillisecondAfterItsYoungestRecordIsTooOld() throws Exception {
        // Given
        LogSettings settings = KEEPING.withRetention(10 * BATCHES * STEP_MS, -1);
        try (LogDirectory directory = open(settings)) {
            Log log = LogFixture.create(directory, settings);
            List<Expected> model = fill(log);
            LogFixture.flush(log);
            List<Long> segments = LogFixture.segments(folder);
            long second = segments.get(1);
            // When
            clock.advanceMs(timestampMs(second - 1) + settings.deleting().retentionMs() - clock.millis());
            directory.applyRetention();
            // Then
            assertKeepsFrom(0, model, log);
            // When
            clock.advanceMs(1);
            directory.applyRetention();
            // Then
            assertKeepsFrom(second, model, log);
            // When
            clock.advanceMs(STEP_MS * (segments.get(4) - second) - 1);
            directory.applyRetention();
            // Then
            assertKeepsFrom(segments.get(3), model, log);
        }
    }

    @Test
    void sealsTheActiveSegmentWhenAllItHoldsIsTooOld() throws Exception {
        // Given
        LogSettings settings = KEEPING.withRetention(60_000, -1);
        List<Expected> model;
        try (LogDirectory directory = open(settings)) {
            Log log = LogFixture.create(directory, settings);
            model = fill(log);
            LogFixture.flush(log);
            clock.advanceMs(60_000);
            directory.applyRetention();
            long active = LogFixture.segments(folder).getLast();
            assertKeepsFrom(active, model, log);
            // When
            clock.advanceMs(1);
            directory.applyRetention();
            // Then
            assertKeepsFrom(BATCHES, model, log);
            assertEquals(0, log.sizeInBytes());
            assertEquals(Optional.empty(), log.offsetForTimestamp(0));
            directory.applyRetention();
            assertKeepsFrom(BATCHES, model, log);
        }
        try (LogDirectory reopened = open(settings)) {
            Log log = LogFixture.existing(reopened);
            assertKeepsFrom(BATCHES, model, log);
            AppendResult next = log.append(LogFixture.batch(clock.millis(), "next"), 0);
            assertEquals(BATCHES, LogFixture.appended(next).baseOffset());
            assertEquals(BATCHES, LogFixture.appended(next).logStartOffset());
        }
    }

    @Test
    void aFailureInTheMiddleOfItChangesNothing() throws Exception {
        // Given
        LogSettings settings = KEEPING.withRetention(10 * STEP_MS, -1);
        try (LogDirectory directory = open(settings)) {
            Log log = LogFixture.create(directory, settings);
            List<Expected> model = fill(log);
            LogFixture.flush(log);
            for (String name : LogFixture.names(folder)) {
                if (name.endsWith(".snapshot")) {
                    Files.delete(folder.resolve(name));
                }
            }
            disk.faults(DiskFaults.failing(
                    DiskOperation.WRITE, path -> path.toString().contains(".snapshot"), 0, 1));
            // When
            directory.applyRetention();
            // Then
            assertKeepsFrom(0, model, log);
            directory.applyRetention();
            assertTrue(log.logStartOffset() > 0);
            assertKeepsFrom(log.logStartOffset(), model, log);
        }
    }

    @Test
    void keepsNoLessThanTheSizeAskedFor() throws Exception {
        try (LogDirectory directory = open(KEEPING)) {
            // Given
            Log log = LogFixture.create(directory, KEEPING);
            List<Expected> model = fill(log);
            LogFixture.flush(log);
            List<Long> segments = LogFixture.segments(folder);
            long newest = 0;
            for (long base : segments.subList(segments.size() - 3, segments.size())) {
                newest += Files.size(folder.resolve(FileNames.ofOffset(base) + ".log"));
            }
            // When
            log.settings(KEEPING.withRetention(-1, newest + 1));
            directory.applyRetention();
            // Then
            assertKeepsFrom(segments.get(segments.size() - 4), model, log);
            // When
            log.settings(KEEPING.withRetention(-1, newest));
            directory.applyRetention();
            // Then
            assertKeepsFrom(segments.get(segments.size() - 3), model, log);
            assertEquals(newest, log.sizeInBytes());
            // When
            log.settings(KEEPING.withRetention(-1, 0));
            directory.applyRetention();
            // Then
            assertKeepsFrom(model.size(), model, log);
            assertEquals(0, log.sizeInBytes());
        }
    }

    @Test
    void keepsWhatIsNotForcedYet() throws Exception {
        // Given
        LogSettings settings = KEEPING.withRetention(0, 0);
        try (LogDirectory directory = open(settings)) {
            Log log = LogFixture.create(directory, settings);
            List<Expected> model = fill(log);
            // When
            directory.applyRetention();
            // Then
            assertKeepsFrom(0, model, log);
            // When
            LogFixture.flush(log);
            directory.applyRetention();
            // Then
            assertKeepsFrom(model.size(), model, log);
        }
    }

    @Test
    void keepsEverythingWithoutTheDeletePolicyButWhatIsBelowTheStart() throws Exception {
        // Given
        LogSettings settings = compacting(KEEPING.withRetention(0, 0));
        try (LogDirectory directory = open(settings)) {
            Log log = LogFixture.create(directory, settings);
            for (int i = 0; i < BATCHES; i++) {
                LogFixture.appended(log.appendOwn(LogFixture.batch(timestampMs(i), i + "x".repeat(100)), 0));
            }
            LogFixture.flush(log);
            List<Long> segments = LogFixture.segments(folder);
            // When
            directory.applyRetention();
            // Then
            assertEquals(0, log.logStartOffset());
            assertEquals(segments, LogFixture.segments(folder));
            // When
            log.deleteRecordsBefore(segments.get(2));
            directory.applyRetention();
            // Then
            assertEquals(segments.subList(2, segments.size()), LogFixture.segments(folder));
        }
    }

    private static LogSettings compacting(LogSettings of) {
        return of.with(new LogSettings.Deleting(
                        false, of.deleting().retentionMs(), of.deleting().retentionBytes()))
                .with(new LogSettings.Compacting(true, 0.5, 0, 0, Long.MAX_VALUE));
    }

    @Test
    void deletedRecordsTakeWholeSegmentsWithThem() throws Exception {
        try (LogDirectory directory = open(KEEPING)) {
            // Given
            Log log = LogFixture.create(directory, KEEPING);
            List<Expected> model = fill(log);
            LogFixture.flush(log);
            List<Long> segments = LogFixture.segments(folder);
            // When
            log.deleteRecordsBefore(segments.get(3) - 1);
            directory.applyRetention();
            // Then
            assertKeepsFrom(segments.get(3) - 1, model, log);
            assertEquals(segments.subList(2, segments.size()), LogFixture.segments(folder));
            // When
            log.deleteRecordsBefore(5);
            log.deleteRecordsBefore(segments.get(3));
            directory.applyRetention();
            // Then
            assertKeepsFrom(segments.get(3), model, log);
            assertEquals(segments.subList(3, segments.size()), LogFixture.segments(folder));
            // When
            log.deleteRecordsBefore(BATCHES);
            directory.applyRetention();
            // Then
            assertKeepsFrom(BATCHES, model, log);
        }
    }

    @Test
    void deletesFilesOnlyAfterTheDelay() throws Exception {
        try (LogDirectory directory = open(KEEPING)) {
            // Given
            Log log = LogFixture.create(directory, KEEPING);
            fill(log);
            LogFixture.flush(log);
            List<Long> segments = LogFixture.segments(folder);
            log.deleteRecordsBefore(segments.get(1));
            // When
            directory.applyRetention();
            // Then
            List<String> waiting = List.of(
                    "00000000000000000000.index.deleted",
                    "00000000000000000000.log.deleted",
                    "00000000000000000000.timeindex.deleted");
            assertEquals(waiting, deleted());
            // When
            clock.advanceMs(KEEPING.fileDeleteDelayMs() - 1);
            directory.applyRetention();
            // Then
            assertEquals(waiting, deleted());
            // When
            clock.advanceMs(1);
            directory.applyRetention();
            // Then
            assertEquals(List.of(), deleted());
        }
    }

    private List<String> deleted() throws IOException {
        return LogFixture.names(folder).stream()
                .filter(name -> name.endsWith(".deleted"))
                .toList();
    }

    @Test
    void aReaderKeepsItsSliceUntilItIsDone() throws Exception {
        try (LogDirectory directory = open(KEEPING)) {
            // Given
            Log log = LogFixture.create(directory, KEEPING);
            List<Expected> model = fill(log);
            LogFixture.flush(log);
            ReadResult.Slice slice = assertInstanceOf(ReadResult.Slice.class, log.read(0, 1, Long.MAX_VALUE));
            log.deleteRecordsBefore(BATCHES);
            // When
            directory.applyRetention();
            clock.advanceMs(KEEPING.fileDeleteDelayMs());
            directory.applyRetention();
            // Then
            assertFalse(LogFixture.names(folder).contains("00000000000000000000.log"));
            RecordBatch batch = RecordBatch.filling(slice.take());
            assertTrue(batch.isIntact());
            assertEquals(model.getFirst().offset(), batch.baseOffset());
            assertFalse(slice.channel().isOpen());
        }
    }

    @Test
    void tellsWhoeverWaitsThatTheStartHasMoved() throws Exception {
        // Given
        LogSettings settings = KEEPING.withRetention(-1, 0);
        try (LogDirectory directory = open(settings)) {
            Log log = LogFixture.create(directory, settings);
            fill(log);
            LogFixture.flush(log);
            FutureTask<Boolean> waiter =
                    new FutureTask<>(() -> log.changed().await(() -> log.logStartOffset() > 0, Deadline.never()));
            Thread.ofVirtual().start(waiter);
            while (!log.changed().hasWaiters()) {
                Thread.onSpinWait();
            }
            // When
            directory.applyRetention();
            // Then
            assertTrue(waiter.get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void isAppliedInEveryInterval() throws Exception {
        // Given
        LogSettings settings = KEEPING.withRetention(1, -1);
        LogDirectory.Settings everyMinute = new LogDirectory.Settings(100, 60_000, 16);
        try (LogDirectory directory = LogFixture.open(data, everyMinute, settings, clock)) {
            Log log = LogFixture.create(directory, settings);
            fill(log);
            LogFixture.flush(log);
            CountDownLatch renamed = new CountDownLatch(1);
            disk.faults((operation, path) -> {
                if (operation == DiskOperation.MOVE && path.toString().endsWith(".log")) {
                    renamed.countDown();
                }
            });
            // When
            for (int i = 0; i < 1000 && renamed.getCount() > 0; i++) {
                clock.advanceMs(60_000);
                renamed.await(50, TimeUnit.MILLISECONDS); // the housekeeper may not have begun its wait yet
            }
            // Then
            assertEquals(0, renamed.getCount(), "no segment was taken out");
            assertEquals(BATCHES, log.logStartOffset());
        }
    }
}
