package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.disk.Pace;
import io.milena.runtime.Environment;
import io.milena.runtime.Threads;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The end of a log is taken away while others are at it: a compaction, a move to another directory, retention. */
class TruncationAmongOthersTest {
    private static final LogSettings SETTINGS = CompactionFixture.SETTINGS;
    private static final UUID FIRST = new UUID(10, 1);
    private static final UUID SECOND = new UUID(10, 2);

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final Path data = disk.root().resolve("data");

    private LogDirectory open() throws IOException {
        return LogFixture.open(data, CompactionFixture.BY_HAND, SETTINGS, clock);
    }

    /** Twenty records with four keys, and twenty with others: compaction must not rest on what lies above the high watermark. */
    private Log fill(LogDirectory directory) throws InterruptedException, IOException {
        Log log = LogFixture.create(directory, SETTINGS);
        CompactionFixture.fill(log, new TreeMap<>(), 20, 4, clock.millis());
        for (int i = 20; i < 40; i++) {
            CompactionFixture.append(log, clock.millis(), "late " + i % 4 + "=" + CompactionFixture.value(i));
        }
        LogFixture.flush(log);
        return log;
    }

    /** Writes others in the place of those that go. */
    private void exchangeEnd(Log log, long offset) throws IOException {
        log.truncateTo(offset);
        while (log.logEndOffset() < 45) {
            CompactionFixture.append(log, clock.millis(), "other " + log.logEndOffset() + "=1");
        }
    }

    @Test
    void aCompactionThatIsUnderWayIsGivenUp() throws Exception {
        AtomicInteger place = new AtomicInteger();
        boolean wasHit = true;
        for (int skip = 0; wasHit; skip++) {
            SimulatedFileSystem fresh = SimulatedFileSystem.create(clock);
            place.set(skip);
            try (LogDirectory directory =
                    LogFixture.open(fresh.root().resolve("data"), CompactionFixture.BY_HAND, SETTINGS, clock)) {
                // Given
                Log log = fill(directory);
                fresh.faults((operation, path) -> {
                    boolean isCompaction =
                            operation == DiskOperation.WRITE && path.toString().endsWith(".log.cleaned");
                    boolean isReading =
                            operation == DiskOperation.READ && path.toString().endsWith(".log");
                    if ((isCompaction || isReading) && place.getAndDecrement() == 0) {
                        fresh.faults(DiskFaults.none());
                        exchangeEnd(log, 20);
                    }
                });
                // When
                CompactionFixture.compact(directory);
                fresh.faults(DiskFaults.none());
                wasHit = place.get() < 0;
                // Then
                if (wasHit) {
                    assertHolds(directory, log, "place " + skip);
                }
            }
        }
        assertTrue(place.get() >= 0);
    }

    private void assertHolds(LogDirectory directory, Log log, String place) throws IOException, InterruptedException {
        assertFalse(log.isOffline(), place);
        assertEquals(Map.of(), directory.cleaner().uncleanable(), place);
        Map<String, String> latest = CompactionFixture.latest(log);
        for (long offset = 20; offset < 45; offset++) {
            assertEquals("1", latest.get("other " + offset), place);
        }
        assertEquals(29, latest.size(), place);
        for (int key = 0; key < 4; key++) {
            assertEquals(CompactionFixture.value(16 + key), latest.get("key " + key), place);
        }
        LogFixture.flush(log);
        CompactionFixture.compact(directory);
        assertEquals(latest, CompactionFixture.latest(log), place);
    }

    @Test
    void whatWasCompactedBeforeIsDirtyWhereItWasTakenAway() throws Exception {
        try (LogDirectory directory = open()) {
            Log log = fill(directory);
            CompactionFixture.compact(directory);
            long place = log.compactable().cleanedOffset() - 5;
            assertTrue(place > 10);
            log.truncateTo(place);
            assertEquals(place, log.compactable().cleanedOffset());
            CompactionFixture.fill(log, new TreeMap<>(), 60, 2, clock.millis());
            CompactionFixture.compact(directory);
            assertTrue(CompactionFixture.offsets(log).stream()
                            .filter(offset -> offset >= place && offset < place + 20)
                            .count()
                    <= 1); // the last of what was compacted stays
        }
    }

    @Test
    void aMoveThatIsUnderWayCopiesWhatIsThereThen() throws Exception {
        LogDirectory.Place first = new LogDirectory.Place(disk.root().resolve("first"), FIRST);
        LogDirectory.Place second = new LogDirectory.Place(disk.root().resolve("second"), SECOND);
        List<Long> expected;
        try (LogDirectories directories = LogDirectories.open(
                new DirectoryLayout(first, List.of(first, second), Map.of()),
                CompactionFixture.BY_HAND,
                topic -> SETTINGS,
                new Environment(clock, Threads.system(), new Random(1)))) {
            // Given
            Log log = fill(directories.metadataDirectory());
            AtomicInteger place = new AtomicInteger(3);
            disk.faults((operation, path) -> {
                if (operation == DiskOperation.WRITE
                        && path.startsWith(second.path())
                        && path.toString().endsWith(".log")
                        && place.getAndDecrement() == 0) {
                    exchangeEnd(log, 15);
                }
            });
            // When
            LogMove move = new LogMove(
                    log,
                    Objects.requireNonNull(directories.online(FIRST)),
                    Objects.requireNonNull(directories.online(SECOND)),
                    new Pace(clock, Double.MAX_VALUE));
            assertTrue(move.run(finishing -> finishing.finish(() -> true)));
            disk.faults(DiskFaults.none());
            // Then
            assertTrue(place.get() < 0);
            assertEquals(45, log.logEndOffset());
            expected = CompactionFixture.offsets(log);
            assertEquals(45, expected.size());
        }
        try (LogDirectory directory = LogFixture.open(second.path(), CompactionFixture.BY_HAND, SETTINGS, clock)) {
            Log log = LogFixture.existing(directory);
            assertEquals(expected, CompactionFixture.offsets(log));
            assertEquals("1", CompactionFixture.latest(log).get("other 15"));
        }
    }

    @Test
    void aCheckpointThatIsUnderWayDoesNotMissWhatIsGone() throws Exception {
        LogSettings large = LogFixture.small(1 << 20, 100, LogSettings.Durability.FORCED);
        try (LogDirectory directory = LogFixture.open(data, CompactionFixture.BY_HAND, large, clock)) {
            // Given
            Log log = LogFixture.create(directory, large);
            while (log.sizeInBytes() < 2 * Segment.READ_AGAIN_MAX) {
                CompactionFixture.append(log, clock.millis(), "key=" + "x".repeat(1000));
            }
            AtomicInteger places = new AtomicInteger(1);
            disk.faults((operation, path) -> {
                if (operation == DiskOperation.FORCE
                        && path.toString().endsWith(".log")
                        && places.getAndDecrement() == 1) {
                    log.truncateFullyAndStartAt(7);
                }
            });
            // When
            directory.checkpoint();
            // Then
            assertTrue(places.get() < 1);
            assertFalse(log.isOffline());
            assertEquals(7, log.logEndOffset());
        }
    }

    @Test
    void aLogThatIsClosedIsNotTruncated() throws Exception {
        try (LogDirectory directory = open()) {
            Log log = fill(directory);
            LogFixture.delete(directory, log);
            assertThrows(IOException.class, () -> log.truncateTo(20));
            assertThrows(IOException.class, () -> log.truncateFullyAndStartAt(20));
        }
    }
}
