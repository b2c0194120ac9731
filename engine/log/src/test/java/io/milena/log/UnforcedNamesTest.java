package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogSettings.Durability;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A file that was made, but holds nothing that anybody waits for, is forced nevertheless: what comes into it after the next start must not be lost with its name. */
class UnforcedNamesTest {
    private static final long NEVER = Long.MAX_VALUE;
    private static final LogDirectory.Settings BY_HAND = new LogDirectory.Settings(NEVER, NEVER, 16);
    private static final LogSettings SMALL =
            LogFixture.small(1000, 100, Durability.FORCED).withRetention(TimeUnit.HOURS.toMillis(1), -1);

    private final HandClock clock = new HandClock();
    private SimulatedFileSystem disk = SimulatedFileSystem.create(clock);

    private LogDirectory open() throws IOException {
        return LogFixture.open(disk.root().resolve("data"), BY_HAND, SMALL, clock);
    }

    private AppendResult append(Log log, String value) {
        return log.append(LogFixture.batch(clock.millis(), value), 0);
    }

    /** The process that starts next appends a record, has it forced, and the power goes. */
    private void assertNextRecordIsSafe(int records) throws Exception {
        SimulatedFileSystem left;
        try (LogDirectory directory = open()) {
            Log log = LogFixture.existing(directory);
            LogFixture.appended(append(log, "acknowledged"));
            LogFixture.flush(log);
            assertFalse(log.isOffline());
            left = disk.copy();
        }
        left.crashKeepingOnlyForced();
        disk = left;
        try (LogDirectory directory = open()) {
            Log log = LogFixture.existing(directory);
            assertEquals(records, log.logEndOffset());
            assertEquals(
                    "acknowledged", LogFixture.read(log, records - 1).getLast().value());
        }
    }

    @Test
    void aSegmentThatWasMadeForABatchThatFoundNoRoom() throws Exception {
        try (LogDirectory directory = open()) {
            Log log = LogFixture.create(directory, SMALL);
            LogFixture.appended(append(log, "x".repeat(600)));
            LogFixture.flush(log);
            disk.faults((operation, path) -> {
                if (operation == DiskOperation.WRITE && path.endsWith("00000000000000000001.log")) {
                    throw new IOException("No space left on device");
                }
            });
            LogFixture.assertRefused(AppendResult.Reason.KAFKA_STORAGE_ERROR, append(log, "y".repeat(600)));
            disk.faults(DiskFaults.none());
        }
        assertNextRecordIsSafe(2);
    }

    @Test
    void aSegmentThatRetentionHasMadeAndALogOfWhichNothingElseIsLeft() throws Exception {
        try (LogDirectory directory = open()) {
            Log log = LogFixture.create(directory, SMALL);
            LogFixture.appended(append(log, "old"));
            LogFixture.flush(log);
            clock.advanceMs(TimeUnit.HOURS.toMillis(2));
            directory.applyRetention();
            assertTrue(log.logStartOffset() > 0);
        }
        assertNextRecordIsSafe(2);
    }

    @Test
    void aTopicIdThatTheKernelHasGivenUp() throws Exception {
        SimulatedFileSystem killed;
        try (LogDirectory directory = open()) {
            Log log = LogFixture.create(directory, SMALL);
            disk.faults(DiskFaults.failing(DiskOperation.FORCE, path -> path.endsWith("partition.metadata"), 0, 1));
            LogFixture.appended(append(log, "never acknowledged"));
            LogFixture.flush(log);
            assertTrue(log.isOffline());
            killed = disk.copy();
        }
        disk = killed;
        assertNextRecordIsSafe(2);
    }

    @Test
    void aLogThatWasMadeForABatchThatFoundNoRoom() throws Exception {
        try (LogDirectory directory = open()) {
            Log log = LogFixture.create(directory, SMALL);
            disk.faults((operation, path) -> {
                if (operation == DiskOperation.OPEN && path.toString().endsWith(".log")) {
                    throw new IOException("No space left on device");
                }
            });
            LogFixture.assertRefused(AppendResult.Reason.KAFKA_STORAGE_ERROR, append(log, "x"));
            disk.faults(DiskFaults.none());
        }
        assertNextRecordIsSafe(1);
    }

    @Test
    void aLogThatWasMadeForABatchThatCouldNotBeWritten() throws Exception {
        try (LogDirectory directory = open()) {
            Log log = LogFixture.create(directory, SMALL);
            disk.faults(DiskFaults.failing(
                    DiskOperation.OPEN, path -> path.toString().endsWith(".log"), 0, 1));
            LogFixture.assertRefused(AppendResult.Reason.KAFKA_STORAGE_ERROR, append(log, "x"));
            assertTrue(log.isOffline());
        }
        assertNextRecordIsSafe(1);
    }

    @Test
    void aLogOfWhichOnlyItsStartIsLeftKeepsItWhenItCannotBeMadeAgain() throws Exception {
        Path folder = disk.root().resolve("data").resolve("orders-0");
        try (LogDirectory directory = open()) {
            Log log = LogFixture.create(directory, SMALL);
            LogFixture.appended(append(log, "old"));
            LogFixture.flush(log);
            clock.advanceMs(TimeUnit.HOURS.toMillis(2));
            directory.applyRetention();
            assertEquals(1, log.logStartOffset());
        }
        for (long segment : LogFixture.segments(folder)) {
            Files.delete(folder.resolve(FileNames.ofOffset(segment) + ".log")); // as if its name had not been forced
        }
        try (LogDirectory directory = open()) {
            disk.faults(DiskFaults.failing(DiskOperation.WRITE, path -> path.endsWith("partition.metadata"), 0, 1));
            LogFixture.assertRefused(
                    AppendResult.Reason.KAFKA_STORAGE_ERROR, append(LogFixture.existing(directory), "x"));
        }
        assertNextRecordIsSafe(2);
    }
}
