package io.milena.log;

import static io.milena.log.CompactionFixture.BY_HAND;
import static io.milena.log.CompactionFixture.SETTINGS;
import static io.milena.log.CompactionFixture.TOMBSTONES_MS;
import static io.milena.log.CompactionFixture.append;
import static io.milena.log.CompactionFixture.compact;
import static io.milena.log.CompactionFixture.fill;
import static io.milena.log.CompactionFixture.latest;
import static io.milena.log.CompactionFixture.offsets;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.records.Record;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The power goes, the process dies or the disk fails at every single operation of a compaction. */
class CompactionCrashTest {
    private final HandClock clock = new HandClock();

    private static Path data(SimulatedFileSystem disk) {
        return disk.root().resolve("data");
    }

    private LogDirectory open(SimulatedFileSystem disk) throws IOException {
        return LogFixture.open(data(disk), BY_HAND, SETTINGS, clock);
    }

    /** A log that was compacted before, with new records, of which some are tombstones, one whose time is over. */
    private SimulatedFileSystem dirty(Map<String, String> model, long seed) throws IOException, InterruptedException {
        Random random = new Random(seed);
        SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        try (LogDirectory directory = open(disk)) {
            Log log = LogFixture.create(directory, SETTINGS);
            for (int i = 0; i < 25; i++) {
                append(log, clock.millis(), "key " + random.nextInt(8) + "=" + CompactionFixture.value(i), "gone=" + i);
            }
            append(log, clock.millis(), "gone");
            fill(log, new TreeMap<>(), 10 + random.nextInt(10), 3, clock.millis());
            compact(directory);
            clock.advanceMs(TOMBSTONES_MS);
            for (int i = 0; i < 25; i++) {
                String key = "key " + random.nextInt(12);
                append(log, clock.millis(), random.nextInt(5) == 0 ? key : key + "=" + CompactionFixture.value(i));
            }
            LogFixture.flush(log);
            model.putAll(latest(log));
        }
        return disk;
    }

    /** Opens a disk after a crash, and compacts once more: nothing is lost, and nothing comes back. */
    private void assertHolds(SimulatedFileSystem disk, Map<String, String> model, Map<Long, Record> all, String moment)
            throws IOException, InterruptedException {
        try (LogDirectory directory = open(disk)) {
            Log log = LogFixture.existing(directory);
            assertFalse(log.isOffline(), moment);
            assertEquals(all.size(), log.logEndOffset(), moment);
            assertContents(log, model, all, moment);
            append(log, clock.millis(), "after=1");
            LogFixture.flush(log);
            compact(directory);
            Map<String, String> more = new TreeMap<>(model);
            more.put("after", "1");
            assertEquals(more, latest(log), moment);
            assertEquals(List.of(), leftovers(disk), moment);
        }
    }

    private static void assertContents(Log log, Map<String, String> model, Map<Long, Record> all, String moment)
            throws IOException {
        assertEquals(model, latest(log), moment);
        for (Record record : CompactionFixture.records(log)) {
            assertEquals(all.get(record.offset()), record, moment);
        }
    }

    private static List<String> leftovers(SimulatedFileSystem disk) throws IOException {
        return LogFixture.names(data(disk).resolve("orders-0")).stream()
                .filter(name -> name.endsWith(".cleaned") || name.endsWith(".swap"))
                .toList();
    }

    /** What was written at each offset; of those that were compacted before, something equal to nothing. */
    private Map<Long, Record> records(SimulatedFileSystem disk) throws IOException {
        Map<Long, Record> all = new HashMap<>();
        try (LogDirectory directory = open(disk.copy())) {
            Log log = LogFixture.existing(directory);
            for (Record record : CompactionFixture.records(log)) {
                all.put(record.offset(), record);
            }
            for (long offset = 0; offset < log.logEndOffset(); offset++) {
                all.putIfAbsent(offset, new Record(-1, 0, 0, null, null, List.of()));
            }
        }
        return all;
    }

    @Test
    void everyMomentLeavesTheOldOrTheNewContents() {
        AtomicInteger moments = new AtomicInteger();
        LogFixture.each(CompactionCrashTest.class, 6, seed -> {
            // Given
            Map<String, String> model = new TreeMap<>();
            SimulatedFileSystem disk = dirty(model, seed);
            Map<Long, Record> all = records(disk);
            Queue<SimulatedFileSystem> before = new ConcurrentLinkedQueue<>();
            List<Long> old;
            try (LogDirectory directory = open(disk)) {
                Log log = LogFixture.existing(directory);
                old = offsets(log);
                // When
                disk.faults((operation, path) -> {
                    if (operation != DiskOperation.READ && operation != DiskOperation.LIST) {
                        before.add(disk.copy());
                    }
                });
                assertEquals(1, compact(directory));
                disk.faults(DiskFaults.none());
                before.add(disk.copy());
                assertTrue(offsets(log).size() < old.size());
            }
            // Then
            int moment = 0;
            for (SimulatedFileSystem after : before) {
                moments.incrementAndGet();
                switch ((int) ((seed + moment) % 3)) {
                    case 0 -> after.crashKeepingOnlyForced();
                    case 1 -> after.processKill();
                    default -> after.crash(new Random(seed * 1000 + moment));
                }
                assertHolds(after, model, all, "moment " + moment++);
            }
        });
        assertTrue(moments.get() > 6 * 20, () -> moments + " moments");
    }

    @Test
    void aCrashDuringTheRepairOfACrashLosesNothingEither() {
        LogFixture.each(CompactionCrashTest.class, 1, seed -> {
            // Given
            Map<String, String> model = new TreeMap<>();
            SimulatedFileSystem disk = dirty(model, seed);
            Map<Long, Record> all = records(disk);
            Queue<SimulatedFileSystem> announced = new ConcurrentLinkedQueue<>();
            try (LogDirectory directory = open(disk)) {
                disk.faults((operation, path) -> {
                    if (operation == DiskOperation.MOVE) {
                        announced.add(disk.copy());
                    }
                });
                compact(directory);
                disk.faults(DiskFaults.none());
            }
            int crash = 0;
            for (SimulatedFileSystem after : announced) {
                after.crash(new Random(seed * 1000 + crash++));
                List<SimulatedFileSystem> again = new ArrayList<>();
                // When
                after.faults((operation, path) -> {
                    if (operation != DiskOperation.READ && operation != DiskOperation.LIST) {
                        again.add(after.copy());
                    }
                });
                open(after).close();
                // Then
                for (SimulatedFileSystem twice : again) {
                    twice.crash(new Random(seed * 1000 + crash++));
                    assertHolds(twice, model, all, "crash " + crash);
                }
            }
        });
    }

    @Test
    void everyFailureOfTheDiskLeavesTheLogReadableOrWholeAfterARestart() {
        LogFixture.each(CompactionCrashTest.class, 2, seed -> {
            // Given
            Map<String, String> model = new TreeMap<>();
            SimulatedFileSystem disk = dirty(model, seed);
            Map<Long, Record> all = records(disk);
            int offline = 0;
            boolean wasHit = true;
            for (int skip = 0; wasHit; skip++) {
                SimulatedFileSystem failing = disk.copy();
                AtomicInteger toPass = new AtomicInteger(skip);
                try (LogDirectory directory = open(failing)) {
                    Log log = LogFixture.existing(directory);
                    // When
                    failing.faults((operation, path) -> {
                        if (operation != DiskOperation.LIST && toPass.getAndDecrement() == 0) {
                            throw DiskFaults.inputOutputError(path);
                        }
                    });
                    directory.cleaner().compactDirtiest();
                    failing.faults(DiskFaults.none());
                    wasHit = toPass.get() < 0;
                    // Then
                    if (log.isOffline()) {
                        offline++;
                    } else {
                        assertContents(log, model, all, "failure " + skip);
                        clock.advanceMs(60_000);
                        compact(directory);
                        assertContents(log, model, all, "after failure " + skip);
                        assertEquals(Map.of(), directory.cleaner().uncleanable());
                    }
                }
                assertHolds(failing, model, all, "failure " + skip);
            }
            assertTrue(offline > 0);
        });
    }
}
