package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogSettings.Durability;
import io.milena.log.journal.JournalSettings;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** When the files are forced of logs that are on disk already, because the journal has them. */
class ForcedFilesTest {
    private static final LogSettings SETTINGS = LogFixture.small(20_000, 100, Durability.FORCED);
    private static final long INTERVAL_MS = 1_000;
    private static final long NEVER = Long.MAX_VALUE;
    /** How many rounds of one record there is room for in a file of the journal. */
    private static final int ROUNDS = 2;

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);

    private LogDirectory open(int filesOfTheJournal) throws IOException {
        LogDirectory.Settings settings = new LogDirectory.Settings(INTERVAL_MS, NEVER, 16)
                .withJournal(new JournalSettings(ROUNDS * 4096, filesOfTheJournal, 0));
        return LogFixture.open(disk.root().resolve("data"), settings, SETTINGS, clock);
    }

    private void append(Log log) {
        LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "x"), 3));
    }

    /** With a first record, which is not journaled. */
    private Log begun(LogDirectory directory) throws IOException, InterruptedException {
        Log log = LogFixture.create(directory, SETTINGS);
        append(log);
        LogFixture.flush(log);
        return log;
    }

    private void journal(Log log) throws InterruptedException {
        append(log);
        LogFixture.flush(log);
        assertTrue(log.durability().isAhead());
    }

    private static Log unasked(LogDirectory directory) throws IOException {
        return directory.create("unasked", List.of(0), new UUID(1, 3), SETTINGS).getFirst();
    }

    /** Another log, for which nobody waits, shows when it has passed. */
    private void passAnInterval(Log unasked) throws InterruptedException {
        append(unasked);
        clock.advanceMs(INTERVAL_MS);
        awaitFiles(unasked);
    }

    private static void awaitFiles(Log log) throws InterruptedException {
        Deadline patience = Deadline.afterMs(Clock.system(), 60_000);
        assertTrue(
                log.changed().await(() -> log.durability().forcedOffset() == log.logEndOffset(), patience),
                "the files are not forced");
    }

    @Test
    void theyAreForcedInEveryTenthIntervalOnly() throws Exception {
        try (LogDirectory directory = open(4)) {
            // Given
            Log log = begun(directory);
            Log unasked = unasked(directory);
            journal(log);
            for (int interval = 1; interval < 10; interval++) {
                // When
                passAnInterval(unasked);
                // Then
                assertTrue(log.durability().isAhead());
            }
            passAnInterval(unasked);
            awaitFiles(log);
        }
    }

    @Test
    void theyAreNotForcedBecauseARoundIsUnderWay() throws Exception {
        try (LogDirectory directory = open(4)) {
            // Given a round that takes long, and a record that waits for the next one
            Log log = begun(directory);
            Log unasked = unasked(directory);
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            disk.faults((operation, path) -> {
                if (operation == DiskOperation.FORCE && LogFixture.isJournal(path)) {
                    begun.countDown();
                    LogFixture.await(end);
                }
            });
            append(log);
            log.requestFlush();
            begun.await();
            append(log);
            log.requestFlush();
            // When an interval has passed, and somebody looks
            append(unasked);
            clock.advanceMs(INTERVAL_MS);
            log.services().flusher().requestFiles(unasked);
            awaitFiles(unasked);
            end.countDown();
            LogFixture.flush(log);
            // Then
            assertTrue(log.durability().isAhead());
        }
    }

    @Test
    void theyAreForcedBeforeTheJournalIsFull() throws Exception {
        try (LogDirectory directory = open(4)) {
            // Given
            Log log = begun(directory);
            Log unasked = unasked(directory);
            for (int round = 0; round < 2 * ROUNDS; round++) {
                journal(log);
            }
            passAnInterval(unasked);
            assertTrue(log.durability().isAhead());
            // When half of it is in use, and a file more is begun
            journal(log);
            passAnInterval(unasked);
            // Then
            awaitFiles(log);
        }
    }
}
