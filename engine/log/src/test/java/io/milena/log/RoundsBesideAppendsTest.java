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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A round of the journal takes and reports what was appended, whoever holds the lock of the log. */
@Timeout(60)
class RoundsBesideAppendsTest {
    private static final LogSettings SMALL = LogFixture.small(20_000, 100, Durability.FORCED);
    private static final LogDirectory.Settings JOURNALED = new LogDirectory.Settings(Long.MAX_VALUE, Long.MAX_VALUE, 16)
            .withJournal(new JournalSettings(1 << 15, 2, 0));

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    /** For what the disk is to do later. */
    private final CountDownLatch mayGoOn = new CountDownLatch(1);

    private LogDirectory directory;
    private Log log;

    @BeforeEach
    void journaled() throws Exception {
        directory = open(disk);
        log = LogFixture.create(directory, SMALL);
        for (int i = 0; i < 2; i++) { // with the first, its file is forced
            append();
            LogFixture.flush(log);
        }
        assertTrue(log.durability().isAhead());
    }

    private LogDirectory open(SimulatedFileSystem on) throws IOException {
        return LogFixture.open(on.root().resolve("data"), JOURNALED, SMALL, clock);
    }

    private void append() {
        LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "x"), 3));
    }

    @AfterEach
    void close() throws IOException {
        disk.faults(DiskFaults.none());
        mayGoOn.countDown();
        directory.close();
    }

    @Test
    void aRoundDoesNotWaitForAnAppend() throws Exception {
        // Given
        append();
        CountDownLatch isWriting = new CountDownLatch(1);
        disk.faults((operation, path) -> {
            if (operation == DiskOperation.WRITE && LogFixture.isSegment(path)) {
                isWriting.countDown();
                LogFixture.await(mayGoOn);
            }
        });
        Thread appending = Thread.ofPlatform().start(this::append);
        isWriting.await();
        // When
        LogFixture.flush(log);
        // Then
        assertEquals(3, log.flushedOffset());
        // When
        mayGoOn.countDown();
        appending.join();
        disk.faults(DiskFaults.none());
        LogFixture.flush(log);
        // Then
        assertEquals(4, log.flushedOffset());
    }

    /** Here the index of what was aborted. */
    @Test
    void whereAFileWasMadeTheFilesAreForced() throws Exception {
        TransactionFixture.write(log, clock, 7, 0);
        LogFixture.flush(log);
        TransactionFixture.abort(log, 7);
        LogFixture.flush(log);
        assertFalse(log.durability().isAhead());
        append();
        LogFixture.flush(log);
        assertTrue(log.durability().isAhead());
    }

    /** What was taken before says nothing about what was appended since. */
    @Test
    void anEndThatWasTakenAwayMeanwhileIsNotReported() throws Exception {
        append();
        LogTail tail =
                log.durability().beginJournaling(log.services().flusher()).orElseThrow();
        assertEquals(3, tail.end().offset());
        log.truncateTo(1);
        disk.faults((operation, path) -> {
            if (LogFixture.isJournal(path) || operation == DiskOperation.FORCE) {
                LogFixture.await(mayGoOn);
            }
        });
        append();
        append();
        tail.succeeded();
        assertEquals(1, log.flushedOffset());
        mayGoOn.countDown();
        LogFixture.flush(log);
        assertEquals(3, log.flushedOffset());
    }

    /** What a round has taken may be gone before it is read, because its end was taken away: the next round says so. */
    @Test
    void aTruncationDoesNotFailBecauseARoundHasLessToRead() throws Exception {
        append();
        FutureTask<Boolean> truncation = new FutureTask<>(() -> {
            log.truncateTo(1);
            return true;
        });
        Thread truncating = Thread.ofPlatform().unstarted(truncation);
        disk.faults((operation, path) -> {
            if (operation == DiskOperation.READ && LogFixture.isSegment(path)) {
                disk.faults(DiskFaults.none());
                truncating.start();
                while (!truncation.isDone()
                        && (log.truncations() == 0 || truncating.getState() != Thread.State.WAITING)) {
                    Thread.onSpinWait(); // until it waits for the journal
                }
            }
        });
        log.requestFlush();
        assertTrue(truncation.get());
        assertFalse(log.isOffline());
        assertEquals(1, log.logEndOffset());
        append();
        LogFixture.flush(log);
        assertEquals(2, log.flushedOffset());
    }
}
