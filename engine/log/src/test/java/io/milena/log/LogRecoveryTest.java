package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogFixture.Expected;
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
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a log holds after power cuts, kills and failing forces. */
class LogRecoveryTest {
    private static final int SEEDS = 300;
    private static final long TIME_MS = HandClock.START_MS;
    private static final LogSettings SMALL = LogSettings.DEFAULTS.withSegmentBytes(1500);

    private static Path data(SimulatedFileSystem disk) {
        return disk.root().resolve("data");
    }

    private static LogDirectory open(SimulatedFileSystem disk) throws IOException {
        return LogFixture.open(data(disk), SMALL, new HandClock());
    }

    private static void append(Log log, List<Expected> model, Random random, int life) {
        String value = life + ":" + model.size() + "-" + "x".repeat(random.nextInt(300));
        model.add(new Expected(model.size(), TIME_MS, value));
        LogFixture.appended(log.append(LogFixture.batchOf(life, 0, sequence(model, life), TIME_MS, value), life));
    }

    /** The number of records of a life before the last one. */
    private static int sequence(List<Expected> model, int life) {
        String start = life + ":";
        return (int) model.stream()
                        .filter(each -> each.value().startsWith(start))
                        .count()
                - 1;
    }

    @Test
    void keepsWhatWasFlushedThroughManyPowerCutsAndKills() {
        LogFixture.each(LogRecoveryTest.class, SEEDS, seed -> {
            // Given
            Random random = new Random(seed);
            SimulatedFileSystem disk = SimulatedFileSystem.create();
            List<Expected> model = new ArrayList<>();
            long flushed = 0;
            for (int life = 0; life < 4; life++) {
                SimulatedFileSystem after;
                try (LogDirectory directory = open(disk)) {
                    Log log = life == 0 ? LogFixture.create(directory, SMALL) : LogFixture.existing(directory);
                    // Then
                    String where = "life " + life;
                    int end = (int) log.logEndOffset();
                    assertTrue(end >= flushed && end <= model.size(), () -> where + " ends at " + end);
                    model = new ArrayList<>(model.subList(0, end));
                    assertEquals(model, LogFixture.read(log, 0), where);
                    // When
                    work(directory, log, model, random, life);
                    flushed = log.flushedOffset();
                    after = disk.copy();
                }
                if (random.nextInt(4) == 0) {
                    after.processKill();
                    flushed = model.size();
                } else {
                    after.crash(random);
                }
                disk = after;
            }
        });
    }

    private static void work(LogDirectory directory, Log log, List<Expected> model, Random random, int life)
            throws IOException, InterruptedException {
        int count = random.nextInt(20);
        for (int i = 0; i < count; i++) {
            append(log, model, random, life);
            if (random.nextInt(5) == 0) {
                LogFixture.flush(log);
            }
            if (random.nextInt(10) == 0) {
                directory.checkpointStartOffsets();
            }
        }
    }

    @Test
    void cutsATornTailAtEveryByte() throws Exception {
        // Given
        SimulatedFileSystem disk = SimulatedFileSystem.create();
        List<Expected> model = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        SimulatedFileSystem whole;
        try (LogDirectory directory = open(disk)) {
            Log log = LogFixture.create(directory, SMALL);
            Random random = new Random(5);
            for (int i = 0; i < 3; i++) {
                append(log, model, random, 0);
                ends.add(log.sizeInBytes());
            }
            LogFixture.flush(log);
            whole = disk.copy();
        }
        for (long size = 0; size <= ends.getLast(); size++) {
            SimulatedFileSystem torn = whole.copy();
            // When
            try (FileChannel channel = FileChannel.open(
                    data(torn).resolve("orders-0").resolve("00000000000000000000.log"), StandardOpenOption.WRITE)) {
                channel.truncate(size);
            }
            // Then
            long left = size;
            int records = (int) ends.stream().filter(end -> end <= left).count();
            try (LogDirectory directory = open(torn)) {
                Log log = LogFixture.existing(directory);
                assertEquals(model.subList(0, records), LogFixture.read(log, 0));
                assertEquals(records == 0 ? 0 : ends.get(records - 1), log.sizeInBytes());
            }
        }
    }

    @Test
    void goesOfflineWhenAForceFails() throws Exception {
        // Given
        SimulatedFileSystem disk = SimulatedFileSystem.create();
        try (LogDirectory directory = open(disk)) {
            Log log = LogFixture.create(directory, SMALL);
            List<Expected> model = new ArrayList<>();
            append(log, model, new Random(1), 0);
            LogFixture.flush(log);
            disk.faults(DiskFaults.failing(
                    DiskOperation.FORCE, path -> path.toString().endsWith(".log"), 0, 1));
            // When
            append(log, model, new Random(1), 0);
            LogFixture.flush(log);
            // Then
            assertTrue(log.isOffline());
            log.requestFlush();
            AppendResult refused = log.append(LogFixture.batch(TIME_MS, "late"), 0);
            LogFixture.assertRefused(AppendResult.Reason.KAFKA_STORAGE_ERROR, refused);
            assertEquals(1, log.flushedOffset());
        }
    }

    @Test
    void knowsWhereALeaderEpochBeganAfterTwoCrashes() throws IOException {
        // Given a log whose epochs and indexes were written down, and another epoch since
        LogSettings large = LogSettings.DEFAULTS.withSegmentBytes(1 << 20);
        SimulatedFileSystem disk = SimulatedFileSystem.create();
        long begin;
        SimulatedFileSystem once;
        try (LogDirectory directory = LogFixture.open(data(disk), large, new HandClock())) {
            Log log = LogFixture.create(directory, large);
            while (log.sizeInBytes() < 2 * Segment.READ_AGAIN_MAX) {
                LogFixture.appended(log.append(LogFixture.batch(TIME_MS, "x".repeat(1000)), 1));
            }
            directory.checkpoint();
            begin = log.logEndOffset();
            for (int i = 0; i < 30; i++) {
                LogFixture.appended(log.append(LogFixture.batch(TIME_MS, "y".repeat(1000)), 2));
            }
            once = disk.copy();
        }
        once.processKill();
        // When
        SimulatedFileSystem twice;
        try (LogDirectory directory = LogFixture.open(data(once), large, new HandClock())) {
            assertEquals(2, LogFixture.existing(directory).epochAt(begin));
            directory.checkpointStartOffsets();
            twice = once.copy();
        }
        twice.processKill();
        // Then
        try (LogDirectory directory = LogFixture.open(data(twice), large, new HandClock())) {
            Log log = LogFixture.existing(directory);
            assertEquals(2, log.epochAt(begin));
            assertEquals(new EpochEnd(1, begin), log.endOffsetFor(1));
        }
    }
}
