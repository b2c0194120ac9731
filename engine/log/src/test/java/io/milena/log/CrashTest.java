package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogFixture.Expected;
import io.milena.log.LogSettings.Durability;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.Moments;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The power goes, the disk fills or fails, in the moments in which it hurts most. */
class CrashTest {
    private static final LogSettings FORCED = LogFixture.small(1000, 100, Durability.FORCED);
    private static final LogSettings WRITTEN = LogFixture.small(1000, 100, Durability.WRITTEN);
    private static final LogDirectory.Settings NEVER_BY_ITSELF = new LogDirectory.Settings(100, Long.MAX_VALUE, 16);

    private final HandClock clock = new HandClock();

    private static Path data(SimulatedFileSystem disk) {
        return disk.root().resolve("data");
    }

    private LogDirectory open(SimulatedFileSystem disk, LogSettings settings) throws IOException {
        return LogFixture.open(data(disk), NEVER_BY_ITSELF, settings, clock);
    }

    private AppendResult append(Log log, List<Expected> model) {
        Expected record = new Expected(log.logEndOffset(), clock.millis(), model.size() + "x".repeat(100));
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

    @Test
    void everyMomentOfARunLeavesWhatWasFlushedBefore() {
        LogFixture.each(CrashTest.class, 12, seed -> {
            // Given
            SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
            List<Expected> model = new ArrayList<>();
            List<SimulatedFileSystem> moments = new ArrayList<>();
            List<Integer> flushed = new ArrayList<>();
            try (LogDirectory directory = open(disk, FORCED)) {
                Log log = LogFixture.create(directory, FORCED);
                Queue<SimulatedFileSystem> current = Moments.of(disk);
                Random random = new Random(seed);
                int safe = 0;
                for (int i = 0; i < 25; i++) {
                    // When
                    append(log, model);
                    if (random.nextInt(4) == 0) {
                        LogFixture.flush(log);
                    }
                    if (random.nextInt(8) == 0) {
                        directory.checkpointStartOffsets();
                    }
                    for (SimulatedFileSystem moment = current.poll(); moment != null; moment = current.poll()) {
                        moments.add(moment);
                        flushed.add(safe);
                    }
                    safe = (int) log.flushedOffset();
                }
            }
            // Then
            for (int i = 0; i < moments.size(); i++) {
                SimulatedFileSystem after = moments.get(i);
                Moments.crash(after, seed);
                try (LogDirectory directory = open(after, FORCED)) {
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
    void everyMomentOfRetentionKeepsTheOffsets() {
        LogFixture.each(CrashTest.class, 20, seed -> {
            // Given
            SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
            LogSettings settings = FORCED.withRetention(1000, -1);
            List<Expected> model = new ArrayList<>();
            Queue<SimulatedFileSystem> moments;
            try (LogDirectory directory = open(disk, settings)) {
                Log log = LogFixture.create(directory, settings);
                fill(log, model, 20);
                LogFixture.flush(log);
                clock.advanceMs(1001);
                // When
                moments = Moments.of(disk);
                directory.applyRetention();
                disk.faults(DiskFaults.none());
                assertEquals(20, log.logStartOffset());
            }
            // Then
            for (SimulatedFileSystem after : moments) {
                Moments.crash(after, seed);
                try (LogDirectory directory = open(after, settings)) {
                    Log log = LogFixture.existing(directory);
                    assertEquals(20, log.logEndOffset());
                    int start = (int) log.logStartOffset();
                    assertEquals(model.subList(start, 20), LogFixture.read(log, 0));
                }
            }
        });
    }

    @Test
    void aLogIsOnDiskFromItsFirstFlushOnWhateverCrashes() {
        LogFixture.each(CrashTest.class, 30, seed -> {
            // Given
            SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
            Queue<SimulatedFileSystem> moments;
            SimulatedFileSystem after;
            List<Expected> model = new ArrayList<>();
            try (LogDirectory directory = open(disk, FORCED)) {
                moments = Moments.of(disk);
                Log log = LogFixture.create(directory, FORCED);
                assertTrue(moments.isEmpty());
                // When
                fill(log, model, 1);
                LogFixture.flush(log);
                disk.faults(DiskFaults.none());
                after = disk.copy();
            }
            // Then
            Moments.crash(after, seed);
            try (LogDirectory directory = open(after, FORCED)) {
                assertEquals(new UUID(1, 2), LogFixture.existing(directory).topicId());
                assertEquals(model, LogFixture.read(LogFixture.existing(directory), 0));
            }
            for (SimulatedFileSystem between : moments) {
                Moments.crash(between, seed);
                try (LogDirectory directory = open(between, FORCED)) {
                    Log log = LogFixture.existing(directory);
                    List<Expected> found = LogFixture.read(log, 0);
                    assertEquals(model.subList(0, found.size()), found);
                    fill(log, found, 1);
                    assertEquals(found, LogFixture.read(log, 0));
                }
            }
        });
    }

    @Test
    void aStartThatWasMadeDurableStaysAfterAnyCrash() {
        LogFixture.each(CrashTest.class, 30, seed -> {
            // Given
            SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
            List<Expected> model = new ArrayList<>();
            SimulatedFileSystem after;
            try (LogDirectory directory = open(disk, FORCED)) {
                Log log = LogFixture.create(directory, FORCED);
                fill(log, model, 20);
                LogFixture.flush(log);
                // When
                log.deleteRecordsBefore(13);
                directory.checkpointStartOffsets();
                directory.applyRetention();
                after = disk.copy();
            }
            Moments.crash(after, seed);
            // Then
            try (LogDirectory directory = open(after, FORCED)) {
                Log log = LogFixture.existing(directory);
                assertEquals(13, log.logStartOffset());
                assertEquals(model.subList(13, 20), LogFixture.read(log, 0));
            }
        });
    }

    @Test
    void aFailedForceAcknowledgesNothingAndOnlyWhatWasForcedSurvives() throws Exception {
        // Given
        SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        List<Expected> model = new ArrayList<>();
        SimulatedFileSystem after;
        try (LogDirectory directory = open(disk, FORCED)) {
            Log log = LogFixture.create(directory, FORCED);
            fill(log, model, 3);
            LogFixture.flush(log);
            disk.faults(DiskFaults.failing(DiskOperation.FORCE, path -> isLog(path), 0, 1));
            // When
            fill(log, model, 4);
            LogFixture.flush(log);
            LogFixture.assertRefused(AppendResult.Reason.KAFKA_STORAGE_ERROR, append(log, model));
            directory.applyRetention();
            // Then
            assertTrue(log.isOffline());
            assertEquals(3, log.flushedOffset());
            after = disk.copy();
        }
        assertFalse(LogFixture.names(data(disk)).contains(".kafka_cleanshutdown"));
        after.crashKeepingOnlyForced();
        try (LogDirectory directory = open(after, FORCED)) {
            assertEquals(model.subList(0, 3), LogFixture.read(LogFixture.existing(directory), 0));
        }
    }

    private static boolean isLog(Path path) {
        return path.toString().endsWith(".log");
    }

    @Test
    void whatAFailedForceLeftInThePageCacheIsWrittenAgain() throws Exception {
        // Given
        SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        List<Expected> model = new ArrayList<>();
        SimulatedFileSystem killed;
        try (LogDirectory directory = open(disk, FORCED)) {
            Log log = LogFixture.create(directory, FORCED);
            fill(log, model, 3);
            LogFixture.flush(log);
            disk.faults(DiskFaults.failing(DiskOperation.FORCE, path -> isLog(path), 0, 1));
            fill(log, model, 2);
            LogFixture.flush(log);
            killed = disk.copy();
        }
        // When
        killed.processKill();
        SimulatedFileSystem crashed;
        long flushed;
        try (LogDirectory directory = open(killed, FORCED)) {
            Log log = LogFixture.existing(directory);
            fill(log, model, 1);
            LogFixture.flush(log);
            flushed = log.flushedOffset();
            crashed = killed.copy();
        }
        crashed.crashKeepingOnlyForced();
        // Then
        try (LogDirectory directory = open(crashed, FORCED)) {
            assertEquals(6, flushed);
            assertEquals(model, LogFixture.read(LogFixture.existing(directory), 0));
        }
    }

    @Test
    void aSegmentThatIsSealedWhileItIsForcedIsNotTrustedTooEarly() throws Exception {
        // Given
        SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        List<Expected> model = new ArrayList<>();
        SimulatedFileSystem after;
        try (LogDirectory directory = open(disk, FORCED)) {
            Log log = LogFixture.create(directory, FORCED);
            fill(log, model, 4);
            long full = log.sizeInBytes() / 4 * 5 + 1;
            log.settings(LogFixture.small((int) full, 100, Durability.FORCED));
            fill(log, model, 1);
            AtomicBoolean isSealed = new AtomicBoolean();
            disk.faults((operation, path) -> {
                // The flusher has forced the batches and now forces the folder, for the new file's name.
                if (operation == DiskOperation.FORCE
                        && path.endsWith("orders-0")
                        && isSealed.compareAndSet(false, true)) {
                    fill(log, model, 1);
                }
            });
            // When
            LogFixture.flush(log);
            disk.faults(DiskFaults.none());
            assertTrue(isSealed.get());
            assertEquals(5, log.flushedOffset());
            directory.checkpointStartOffsets();
            after = disk.copy();
        }
        after.crashKeepingOnlyForced();
        // Then
        try (LogDirectory directory = open(after, FORCED)) {
            Log log = LogFixture.existing(directory);
            assertEquals(model.subList(0, 5), LogFixture.read(log, 0));
            assertEquals(0, log.offsetForTimestamp(clock.millis()).orElseThrow().offset());
        }
    }

    @Test
    void whatWasOnlyWrittenMayGoButIsNeverTorn() {
        LogFixture.each(CrashTest.class, 100, seed -> {
            // Given
            SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
            List<Expected> model = new ArrayList<>();
            SimulatedFileSystem after;
            try (LogDirectory directory = open(disk, WRITTEN)) {
                Log log = LogFixture.create(directory, WRITTEN);
                fill(log, model, 3);
                assertEquals(3, log.flushedOffset());
                fill(log, model, 20);
                directory.checkpointStartOffsets();
                after = disk.copy();
            }
            // When
            Moments.crash(after, seed);
            // Then
            try (LogDirectory directory = open(after, WRITTEN)) {
                Log log = LogFixture.existing(directory);
                assertEquals(model.subList(0, (int) log.logEndOffset()), LogFixture.read(log, 0));
                assertFalse(log.isOffline());
            }
        });
    }

    @Test
    void whatWasWrittenSurvivesTheEndOfTheProcess() throws Exception {
        // Given
        SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        List<Expected> model = new ArrayList<>();
        SimulatedFileSystem after;
        try (LogDirectory directory = open(disk, WRITTEN)) {
            Log log = LogFixture.create(directory, WRITTEN);
            fill(log, model, 23);
            assertEquals(23, log.flushedOffset());
            after = disk.copy();
        }
        // When
        after.processKill();
        // Then
        try (LogDirectory directory = open(after, WRITTEN)) {
            assertEquals(model, LogFixture.read(LogFixture.existing(directory), 0));
        }
    }
}
