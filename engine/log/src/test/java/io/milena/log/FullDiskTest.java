package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogFixture.Expected;
import io.milena.log.LogSettings.Durability;
import io.milena.log.story.StoryThreads;
import io.milena.runtime.Threads;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A disk that is short of space or full: what is refused, what goes on, and how it ends. */
class FullDiskTest {
    private static final LogSettings SMALL = LogFixture.small(3000, 100, Durability.FORCED);
    private static final long RESERVE = 1 << 20;
    private static final long NEVER = Long.MAX_VALUE;

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final Path data = disk.root().resolve("data");

    /** Without a housekeeper, which would look for space at any moment. */
    private LogDirectory open(SimulatedFileSystem on, long reserveBytes) throws IOException {
        return open(on, reserveBytes, StoryThreads.INSTANCE);
    }

    private LogDirectory open(SimulatedFileSystem on, long reserveBytes, Threads threads) throws IOException {
        LogDirectory.Settings settings =
                new LogDirectory.Settings(100, NEVER, 16).withTrash(NEVER).withReserve(reserveBytes);
        return LogFixture.open(on.root().resolve("data"), settings, SMALL, clock, threads);
    }

    private AppendResult append(Log log, List<Expected> model) {
        Expected record = new Expected(log.logEndOffset(), clock.millis(), model.size() + "x".repeat(500));
        AppendResult result = log.append(LogFixture.batch(record.timestampMs(), record.value()), 0);
        if (result instanceof AppendResult.Appended) {
            model.add(record);
        }
        return result;
    }

    private void fill(Log log, List<Expected> model, int count) {
        for (int i = 0; i < count; i++) {
            LogFixture.appended(append(log, model));
        }
    }

    private String refusal(Log log) {
        AppendResult result = append(log, new ArrayList<>());
        LogFixture.assertRefused(AppendResult.Reason.KAFKA_STORAGE_ERROR, result);
        return assertInstanceOf(AppendResult.Refused.class, result).message();
    }

    /** Leaves so many bytes free. */
    private void leave(long bytes) {
        disk.capacityBytes(disk.usedBytes() + bytes);
        clock.advanceMs(1000);
    }

    @Test
    void aDiskThatFillsUpRefusesLosesNothingAndGoesOn() {
        LogFixture.each(FullDiskTest.class, 60, seed -> {
            // Given
            SimulatedFileSystem full = SimulatedFileSystem.create(clock);
            List<Expected> model = new ArrayList<>();
            SimulatedFileSystem crashed;
            int flushed;
            try (LogDirectory directory = open(full, 0)) {
                Log log = LogFixture.create(directory, SMALL);
                full.capacityBytes(full.usedBytes() + 4096 * (1 + seed) + seed % 7 * 500);
                // When
                while (append(log, model) instanceof AppendResult.Appended) {
                    LogFixture.flush(log);
                }
                directory.applyRetention();
                // Then
                assertFalse(log.isOffline());
                assertEquals(model, LogFixture.read(log, 0));
                assertEquals(model.size(), log.logEndOffset());
                full.capacityBytes(Long.MAX_VALUE);
                clock.advanceMs(1000);
                fill(log, model, 10);
                LogFixture.flush(log);
                flushed = model.size();
                fill(log, model, 3);
                assertEquals(model, LogFixture.read(log, 0));
                crashed = full.copy();
            }
            crashed.crash(new Random(seed));
            try (LogDirectory directory = open(crashed, 0)) {
                Log log = LogFixture.existing(directory);
                int end = (int) log.logEndOffset();
                assertTrue(end >= flushed);
                assertEquals(model.subList(0, end), LogFixture.read(log, 0));
            }
            try (LogDirectory directory = open(full, 0)) {
                assertEquals(model, LogFixture.read(LogFixture.existing(directory), 0));
            }
        });
    }

    @Test
    void clientsAreRefusedBeforeTheReserveIsTouchedAndTheBrokerIsNot() throws Exception {
        try (LogDirectory directory = open(disk, RESERVE)) {
            Log log = LogFixture.create(directory, SMALL);
            fill(log, new ArrayList<>(), 1);
            // When
            leave(RESERVE - 4096);
            String message = refusal(log);
            AppendResult own = log.appendOwn(LogFixture.batch(clock.millis(), "own"), 0);
            // Then
            assertTrue(
                    message.contains(
                            "the disk of /data is short of space: " + (RESERVE - 4096) + " bytes are free, " + RESERVE),
                    message);
            LogFixture.appended(own);
            assertFalse(log.isOffline());
        }
    }

    @Test
    void theReserveIsNoticedBetweenTwoLooksByTheBytesThatWereAppended() throws Exception {
        try (LogDirectory directory = open(disk, RESERVE)) {
            Log log = LogFixture.create(directory, LogFixture.small(1 << 20, 4096, Durability.FORCED));
            fill(log, new ArrayList<>(), 1);
            leave(RESERVE + 100_000);
            List<Expected> model = new ArrayList<>();
            // When
            while (append(log, model) instanceof AppendResult.Appended) {}
            // Then
            long free = Files.getFileStore(data).getUsableSpace();
            assertTrue(free > RESERVE * 3 / 4, () -> free + " bytes are left");
        }
    }

    @Test
    void writingGoesOnByItselfWhenThereIsSpaceAgain() throws Exception {
        try (LogDirectory directory = open(disk, RESERVE)) {
            Log log = LogFixture.create(directory, SMALL);
            leave(RESERVE / 2);
            refusal(log);
            // When
            disk.capacityBytes(Long.MAX_VALUE);
            refusal(log); // nobody has looked yet
            clock.advanceMs(1000);
            // Then
            fill(log, new ArrayList<>(), 1);
        }
    }

    @Test
    void aLittleSpaceAboveTheReserveIsNotTheEndOfAShortage() throws Exception {
        try (LogDirectory directory = open(disk, RESERVE)) {
            Log log = LogFixture.create(directory, SMALL);
            leave(RESERVE / 2);
            refusal(log);
            leave(RESERVE + 4096);
            refusal(log);
            leave(RESERVE + RESERVE / 8);
            fill(log, new ArrayList<>(), 1);
        }
    }

    @Test
    void recordsThatAreDeletedMakeSpaceAtOnce() throws Exception {
        List<Expected> model = new ArrayList<>();
        try (LogDirectory directory = open(disk, RESERVE)) {
            Log log = LogFixture.create(directory, SMALL);
            fill(log, model, 1000);
            LogFixture.flush(log);
            leave(RESERVE - 4096);
            refusal(log);
            assertEquals(model, LogFixture.read(log, 0));
            // When
            log.deleteRecordsBefore(900);
            directory.checkpointStartOffsets();
            directory.applyRetention();
            // Then
            fill(log, model, 1);
            assertEquals(model.subList(900, 1001), LogFixture.read(log, 900));
        }
    }

    @Test
    void aShortageWakesTheHousekeeper() throws Exception {
        List<Expected> model = new ArrayList<>();
        try (LogDirectory directory = open(disk, RESERVE, Threads.system())) {
            Log log = LogFixture.create(directory, SMALL);
            fill(log, model, 1000);
            LogFixture.flush(log);
            log.deleteRecordsBefore(900);
            CountDownLatch emptied = new CountDownLatch(1);
            disk.faults((operation, path) -> {
                if (operation == DiskOperation.DELETE && path.toString().contains(".log")) {
                    emptied.countDown();
                }
            });
            // When
            leave(RESERVE - 4096);
            refusal(log);
            // Then
            assertTrue(emptied.await(20, TimeUnit.SECONDS));
            directory.applyRetention(); // begins when the housekeeper has ended
            fill(log, model, 1);
        }
    }

    @Test
    void whatIsInTheTrashGoesFirst() throws Exception {
        try (LogDirectory directory = open(disk, RESERVE)) {
            Log log = LogFixture.create(directory, SMALL);
            UUID deletedId = new UUID(3, 4);
            Log deleted =
                    directory.create("deleted", List.of(0), deletedId, SMALL).getFirst();
            fill(deleted, new ArrayList<>(), 1000);
            LogFixture.flush(deleted);
            directory
                    .topicTrash()
                    .announce(
                            new DeletedTopic("deleted", deletedId, 1, 0, clock.millis(), java.util.Map.of()),
                            List.of(deleted));
            directory.delete(deletedId, List.of(deleted));
            assertEquals(1, directory.topicTrash().topics().size());
            leave(RESERVE - 4096);
            refusal(log);
            // When
            directory.applyRetention();
            // Then
            fill(log, new ArrayList<>(), 1);
            assertEquals(List.of(), directory.topicTrash().topics());
        }
    }

    @Test
    void aRollThatFindsNoSpaceIsTriedAgain() throws Exception {
        List<Expected> model = new ArrayList<>();
        try (LogDirectory directory = open(disk, 0)) {
            Log log = LogFixture.create(directory, SMALL);
            fill(log, model, 5);
            leave(0); // the segment is full, and its index files have no blocks yet
            assertTrue(refusal(log).contains("No space left on device"));
            assertEquals(model, LogFixture.read(log, 0));
            // When
            leave(1 << 20);
            fill(log, model, 20);
            LogFixture.flush(log);
            // Then
            assertFalse(log.isOffline());
            assertEquals(model, LogFixture.read(log, 0));
            disk.crashKeepingOnlyForced();
        }
        try (LogDirectory directory = open(disk, 0)) {
            assertEquals(model, LogFixture.read(LogFixture.existing(directory), 0));
        }
    }

    @Test
    void aDirectoryOnAFullDiskCanBeOpenedAndRead() throws Exception {
        List<Expected> model = new ArrayList<>();
        try (LogDirectory directory = open(disk, 0)) {
            Log log = LogFixture.create(directory, SMALL);
            fill(log, model, 50);
            LogFixture.flush(log);
            disk.capacityBytes(disk.usedBytes());
        }
        try (LogDirectory directory = open(disk, -1)) {
            Log log = LogFixture.existing(directory);
            assertEquals(model, LogFixture.read(log, 0));
            refusal(log);
        }
    }
}
