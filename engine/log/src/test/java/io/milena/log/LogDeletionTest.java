package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogFixture.Expected;
import io.milena.log.LogSettings.Durability;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs and segments on their way out: what is gone at once, what waits, and what must not come back. */
class LogDeletionTest {
    private static final LogSettings SMALL = LogFixture.small(1000, 100, Durability.FORCED);
    private static final LogDirectory.Settings FEW_FILES = new LogDirectory.Settings(100, Long.MAX_VALUE, 3);
    private static final UUID ID = new UUID(0x0123456789abcdefL, 0xfedcba9876543210L);

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final Path data = disk.root().resolve("deep").resolve("data");

    private LogDirectory open() throws IOException {
        return LogFixture.open(data, FEW_FILES, SMALL, clock);
    }

    private void append(Log log, int count) {
        for (int i = 0; i < count; i++) {
            String value = log.topic() + "-" + log.partition() + ":" + log.logEndOffset() + "x".repeat(90);
            LogFixture.appended(log.append(LogFixture.batch(clock.millis(), value), 0));
        }
    }

    private List<Expected> expected(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Expected(i, HandClock.START_MS, name + ":" + i + "x".repeat(90)))
                .toList();
    }

    @Test
    void aDeletedLogIsGoneAtOnceAndItsFilesAfterTheDelay() throws IOException {
        try (LogDirectory directory = open()) {
            // Given
            List<Log> logs = directory.create("orders", List.of(0, 1), ID, SMALL);
            logs.forEach(log -> append(log, 12));
            // When
            LogFixture.delete(directory, logs.getFirst());
            // Then
            String renamed = "orders-0.0123456789abcdeffedcba9876543210-delete";
            assertNull(directory.log("orders", 0));
            assertNotNull(directory.log("orders", 1));
            LogFixture.assertRefused(
                    AppendResult.Reason.KAFKA_STORAGE_ERROR,
                    logs.getFirst().append(LogFixture.batch(clock.millis(), "late"), 0));
            assertTrue(LogFixture.names(data).contains(renamed));
            assertFalse(LogFixture.names(data).contains("orders-0"));
            // When
            clock.advanceMs(SMALL.fileDeleteDelayMs() - 1);
            directory.applyRetention();
            // Then
            assertTrue(LogFixture.names(data).contains(renamed));
            // When
            clock.advanceMs(1);
            directory.applyRetention();
            // Then
            assertFalse(LogFixture.names(data).contains(renamed));
            assertEquals(12, logs.getLast().logEndOffset());
        }
    }

    @Test
    void aTopicMayComeBackWhileItsOldFilesWait() throws IOException {
        try (LogDirectory directory = open()) {
            // Given
            Log old = LogFixture.create(directory, SMALL);
            append(old, 12);
            // When
            LogFixture.delete(directory, old);
            Log fresh = directory.create("orders", List.of(0), ID, SMALL).getFirst();
            append(fresh, 2);
            // Then
            assertEquals(expected("orders-0", 2), LogFixture.read(fresh, 0));
        }
        try (LogDirectory reopened = open()) {
            assertEquals(ID, LogFixture.existing(reopened).topicId());
            assertEquals(expected("orders-0", 2), LogFixture.read(LogFixture.existing(reopened), 0));
            reopened.applyRetention();
            assertTrue(LogFixture.names(data).stream().noneMatch(name -> name.endsWith("-delete")));
        }
    }

    @Test
    void aTopicThatComesBackDoesNotWriteToSegmentsThatWereOnTheirWayOut() throws IOException {
        try (LogDirectory directory = open()) {
            // Given
            Log old = LogFixture.create(directory, SMALL);
            append(old, 12);
            old.deleteRecordsBefore(12);
            List<Segment> removed = old.expirable().removeExpired(clock.millis());
            removed.getFirst().lease().close(); // somebody has just read it
            // When
            LogFixture.delete(directory, old);
            Log fresh = directory.create("orders", List.of(0), ID, SMALL).getFirst();
            append(fresh, 2);
        }
        // Then
        try (LogDirectory reopened = open()) {
            assertEquals(expected("orders-0", 2), LogFixture.read(LogFixture.existing(reopened), 0));
        }
    }

    @Test
    void aDeletedLogDoesNotComeBackWithAPowerCut() throws IOException {
        // Given
        SimulatedFileSystem after;
        try (LogDirectory directory = open()) {
            Log log = LogFixture.create(directory, SMALL);
            append(log, 12);
            // When
            LogFixture.delete(directory, log);
            after = disk.copy();
        }
        after.crashKeepingOnlyForced();
        // Then
        Path there = after.root().resolve("deep").resolve("data");
        try (LogDirectory directory = LogFixture.open(there, FEW_FILES, SMALL, clock)) {
            assertEquals(List.of(), directory.logs());
        }
    }

    @Test
    void deletedSegmentsDoNotHinderTheTrashWhenTheirLogIsDeletedToo() throws Exception {
        try (LogDirectory directory = open()) {
            // Given
            List<Log> logs = directory.create("orders", List.of(0, 1), ID, SMALL);
            logs.forEach(log -> append(log, 12));
            logs.getFirst().deleteRecordsBefore(12);
            directory.applyRetention();
            // When
            LogFixture.delete(directory, logs.getFirst());
            LogFixture.delete(directory, logs.getLast());
            clock.advanceMs(SMALL.fileDeleteDelayMs());
            directory.applyRetention();
            // Then
            assertTrue(LogFixture.names(data).stream().noneMatch(name -> name.endsWith("-delete")));
        }
    }

    @Test
    void segmentsThatWaitedForDeletionAreGoneAfterARestart() throws Exception {
        // Given
        try (LogDirectory directory = open()) {
            Log log = LogFixture.create(directory, SMALL);
            append(log, 30);
            LogFixture.flush(log);
            log.deleteRecordsBefore(30);
            directory.applyRetention();
        }
        // When
        try (LogDirectory reopened = open()) {
            reopened.applyRetention();
            // Then
            assertEquals(
                    List.of(),
                    LogFixture.names(data.resolve("orders-0")).stream()
                            .filter(name -> name.endsWith(".deleted"))
                            .toList());
            assertEquals(30, LogFixture.existing(reopened).logStartOffset());
        }
    }

    @Test
    void deletesTheLongestNames(@TempDir Path real) throws IOException {
        // Given
        String topic = "t".repeat(249);
        try (LogDirectory directory = LogFixture.open(real, FEW_FILES, SMALL, clock)) {
            Log log = directory.create(topic, List.of(0), ID, SMALL).getFirst();
            append(log, 1);
            // When
            LogFixture.delete(directory, log);
            clock.advanceMs(SMALL.fileDeleteDelayMs());
            directory.applyRetention();
            // Then
            assertTrue(LogFixture.names(real).stream().noneMatch(name -> name.startsWith("ttt")));
        }
    }

    @Test
    void whatCouldNotBeRenamedIsNotTakenFromALogOfTheSameName() throws Exception {
        try (LogDirectory directory = open()) {
            // Given
            Log old = LogFixture.create(directory, SMALL);
            append(old, 12);
            old.deleteRecordsBefore(12);
            disk.faults(DiskFaults.failing(
                    DiskOperation.MOVE, path -> path.toString().endsWith(".log"), 0, 1));
            directory.applyRetention();
            LogFixture.delete(directory, old);
            // When
            Log fresh = directory.create("orders", List.of(0), ID, SMALL).getFirst();
            append(fresh, 12);
            directory.applyRetention();
            clock.advanceMs(SMALL.fileDeleteDelayMs());
            directory.applyRetention();
            // Then
            assertEquals(expected("orders-0", 12), LogFixture.read(fresh, 0));
        }
        try (LogDirectory reopened = open()) {
            assertEquals(12, LogFixture.existing(reopened).logEndOffset());
        }
    }
}
