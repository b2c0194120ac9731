package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogSettings.Durability;
import io.milena.log.journal.JournalSettings;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Much that is brought for one round is written once, to the files of the logs, and little to the journal. */
@Timeout(60)
class LargeRoundsTest {
    private static final LogSettings SETTINGS = LogFixture.small(20_000, 100, Durability.FORCED);
    private static final long NEVER = Long.MAX_VALUE;
    private static final int LARGE_BYTES = 1_000;

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private LogDirectory directory;
    private List<Log> logs;

    @BeforeEach
    void begin() throws Exception {
        directory = LogFixture.open(
                disk.root().resolve("data"),
                new LogDirectory.Settings(NEVER, NEVER, 16)
                        .withJournal(new JournalSettings(1 << 16, 2, 0, LARGE_BYTES)),
                SETTINGS,
                clock);
        logs = directory.create("orders", List.of(0, 1, 2, 3), new UUID(1, 2), SETTINGS);
        for (Log log : logs) { // the first records of a log are not journaled
            append(log, 1);
            LogFixture.flush(log);
        }
    }

    @AfterEach
    void end() throws IOException {
        directory.close();
    }

    private void append(Log log, int bytes) {
        LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "x".repeat(bytes)), 3));
    }

    private void flush(Log log, int bytes) throws InterruptedException {
        append(log, bytes);
        LogFixture.flush(log);
    }

    private static boolean isJournal(Path path) {
        return path.getFileName().toString().startsWith(".milena-journal-");
    }

    private static boolean isSegment(Path path) {
        return path.getFileName().toString().endsWith(".log");
    }

    @Test
    void whatIsLargeIsForcedInTheFilesOfItsLog() throws Exception {
        Log log = logs.getFirst();
        flush(log, LARGE_BYTES / 2);
        assertTrue(log.durability().isAhead());
        // When
        flush(log, LARGE_BYTES);
        // Then
        assertFalse(log.durability().isAhead());
        flush(log, LARGE_BYTES / 2);
        assertTrue(log.durability().isAhead());
        assertEquals(4, log.flushedOffset());
    }

    @Test
    void whatComesMeanwhileIsForcedTogether() throws Exception {
        // Given a round that takes long
        CountDownLatch isUnderWay = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger forcedSegments = new AtomicInteger();
        AtomicInteger rounds = new AtomicInteger();
        disk.faults((operation, path) -> {
            if (operation == DiskOperation.FORCE && isSegment(path)) {
                forcedSegments.incrementAndGet();
            } else if (operation == DiskOperation.FORCE && isJournal(path)) {
                rounds.incrementAndGet();
                isUnderWay.countDown();
                await(end);
            }
        });
        append(logs.getFirst(), 1);
        logs.getFirst().requestFlush();
        isUnderWay.await();
        // When much comes meanwhile, little of it for each log
        for (Log log : logs) {
            append(log, LARGE_BYTES / 4);
            log.requestFlush();
        }
        end.countDown();
        for (Log log : logs) {
            LogFixture.flush(log);
        }
        // Then
        assertEquals(1, rounds.get());
        assertEquals(logs.size(), forcedSegments.get());
        for (Log log : logs) {
            assertFalse(log.durability().isAhead());
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void whereThatIsSlowTheJournalTakesWhatComesForAWhile() throws Exception {
        // Given
        Log log = logs.getFirst();
        disk.faults((operation, path) -> {
            if (operation == DiskOperation.FORCE && isSegment(path)) {
                clock.advanceMs(1_000);
            }
        });
        flush(log, LARGE_BYTES);
        assertFalse(log.durability().isAhead());
        // When
        flush(log, LARGE_BYTES);
        // Then
        assertTrue(log.durability().isAhead());
        clock.advanceMs(19_999);
        flush(log, LARGE_BYTES);
        assertTrue(log.durability().isAhead());
        clock.advanceMs(1);
        flush(log, LARGE_BYTES);
        assertFalse(log.durability().isAhead());
    }

    @Test
    void whereThatFailsNothingIsAcknowledged() throws Exception {
        // Given
        Log log = logs.getFirst();
        flush(log, 1);
        disk.faults(DiskFaults.failing(DiskOperation.FORCE, LargeRoundsTest::isSegment, 0, 1));
        // When
        flush(log, LARGE_BYTES);
        // Then
        assertTrue(log.isOffline());
        assertEquals(2, log.flushedOffset());
    }
}
