package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogSettings.Durability;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deleted topics: how long they wait, what comes back, and what goes. */
class TopicTrashTest {
    private static final LogSettings SMALL = LogFixture.small(1000, 100, Durability.FORCED);
    private static final long WINDOW_MS = 100_000;
    private static final LogDirectory.Settings KEPT =
            new LogDirectory.Settings(100, Long.MAX_VALUE, 3).withTrash(WINDOW_MS);
    private static final UUID ID = new UUID(0x0123456789abcdefL, 0xfedcba9876543210L);

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final Path data = disk.root().resolve("data");

    private LogDirectory open() throws IOException {
        return open(KEPT);
    }

    private LogDirectory open(LogDirectory.Settings settings) throws IOException {
        LogDirectory directory = LogFixture.open(data, settings, SMALL, clock);
        directory.topicTrash().settle();
        return directory;
    }

    private List<Log> create(LogDirectory directory, String topic, UUID id, int partitions) throws Exception {
        List<Log> logs =
                directory.create(topic, IntStream.range(0, partitions).boxed().toList(), id, SMALL);
        for (Log log : logs) {
            for (int i = 0; i < 12; i++) {
                LogFixture.appended(log.append(LogFixture.batch(clock.millis(), i + "x".repeat(100)), 0));
            }
            LogFixture.flush(log);
        }
        return logs;
    }

    private DeletedTopic deleted(String topic, UUID id, int partitions) {
        return new DeletedTopic(topic, id, partitions, 0, clock.millis(), Map.of());
    }

    private void delete(LogDirectory directory, List<Log> logs) throws IOException {
        Log first = logs.getFirst();
        directory.topicTrash().announce(deleted(first.topic(), first.topicId(), logs.size()), logs);
        directory.delete(first.topicId(), logs);
    }

    private static List<String> topics(LogDirectory directory) throws IOException {
        return directory.topicTrash().topics().stream()
                .map(entry -> entry.topic().name())
                .toList();
    }

    private List<String> trashed() throws IOException {
        return LogFixture.names(data).stream()
                .filter(name -> name.endsWith("-delete") || name.startsWith("milena-deleted"))
                .toList();
    }

    @Test
    void aTopicWaitsForItsWindowAndThenItsFilesAreGone() throws Exception {
        try (LogDirectory directory = open()) {
            // Given
            delete(directory, create(directory, "orders", ID, 2));
            assertEquals(
                    List.of(
                            "milena-deleted-0123456789abcdeffedcba9876543210.properties",
                            "orders-0.0123456789abcdeffedcba9876543210-delete",
                            "orders-1.0123456789abcdeffedcba9876543210-delete"),
                    trashed());
            // When
            clock.advanceMs(WINDOW_MS - 1);
            directory.applyRetention();
            // Then
            TopicTrash.Entry entry = directory.topicTrash().topics().getFirst();
            assertEquals(HandClock.START_MS, entry.topic().deletedAtMs());
            assertEquals(HandClock.START_MS + WINDOW_MS, entry.goesAtMs());
            assertTrue(entry.sizeInBytes() > 2 * 12 * 100, entry::toString);
            assertEquals(3, trashed().size());
            // When
            clock.advanceMs(1);
            directory.applyRetention();
            // Then
            assertEquals(List.of(), trashed());
            assertEquals(List.of(), topics(directory));
        }
    }

    @Test
    void theWindowCountsFromTheDeletionAlsoAfterARestart() throws Exception {
        // Given
        try (LogDirectory directory = open()) {
            delete(directory, create(directory, "orders", ID, 1));
        }
        clock.advanceMs(WINDOW_MS - 1);
        try (LogDirectory directory = open()) {
            // When
            directory.applyRetention();
            // Then
            assertEquals(
                    HandClock.START_MS + WINDOW_MS,
                    directory.topicTrash().topics().getFirst().goesAtMs());
            // When
            clock.advanceMs(1);
            directory.applyRetention();
            // Then
            assertEquals(List.of(), trashed());
        }
    }

    @Test
    void aShorterWindowCountsForWhatIsThereAlready() throws Exception {
        // Given
        try (LogDirectory directory = open()) {
            delete(directory, create(directory, "orders", ID, 1));
        }
        // When
        try (LogDirectory directory = open(new LogDirectory.Settings(100, Long.MAX_VALUE, 3))) {
            directory.applyRetention();
            // Then
            assertEquals(List.of(), trashed());
        }
    }

    @Test
    void logsComeBackWithTheirOffsetsRecordsAndProducers() throws Exception {
        try (LogDirectory directory = open()) {
            // Given
            Log log = create(directory, "orders", ID, 1).getFirst();
            LogFixture.appended(log.append(LogFixture.batchOf(7, 0, 0, clock.millis(), "once"), 0));
            log.deleteRecordsBefore(5);
            LogFixture.flush(log);
            List<LogFixture.Expected> records = LogFixture.read(log, 5);
            List<ProducerState> producers = log.producers();
            delete(directory, List.of(log));
            // When
            assertTrue(directory.topicTrash().claim(ID));
            directory.restore(ID, "invoices", SMALL);
            // Then
            Log restored = directory.log("invoices", 0);
            assertNotNull(restored);
            assertEquals(ID, restored.topicId());
            assertEquals(5, restored.logStartOffset());
            assertEquals(13, restored.logEndOffset());
            assertEquals(records, LogFixture.read(restored, 5));
            assertEquals(producers, restored.producers());
            assertEquals(List.of(), trashed());
            assertEquals(
                    13,
                    LogFixture.appended(restored.append(LogFixture.batch(clock.millis(), "next"), 0))
                            .baseOffset());
        }
        try (LogDirectory reopened = open()) {
            Log restored = reopened.log("invoices", 0);
            assertNotNull(restored);
            assertEquals(5, restored.logStartOffset());
            assertEquals(14, restored.logEndOffset());
        }
    }

    @Test
    void whatWasSaidOfAnotherTopicOfTheNameIsForgotten() throws Exception {
        SimulatedFileSystem after;
        try (LogDirectory directory = open()) {
            // Given a topic with the same name, whose first records are gone
            delete(directory, create(directory, "orders", ID, 1));
            UUID other = new UUID(5, 5);
            Log log = create(directory, "orders", other, 1).getFirst();
            log.deleteRecordsBefore(12);
            directory.checkpointStartOffsets();
            directory.delete(other, List.of(log));
            // When
            directory.topicTrash().claim(ID);
            directory.restore(ID, "orders", SMALL);
            after = disk.copy();
        }
        after.crashKeepingOnlyForced();
        // Then
        try (LogDirectory directory = LogFixture.open(after.root().resolve("data"), KEPT, SMALL, clock)) {
            assertEquals(0, LogFixture.existing(directory).logStartOffset());
            assertEquals(12, LogFixture.read(LogFixture.existing(directory), 0).size());
        }
    }

    @Test
    void theOldestTopicGoesFirstWhenSpaceIsShortAndAsAWhole() throws Exception {
        try (LogDirectory directory = open()) {
            // Given
            List<Log> older = create(directory, "zebras", new UUID(9, 9), 3);
            List<Log> newer = create(directory, "apes", new UUID(1, 1), 1);
            delete(directory, older);
            clock.advanceMs(1);
            delete(directory, newer);
            assertEquals(List.of("zebras", "apes"), topics(directory));
            // When, Then
            assertTrue(directory.topicTrash().emptyOldest());
            assertEquals(List.of("apes"), topics(directory));
            assertTrue(trashed().stream().noneMatch(name -> name.startsWith("zebras")), () -> "zebras are left");
            assertTrue(directory.topicTrash().emptyOldest());
            assertEquals(List.of(), trashed());
            assertFalse(directory.topicTrash().emptyOldest());
        }
    }

    @Test
    void whatIsBeingRestoredIsNotEmptied() throws Exception {
        try (LogDirectory directory = open()) {
            // Given
            delete(directory, create(directory, "orders", ID, 1));
            assertTrue(directory.topicTrash().claim(ID));
            // When
            clock.advanceMs(WINDOW_MS);
            directory.applyRetention();
            // Then
            assertFalse(directory.topicTrash().emptyOldest());
            assertFalse(directory.topicTrash().claim(ID), "claimed by two");
            assertEquals(2, trashed().size());
            // When
            directory.topicTrash().release(ID);
            directory.applyRetention();
            // Then
            assertEquals(List.of(), trashed());
        }
    }

    @Test
    void nothingIsEmptiedBeforeTheMetadataSayWhatIsAlive() throws Exception {
        // Given
        try (LogDirectory directory = open()) {
            delete(directory, create(directory, "orders", ID, 1));
        }
        clock.advanceMs(WINDOW_MS);
        // When
        try (LogDirectory directory = LogFixture.open(data, KEPT, SMALL, clock)) {
            directory.applyRetention();
            // Then
            assertFalse(directory.topicTrash().emptyOldest());
            assertTrue(directory.topicTrash().holds(ID));
            assertEquals(2, trashed().size());
        }
    }

    @Test
    void aTopicWithoutFilesIsThereAsWell() throws Exception {
        // Given
        try (LogDirectory directory = open()) {
            DeletedTopic topic = new DeletedTopic("empty", ID, 100, 3, clock.millis(), Map.of("retention.ms", "5"));
            directory.topicTrash().announce(topic, List.of());
            directory.delete(ID, List.of());
        }
        // When
        try (LogDirectory directory = open()) {
            // Then
            TopicTrash.Entry entry = directory.topicTrash().topics().getFirst();
            assertEquals(
                    new DeletedTopic("empty", ID, 100, 3, HandClock.START_MS, Map.of("retention.ms", "5")),
                    entry.topic());
            assertEquals(0, entry.sizeInBytes());
        }
    }

    @Test
    void withoutAWindowATopicGoesAsInApacheKafka() throws Exception {
        try (LogDirectory directory = open(new LogDirectory.Settings(100, Long.MAX_VALUE, 3))) {
            // Given
            delete(directory, create(directory, "orders", ID, 1));
            assertEquals(List.of(), topics(directory));
            assertEquals(List.of("orders-0.0123456789abcdeffedcba9876543210-delete"), trashed());
            // When
            clock.advanceMs(SMALL.fileDeleteDelayMs());
            directory.applyRetention();
            // Then
            assertEquals(List.of(), trashed());
        }
    }

    @Test
    void theLongestNamesComeBackWithAllPartitions(@TempDir Path real) throws Exception {
        String topic = "t".repeat(249);
        try (LogDirectory directory = LogFixture.open(real, KEPT, SMALL, clock)) {
            // Given
            delete(directory, create(directory, topic, ID, 12));
            // When
            directory.topicTrash().claim(ID);
            directory.restore(ID, topic, SMALL);
            // Then
            assertEquals(12, directory.logs().size());
            assertTrue(directory.logs().stream().allMatch(log -> log.logEndOffset() == 12));
        }
    }

    @Test
    void aNoteThatCannotBeReadKeepsTheFiles() throws Exception {
        // Given
        try (LogDirectory directory = open()) {
            delete(directory, create(directory, "orders", ID, 1));
        }
        Path note = data.resolve("milena-deleted-0123456789abcdeffedcba9876543210.properties");
        Files.writeString(note, Files.readString(note).replace("partitions=1", "partitions=many"));
        clock.advanceMs(WINDOW_MS);
        try (LogDirectory directory = open()) {
            // When
            directory.applyRetention();
            // Then
            assertEquals(List.of(), topics(directory));
            assertEquals(2, trashed().size());
        }
        // When
        Files.delete(note);
        try (LogDirectory directory = open()) {
            directory.applyRetention();
            // Then
            assertEquals(List.of(), trashed());
        }
    }

    @Test
    void aHalfDeletedTopicWaitsForTheNextStart() throws Exception {
        // Given
        try (LogDirectory directory = open()) {
            List<Log> logs = create(directory, "orders", ID, 2);
            disk.faults(DiskFaults.failing(
                    DiskOperation.MOVE, path -> path.toString().endsWith("orders-1"), 0, 1));
            // When
            assertThrows(IOException.class, () -> delete(directory, logs));
            // Then
            assertEquals(List.of(), topics(directory));
            assertFalse(directory.topicTrash().claim(ID));
        }
        try (LogDirectory directory = open()) {
            // When
            directory.delete(ID, directory.logs());
            directory.topicTrash().claim(ID);
            directory.restore(ID, "orders", SMALL);
            // Then
            assertEquals(2, directory.logs().size());
            assertTrue(directory.logs().stream().allMatch(log -> log.logEndOffset() == 12));
        }
    }

    @Test
    void aDeletionThatDidNotHappenChangesNothing() throws Exception {
        // Given an announcement, after which the topic lived on
        try (LogDirectory directory = open()) {
            List<Log> logs = create(directory, "orders", ID, 1);
            directory.topicTrash().announce(deleted("orders", ID, 1), logs);
            logs.getFirst().deleteRecordsBefore(7);
            directory.checkpointStartOffsets();
        }
        // When
        try (LogDirectory directory = LogFixture.open(data, KEPT, SMALL, clock)) {
            assertTrue(directory.topicTrash().holds(ID));
            directory.restore(ID, "orders", SMALL);
            // Then
            assertEquals(List.of(), trashed());
            assertFalse(directory.topicTrash().holds(ID));
            assertEquals(7, LogFixture.existing(directory).logStartOffset());
            assertEquals(12, LogFixture.existing(directory).logEndOffset());
        }
    }

    @Test
    void recordsThatGoWhileTheTopicIsDeletedDoNotComeBack() throws Exception {
        try (LogDirectory directory = open()) {
            // Given
            List<Log> logs = create(directory, "orders", ID, 1);
            directory.topicTrash().announce(deleted("orders", ID, 1), logs);
            logs.getFirst().deleteRecordsBefore(7);
            directory.delete(ID, logs);
        }
        try (LogDirectory directory = open()) {
            // When
            directory.topicTrash().claim(ID);
            directory.restore(ID, "orders", SMALL);
            // Then
            assertEquals(7, LogFixture.existing(directory).logStartOffset());
        }
    }
}
