package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogFixture.Expected;
import io.milena.log.LogSettings.Durability;
import io.milena.log.disk.Shortage;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Input and output errors, and a process that may open no more files: what a log does and what it says. */
class DiskErrorTest {
    private static final LogSettings SMALL = LogFixture.small(3000, 100, Durability.FORCED);
    private static final LogDirectory.Settings FEW_FILES = new LogDirectory.Settings(100, Long.MAX_VALUE, 4);

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final List<Expected> model = new ArrayList<>();

    private LogDirectory open() throws IOException {
        return LogFixture.open(disk.root().resolve("data"), FEW_FILES, SMALL, clock);
    }

    private static boolean isLog(Path path) {
        return path.toString().endsWith(".log");
    }

    private AppendResult append(Log log) {
        Expected record = new Expected(log.logEndOffset(), clock.millis(), model.size() + "x".repeat(500));
        AppendResult result = log.append(LogFixture.batch(record.timestampMs(), record.value()), 0);
        if (result instanceof AppendResult.Appended) {
            model.add(record);
        }
        return result;
    }

    private void fill(Log log, int count) {
        for (int i = 0; i < count; i++) {
            LogFixture.appended(append(log));
        }
    }

    @Test
    void aFailedWriteTakesTheLogOfflineAndWhatIsThereCanBeRead() throws Exception {
        try (LogDirectory directory = open()) {
            Log log = LogFixture.create(directory, SMALL);
            fill(log, 3);
            disk.faults(DiskFaults.failing(DiskOperation.WRITE, DiskErrorTest::isLog, 0, 1));
            // When
            LogFixture.assertRefused(AppendResult.Reason.KAFKA_STORAGE_ERROR, append(log));
            // Then
            assertTrue(log.isOffline());
            LogFixture.assertRefused(AppendResult.Reason.KAFKA_STORAGE_ERROR, append(log));
            assertEquals(model, LogFixture.read(log, 0));
        }
        try (LogDirectory directory = open()) {
            assertEquals(model, LogFixture.read(LogFixture.existing(directory), 0));
        }
    }

    @Test
    void whatCannotBeCutBackAfterAShortageTakesTheLogOffline() throws Exception {
        try (LogDirectory directory = open()) {
            Log log = LogFixture.create(directory, LogFixture.small(1 << 20, 100, Durability.FORCED));
            fill(log, 1);
            disk.capacityBytes(disk.usedBytes());
            disk.faults(DiskFaults.failing(DiskOperation.TRUNCATE, DiskErrorTest::isLog, 0, 1));
            // When
            while (append(log) instanceof AppendResult.Appended) {}
            // Then
            assertTrue(log.isOffline());
        }
        disk.capacityBytes(Long.MAX_VALUE);
        try (LogDirectory directory = open()) {
            assertEquals(model, LogFixture.read(LogFixture.existing(directory), 0));
        }
    }

    @Test
    void aFailedReadIsReportedWithFileAndPositionAndTheLogGoesOn() throws Exception {
        try (LogDirectory directory = open()) {
            Log log = LogFixture.create(directory, SMALL);
            fill(log, 20);
            disk.faults(DiskFaults.failing(
                    DiskOperation.READ, path -> path.endsWith("00000000000000000000.log"), 0, Integer.MAX_VALUE));
            // When
            ReadResult.Unreadable failed =
                    assertInstanceOf(ReadResult.Unreadable.class, log.read(0, 100, Long.MAX_VALUE));
            assertThrows(IOException.class, () -> log.offsetForTimestamp(clock.millis()));
            // Then
            assertEquals(
                    "/data/orders-0/00000000000000000000.log cannot be read at position 0: "
                            + "/data/orders-0/00000000000000000000.log: Input/output error",
                    failed.message());
            assertFalse(log.isOffline());
            fill(log, 1);
            assertEquals(model.subList(10, 21), LogFixture.read(log, 10));
            disk.faults(DiskFaults.none());
            assertEquals(model, LogFixture.read(log, 0));
        }
    }

    @Test
    void filesThatNobodyUsesAreClosedWhereTheProcessMayOpenNoMore() throws Exception {
        try (LogDirectory directory = open()) {
            Log log = LogFixture.create(directory, SMALL);
            List<Log> others = directory.create("others", List.of(0, 1, 2), new UUID(5, 6), SMALL);
            others.forEach(this::append);
            model.clear();
            disk.openFilesMax(5); // its lock and four segments, as many as it keeps
            // When
            fill(log, 20);
            LogFixture.flush(log);
            // Then
            assertEquals(model, LogFixture.read(log, 0));
            assertFalse(log.isOffline());
        }
    }

    @Test
    void aProcessThatMayOpenNoFileAtAllRefusesAndLosesNothing() throws Exception {
        try (LogDirectory directory = open()) {
            Log log = LogFixture.create(directory, SMALL);
            fill(log, 4);
            Log other =
                    directory.create("other", List.of(0), new UUID(5, 6), SMALL).getFirst();
            // When connections, say, have taken all
            disk.openFilesMax(1);
            AppendResult refused = null;
            for (int i = 0; i < 3 && !(refused instanceof AppendResult.Refused); i++) {
                refused = other.append(LogFixture.batch(clock.millis(), "other"), 0);
            }
            // Then
            LogFixture.assertRefused(
                    AppendResult.Reason.KAFKA_STORAGE_ERROR, java.util.Objects.requireNonNull(refused));
            log.requestFlush();
            LogFixture.assertRefused(AppendResult.Reason.KAFKA_STORAGE_ERROR, append(log));
            assertInstanceOf(ReadResult.Unreadable.class, log.read(0, 100, Long.MAX_VALUE));
            assertEquals(0, log.flushedOffset());
            assertFalse(log.isOffline() || other.isOffline());
            // When they are gone
            disk.openFilesMax(Integer.MAX_VALUE);
            LogFixture.flush(log);
            // Then
            fill(log, 5);
            LogFixture.flush(log);
            assertEquals(model, LogFixture.read(log, 0));
            disk.crashKeepingOnlyForced();
        }
        try (LogDirectory directory = open()) {
            assertEquals(model, LogFixture.read(LogFixture.existing(directory), 0));
        }
    }

    @Test
    void onlyWhatIsShortCountsAsShort() throws IOException {
        assertEquals(Shortage.SPACE, Shortage.behind(new IOException("No space left on device")));
        assertEquals(Shortage.SPACE, Shortage.behind(new IOException("/data/x: Disk quota exceeded")));
        assertEquals(Shortage.FILES, Shortage.behind(new IOException("/data/x: Too many open files")));
        assertEquals(Shortage.FILES, Shortage.behind(new IOException("Too many open files in system")));
        assertEquals(null, Shortage.behind(new IOException("Input/output error")));
        assertEquals(null, Shortage.behind(new IOException()));
        assertEquals(
                null, Shortage.behind(new IOException("cannot be cut", new IOException("No space left on device"))));
        disk.openFilesMax(0);
        assertEquals(
                Shortage.FILES,
                Shortage.behind(
                        assertThrows(IOException.class, () -> FileChannel.open(disk.root(), StandardOpenOption.READ))));
    }
}
