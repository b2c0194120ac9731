package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogSettings.Durability;
import io.milena.log.disk.SpareSpace;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What frees space on a disk that has none, and what may use some before. */
class SpareSpaceTest {
    private static final LogSettings SMALL = LogFixture.small(3000, 100, Durability.FORCED);
    private static final long RESERVE = 1 << 20;
    private static final long NEVER = Long.MAX_VALUE;

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final Path data = disk.root().resolve("data");
    private final Path spare = data.resolve(SpareSpace.FILE);

    private LogDirectory open(long reserveBytes) throws IOException {
        LogDirectory.Settings settings =
                new LogDirectory.Settings(100, NEVER, 16).withTrash(NEVER).withReserve(reserveBytes);
        return LogFixture.open(data, settings, SMALL, clock);
    }

    private AppendResult append(Log log) {
        return log.append(LogFixture.batch(clock.millis(), "x".repeat(500)), 0);
    }

    private void fill(Log log, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            LogFixture.appended(append(log));
        }
        LogFixture.flush(log);
    }

    private void leave(long bytes) {
        disk.capacityBytes(disk.usedBytes() + bytes);
        clock.advanceMs(1000);
    }

    @Test
    void recordsCanBeDeletedOnADiskThatIsFullToItsLastByte() throws Exception {
        try (LogDirectory directory = open(RESERVE)) {
            Log log = LogFixture.create(directory, SMALL);
            fill(log, 5000);
            leave(0);
            LogFixture.assertRefused(AppendResult.Reason.KAFKA_STORAGE_ERROR, append(log));
            // When
            log.deleteRecordsBefore(4900);
            directory.checkpointStartOffsets();
            directory.applyRetention();
            // Then
            LogFixture.appended(append(log));
            assertEquals(4900, log.logStartOffset());
            directory.applyRetention();
            assertEquals(RESERVE / 8, Files.size(spare));
        }
        disk.crashKeepingOnlyForced();
        try (LogDirectory directory = open(RESERVE)) {
            assertEquals(4900, LogFixture.existing(directory).logStartOffset());
        }
    }

    @Test
    void theSpareIsThereFromTheStartUnlessSpaceIsShortOrThereIsNoReserve() throws Exception {
        open(0).close();
        assertFalse(Files.exists(spare));
        open(RESERVE).close();
        assertEquals(RESERVE / 8, Files.size(spare));
        disk.capacityBytes(disk.usedBytes());
        open(RESERVE).close();
        assertFalse(Files.exists(spare));
        open(RESERVE).close();
        assertFalse(Files.exists(spare), "not while space is short");
    }

    @Test
    void aDeletedTopicGoesWhereThereIsNoSpaceForTheCheckpointsThatComeFirst() throws Exception {
        try (LogDirectory directory = open(0)) {
            Log log = LogFixture.create(directory, SMALL);
            fill(log, 20);
            UUID deletedId = new UUID(3, 4);
            Log deleted =
                    directory.create("deleted", List.of(0), deletedId, SMALL).getFirst();
            fill(deleted, 100);
            directory
                    .topicTrash()
                    .announce(new DeletedTopic("deleted", deletedId, 1, 0, clock.millis(), Map.of()), List.of(deleted));
            directory.delete(deletedId, List.of(deleted));
            log.deleteRecordsBefore(10);
            leave(0);
            // When
            directory.applyRetention();
            // Then
            assertEquals(List.of(), directory.topicTrash().topics());
            assertTrue(Files.getFileStore(data).getUsableSpace() > 40_000);
        }
    }

    @Test
    void compactionLeavesHalfOfTheReserve() throws Exception {
        LogDirectory.Settings settings = CompactionFixture.BY_HAND.withReserve(RESERVE);
        Map<String, String> model = new TreeMap<>();
        try (LogDirectory directory = LogFixture.open(data, settings, CompactionFixture.SETTINGS, clock)) {
            Log log = LogFixture.create(directory, CompactionFixture.SETTINGS);
            CompactionFixture.fill(log, model, 100, 5, clock.millis());
            leave(RESERVE / 2);
            // When
            CompactionFixture.compact(directory);
            // Then
            assertEquals(0, log.compactable().cleanedOffset());
            String reason = directory.cleaner().uncleanable().getOrDefault("orders-0", "");
            assertTrue(reason.contains("short of space"), reason);
            assertTrue(Files.getFileStore(data).getUsableSpace() >= RESERVE / 2 - 4096, "more than a checkpoint");
            // When
            leave(RESERVE / 2 + 100_000);
            clock.advanceMs(TimeUnit.MINUTES.toMillis(2));
            CompactionFixture.compact(directory);
            // Then
            assertTrue(log.compactable().cleanedOffset() > 0);
            assertEquals(model, CompactionFixture.latest(log));
        }
    }
}
