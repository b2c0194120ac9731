package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogFixture.Expected;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** One log against a list in memory. */
class LogTest {
    private static final LogSettings SMALL = LogSettings.DEFAULTS.withSegmentBytes(1000);

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final Path data = disk.root().resolve("data");

    private static List<Expected> fill(Log log, int batches, Random random) {
        List<Expected> model = new ArrayList<>();
        for (int i = 0; i < batches; i++) {
            String[] values = new String[1 + random.nextInt(4)];
            long timestampMs = HandClock.START_MS + i * 10L + random.nextInt(25);
            for (int j = 0; j < values.length; j++) {
                values[j] = "v" + i + "." + j + "x".repeat(random.nextInt(60));
                model.add(new Expected(model.size(), timestampMs, values[j]));
            }
            assertInstanceOf(AppendResult.Appended.class, log.append(LogFixture.batch(timestampMs, values), 3));
        }
        return model;
    }

    private static void assertHolds(List<Expected> model, Log log) throws IOException {
        assertEquals(model.size(), log.logEndOffset());
        for (int offset = 0; offset <= model.size(); offset += 7) {
            assertEquals(model.subList(offset, model.size()), LogFixture.read(log, offset));
        }
        for (Expected record : model) {
            for (long timestampMs = record.timestampMs() - 1; timestampMs <= record.timestampMs() + 1; timestampMs++) {
                long wanted = timestampMs;
                Optional<Long> first = model.stream()
                        .filter(each -> each.timestampMs() >= wanted)
                        .map(Expected::offset)
                        .findFirst();
                assertEquals(first, log.offsetForTimestamp(wanted).map(TimestampedOffset::offset));
            }
        }
    }

    @Test
    void findsEveryRecordByOffsetAndTimeAlsoAfterReopen() throws IOException {
        List<Expected> model;
        try (LogDirectory directory = LogFixture.open(data, SMALL, clock)) {
            // Given
            Log log = LogFixture.create(directory, SMALL);
            // When
            model = fill(log, 80, new Random(7));
            // Then
            assertHolds(model, log);
            assertEquals(ReadResult.OutOfRange.INSTANCE, log.read(model.size() + 1, 100, Long.MAX_VALUE));
            assertEquals(ReadResult.Empty.INSTANCE, log.read(model.size(), 100, Long.MAX_VALUE));
        }
        try (LogDirectory reopened = LogFixture.open(data, SMALL, clock)) {
            assertHolds(model, LogFixture.existing(reopened));
        }
    }

    @Test
    void recognisesDuplicatesAndGapsAlsoAfterReopen() throws IOException {
        try (LogDirectory directory = LogFixture.open(data, SMALL, clock)) {
            // Given
            Log log = LogFixture.create(directory, SMALL);
            // When
            for (int sequence = 0; sequence < 20; sequence++) {
                log.append(LogFixture.batchOf(9, 0, sequence, HandClock.START_MS, "v" + sequence), 0);
            }
            // Then
            assertSequences(log, 15);
        }
        try (LogDirectory reopened = LogFixture.open(data, SMALL, clock)) {
            assertSequences(LogFixture.existing(reopened), 19);
        }
    }

    private static void assertSequences(Log log, int firstKnown) {
        for (int sequence = firstKnown; sequence < 20; sequence++) {
            AppendResult again = log.append(LogFixture.batchOf(9, 0, sequence, HandClock.START_MS, "again"), 0);
            assertEquals(
                    sequence,
                    assertInstanceOf(AppendResult.Duplicate.class, again).baseOffset());
        }
        LogFixture.assertRefused(
                AppendResult.Reason.OUT_OF_ORDER_SEQUENCE_NUMBER,
                log.append(LogFixture.batchOf(9, 0, 21, HandClock.START_MS, "gap"), 0));
        LogFixture.assertRefused(
                AppendResult.Reason.OUT_OF_ORDER_SEQUENCE_NUMBER,
                log.append(LogFixture.batchOf(9, 1, 5, HandClock.START_MS, "new epoch, not from 0"), 0));
        assertEquals(20, log.logEndOffset());
    }

    @Test
    void retentionByTimeTakesWhatIsTooOld() throws IOException, InterruptedException {
        LogSettings settings = SMALL.withRetention(60_000, -1);
        try (LogDirectory directory = LogFixture.open(data, settings, clock)) {
            // Given
            Log log = LogFixture.create(directory, settings);
            List<Expected> model = fill(log, 40, new Random(1));
            LogFixture.flush(log);
            // When
            clock.advanceMs(120_000);
            directory.applyRetention();
            // Then
            assertEquals(model.size(), log.logStartOffset());
            assertEquals(ReadResult.OutOfRange.INSTANCE, log.read(0, 100, Long.MAX_VALUE));
            assertEquals(Optional.empty(), log.offsetForTimestamp(0));
        }
    }

    @Test
    void retentionBySizeKeepsTheNewest() throws IOException, InterruptedException {
        LogSettings settings = SMALL.withRetention(-1, 3000);
        try (LogDirectory directory = LogFixture.open(data, settings, clock)) {
            // Given
            Log log = LogFixture.create(directory, settings);
            List<Expected> model = fill(log, 60, new Random(2));
            LogFixture.flush(log);
            // When
            directory.applyRetention();
            // Then
            int start = (int) log.logStartOffset();
            assertTrue(start > 0 && log.sizeInBytes() >= 3000 && log.sizeInBytes() < 4000, () -> "starts at " + start);
            assertEquals(model.subList(start, model.size()), LogFixture.read(log, start));
        }
    }

    @Test
    void deletedRecordsStayDeletedAfterReopen() throws IOException {
        List<Expected> model;
        try (LogDirectory directory = LogFixture.open(data, SMALL, clock)) {
            // Given
            Log log = LogFixture.create(directory, SMALL);
            model = fill(log, 30, new Random(3));
            // When
            log.deleteRecordsBefore(25);
            directory.applyRetention();
            // Then
            assertEquals(model.subList(25, model.size()), LogFixture.read(log, 0));
            assertThrows(IllegalArgumentException.class, () -> log.deleteRecordsBefore(model.size() + 1));
        }
        try (LogDirectory reopened = LogFixture.open(data, SMALL, clock)) {
            assertEquals(25, LogFixture.existing(reopened).logStartOffset());
            assertEquals(model.subList(25, model.size()), LogFixture.read(LogFixture.existing(reopened), 0));
        }
    }

    @Test
    void refusesASecondOpenUntilTheFirstIsClosed() throws IOException {
        // Given
        LogDirectory first = LogFixture.open(data, SMALL, clock);
        // When, Then
        assertThrows(DirectoryInUseException.class, () -> LogFixture.open(data, SMALL, clock));
        first.close();
        LogFixture.open(data, SMALL, clock).close();
    }

    @Test
    void whatIsWrittenStaysVisibleWhileItIsForced() throws Exception {
        // Given
        LogSettings written = SMALL.withSegmentBytes(1 << 20).with(LogSettings.Durability.WRITTEN);
        try (LogDirectory directory = LogFixture.open(data, written, clock)) {
            Log log = LogFixture.create(directory, written);
            AtomicBoolean isDone = new AtomicBoolean();
            Thread flusher = Thread.ofPlatform().start(() -> {
                while (!isDone.get()) {
                    log.durability().forced(LogEnd.NOTHING, log.health()); // an older force has ended
                }
            });
            try {
                for (int i = 0; i < 5_000; i++) {
                    // When
                    LogFixture.appended(log.append(LogFixture.batch(0, "x"), 0));
                    // Then
                    for (int look = 0; look < 20; look++) {
                        assertEquals(log.logEndOffset(), log.flushedOffset());
                    }
                }
            } finally {
                isDone.set(true);
                flusher.join();
            }
        }
    }
}
