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
        logs = directory.create("orders", List.of(0, 1, 2), new UUID(1, 2), SETTINGS);
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

    @Test
    void whatIsLargeIsForcedInTheFilesOfItsLog() throws Exception {
        Log log = logs.getFirst();
        flush(log, 1);
        assertTrue(log.durability().isAhead());
        // When
        flush(log, LARGE_BYTES / 4);
        // Then
        assertFalse(log.durability().isAhead());
        flush(log, 1);
        assertTrue(log.durability().isAhead());
        assertEquals(4, log.flushedOffset());
    }

    @Test
    void whatComesMeanwhileIsForcedTogether() throws Exception {
        List<Log> two = logs.subList(0, 2);
        assertEquals(two.size(), forcedSegmentsInOneRound(two));
        for (Log log : two) {
            assertFalse(log.durability().isAhead());
        }
    }

    /** One after the other they would take too long, and a simulated disk cannot force them at once. */
    @Test
    void moreLogsThanTwoAreWrittenToTheJournal() throws Exception {
        assertEquals(0, forcedSegmentsInOneRound(logs));
        for (Log log : logs) {
            assertTrue(log.durability().isAhead());
        }
    }

    /** Brings much for one round, little of it for each log. */
    private int forcedSegmentsInOneRound(List<Log> some) throws Exception {
        // Given a round that takes long
        CountDownLatch isUnderWay = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger forcedSegments = new AtomicInteger();
        disk.faults((operation, path) -> {
            if (operation == DiskOperation.FORCE && LogFixture.isSegment(path)) {
                forcedSegments.incrementAndGet();
            } else if (operation == DiskOperation.FORCE && LogFixture.isJournal(path)) {
                isUnderWay.countDown();
                LogFixture.await(end);
            }
        });
        append(logs.getFirst(), 1);
        logs.getFirst().requestFlush();
        isUnderWay.await();
        // When
        for (Log log : some) {
            append(log, LARGE_BYTES / some.size());
            log.requestFlush();
        }
        end.countDown();
        for (Log log : some) {
            LogFixture.flush(log);
        }
        return forcedSegments.get();
    }

    /** Or whoever waits would wait for that force, and for one more. */
    @Test
    void whatIsBeingForcedAlreadyIsWrittenToTheJournal() throws Exception {
        // Given
        Log log = logs.getFirst();
        CountDownLatch isUnderWay = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        append(log, 1);
        disk.faults((operation, path) -> {
            if (operation == DiskOperation.FORCE && LogFixture.isSegment(path)) {
                isUnderWay.countDown();
                LogFixture.await(end);
            }
        });
        log.services().flusher().requestFiles(log);
        isUnderWay.await();
        // When
        try {
            flush(log, LARGE_BYTES);
            // Then
            assertTrue(log.durability().isAhead());
        } finally {
            end.countDown();
        }
    }

    @Test
    void whereThatIsSlowTheJournalTakesWhatComesForAWhile() throws Exception {
        // Given
        Log log = logs.getFirst();
        disk.faults((operation, path) -> {
            if (operation == DiskOperation.FORCE && LogFixture.isSegment(path)) {
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
        disk.faults(DiskFaults.failing(DiskOperation.FORCE, LogFixture::isSegment, 0, 1));
        // When
        flush(log, LARGE_BYTES);
        // Then
        assertTrue(log.isOffline());
        assertEquals(2, log.flushedOffset());
    }
}
