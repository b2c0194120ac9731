package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogFixture.Expected;
import io.milena.log.LogSettings.Durability;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many logs in one place: their files, their comings and goings, and who may use them. */
class LogDirectoryTest {
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
    void isRefusedToASecondOpenerByName() throws IOException {
        // Given
        LogDirectory first = open();
        // When
        IOException refused = assertThrows(DirectoryInUseException.class, this::open);
        // Then
        assertTrue(String.valueOf(refused.getMessage()).contains(data.toString()), refused::toString);
        append(LogFixture.create(first, SMALL), 1);
        first.close();
        try (LogDirectory second = open()) {
            assertEquals(1, LogFixture.existing(second).logEndOffset());
        }
    }

    @Test
    void isFreeAgainAfterAnOpenThatFailed() throws IOException {
        // Given
        try (LogDirectory directory = open()) {
            append(LogFixture.create(directory, SMALL), 5);
        }
        disk.faults(
                DiskFaults.failing(DiskOperation.READ, path -> path.toString().endsWith(".log"), 0, 1));
        // When
        IOException failed = assertThrows(IOException.class, this::open);
        // Then
        assertTrue(failed.toString().contains("Input/output error"), failed::toString);
        open().close();
    }

    @Test
    void holdsManyPartitionsWithFewOpenFiles() throws Exception {
        // Given
        int partitions = 40;
        try (LogDirectory directory = open()) {
            List<Integer> numbers = IntStream.range(0, partitions).boxed().toList();
            List<Log> logs = directory.create("orders", numbers, ID, SMALL);
            // When
            for (int round = 0; round < 4; round++) {
                logs.forEach(log -> append(log, 5));
            }
            for (Log log : logs) {
                LogFixture.flush(log);
            }
            // Then
            assertHolds(directory, partitions);
        }
        try (LogDirectory reopened = open()) {
            assertHolds(reopened, partitions);
        }
    }

    /** Descriptors are for logs that somebody uses. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStartLeavesNoSegmentOpen(boolean isClean) throws Exception {
        // Given
        SimulatedFileSystem after;
        try (LogDirectory directory = open()) {
            for (Log log : directory.create("orders", List.of(0, 1), ID, SMALL)) {
                append(log, 30);
                LogFixture.flush(log);
            }
            after = disk.copy();
        }
        SimulatedFileSystem left = isClean ? disk : after;
        left.processKill();
        // When
        Path there = left.root().resolve("deep").resolve("data");
        try (LogDirectory reopened = LogFixture.open(there, FEW_FILES, SMALL, clock)) {
            // Then
            assertEquals(isClean, reopened.wasClean());
            assertEquals(
                    List.of(30L, 30L),
                    reopened.logs().stream().map(Log::logEndOffset).toList());
            int lockAndOneMore = 2;
            left.openFilesMax(lockAndOneMore);
            FileChannel.open(there.resolve("orders-0/partition.metadata")).close();
            left.openFilesMax(Integer.MAX_VALUE);
        }
    }

    private void assertHolds(LogDirectory directory, int partitions) throws IOException {
        assertEquals(partitions, directory.logs().size());
        for (int i = 0; i < partitions; i++) {
            Log log = Objects.requireNonNull(directory.log("orders", i));
            assertEquals(ID, log.topicId());
            assertFalse(log.isOffline());
            assertEquals(expected("orders-" + i, 20), LogFixture.read(log, 0));
        }
        assertNull(directory.log("orders", partitions));
        assertNull(directory.log("order", 1));
    }

    @Test
    void namesAndIdsAreAsApacheKafkaWritesThem() throws IOException {
        // Given, When
        try (LogDirectory directory = open()) {
            Log created = directory.create("a.b_c-1", List.of(12), ID, SMALL).getFirst();
            assertFalse(Files.exists(data.resolve("a.b_c-1-12")));
            LogFixture.appended(created.append(LogFixture.batch(0, "first"), 0));
        }
        // Then
        assertEquals(
                "version: 0\ntopic_id: ASNFZ4mrze_-3LqYdlQyEA\n",
                Files.readString(data.resolve("a.b_c-1-12").resolve("partition.metadata")));
        try (LogDirectory reopened = open()) {
            Log log = reopened.logs().getFirst();
            assertEquals("a.b_c-1", log.topic());
            assertEquals(12, log.partition());
            assertEquals(ID, log.topicId());
        }
    }

    @Test
    void leavesAloneWhatIsNoPartition() throws IOException {
        // Given
        open().close();
        Files.createDirectory(data.resolve("lost+found"));
        Files.createDirectory(data.resolve("notes-7"));
        Files.writeString(data.resolve("readme-1"), "a file");
        Files.createDirectory(data.resolve("__cluster_metadata-0"));
        Files.writeString(data.resolve("__cluster_metadata-0/00000000000000000000.log"), "the metadata log");
        Files.createDirectory(data.resolve("lost-1"));
        Files.writeString(data.resolve("lost-1/00000000000000000000.log"), "records of nobody knows which topic");
        // When
        try (LogDirectory directory = open()) {
            // Then
            assertEquals(List.of(), directory.logs());
        }
        assertTrue(Files.exists(data.resolve("lost-1.1-stray/00000000000000000000.log")));
        assertTrue(LogFixture.names(data)
                .containsAll(List.of("lost+found", "notes-7", "readme-1", "__cluster_metadata-0")));
    }

    @Test
    void oneLogsBadDiskDoesNotHinderTheOthers() throws Exception {
        try (LogDirectory directory = open()) {
            // Given
            List<Log> logs = directory.create("orders", List.of(0, 1), ID, SMALL);
            for (Log log : logs) {
                append(log, 30);
                LogFixture.flush(log);
                log.deleteRecordsBefore(30);
            }
            disk.faults((operation, path) -> {
                if (operation == DiskOperation.MOVE && path.toString().contains("orders-0")) {
                    throw DiskFaults.inputOutputError(path);
                }
            });
            // When
            directory.applyRetention();
            // Then
            assertEquals(1, LogFixture.segments(data.resolve("orders-1")).size());
            // When
            disk.faults(DiskFaults.none());
            directory.applyRetention();
            // Then
            assertEquals(1, LogFixture.segments(data.resolve("orders-0")).size());
        }
    }

    @Test
    void aStopThatFailsIsLoggedAndTheNextStartRecovers() throws Exception {
        // Given
        LogDirectory directory = open();
        for (Log log : directory.create("orders", List.of(0, 1), ID, SMALL)) {
            append(log, 3);
            LogFixture.flush(log);
        }
        disk.faults((operation, path) -> {
            if (operation == DiskOperation.OPEN && path.toString().endsWith("checkpoint.tmp")) {
                throw DiskFaults.inputOutputError(path);
            }
        });
        // When
        directory.close();
        disk.faults(DiskFaults.none());
        // Then
        assertFalse(LogFixture.names(data).contains(".kafka_cleanshutdown"));
        try (LogDirectory reopened = open()) {
            assertEquals(
                    expected("orders-1", 3), LogFixture.read(Objects.requireNonNull(reopened.log("orders", 1)), 0));
        }
    }

    @Test
    void manyMayCheckpointAtOnce() throws Exception {
        try (LogDirectory directory = open()) {
            // Given
            append(LogFixture.create(directory, SMALL), 12);
            List<FutureTask<Void>> tasks = IntStream.range(0, 4)
                    .mapToObj(i -> new FutureTask<Void>(() -> {
                        for (int round = 0; round < 200; round++) {
                            directory.checkpointStartOffsets();
                        }
                        return null;
                    }))
                    .toList();
            // When
            tasks.forEach(task -> Thread.ofVirtual().start(task));
            // Then
            for (Future<Void> task : tasks) {
                task.get(60, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void forcedRecordsCountWhenTheyAreForcedAndWrittenOnesAtOnce() throws Exception {
        // Given
        LogSettings written = LogFixture.small(1000, 100, Durability.WRITTEN);
        ConcurrentLinkedQueue<String> forced = new ConcurrentLinkedQueue<>();
        try (LogDirectory directory = open()) {
            Log safe = directory.create("safe", List.of(0), ID, SMALL).getFirst();
            Log quick = directory.create("quick", List.of(0), ID, written).getFirst();
            disk.faults((operation, path) -> {
                if (operation == DiskOperation.FORCE) {
                    forced.add(path.toString());
                }
            });
            // When
            append(safe, 3);
            append(quick, 3);
            // Then
            assertEquals(0, safe.flushedOffset());
            assertEquals(3, quick.flushedOffset());
            assertEquals(List.of(), List.copyOf(forced));
            // When
            LogFixture.flush(safe);
            // Then
            assertEquals(3, safe.flushedOffset());
            Path file = data.resolve("safe-0").resolve("00000000000000000000.log");
            assertTrue(forced.contains(file.toString()), forced::toString);
        }
    }

    @Test
    void whatNobodyWaitsForIsForcedInTheNextInterval() throws Exception {
        try (LogDirectory directory = open()) {
            // Given
            Log log = LogFixture.create(directory, SMALL);
            append(log, 3);
            // When
            Deadline patience = Deadline.afterMs(Clock.system(), 60_000);
            List<Long> seen = new ArrayList<>();
            while (log.flushedOffset() < 3 && !patience.isPast()) {
                clock.advanceMs(FEW_FILES.flushIntervalMs());
                log.changed().await(() -> log.flushedOffset() == 3, Deadline.afterMs(Clock.system(), 50));
                seen.add(log.flushedOffset());
            }
            // Then
            assertEquals(3, seen.getLast());
        }
    }

    @Test
    void smallFilesAreReplacedAsAWhole() throws IOException {
        // Given
        SimulatedFileSystem after;
        try (LogDirectory directory = open()) {
            directory.replaceFile("meta.properties", "one");
            // When
            directory.replaceFile("meta.properties", "two");
            after = disk.copy();
        }
        after.crashKeepingOnlyForced();
        // Then
        Path file = after.root().resolve("deep").resolve("data").resolve("meta.properties");
        assertEquals("two", Files.readString(file));
    }
}
