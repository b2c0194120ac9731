package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogFixture.Expected;
import io.milena.log.LogSettings.Durability;
import io.milena.log.disk.Pace;
import io.milena.log.journal.JournalSettings;
import io.milena.runtime.Deadline;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the journal has of the end of a log that was taken away, or of a log that is gone, does not come back with it; whoever waits for the journal because of that does not wait in vain. */
@Timeout(60)
class VoidJournalTest {
    private static final LogSettings SMALL = LogFixture.small(20_000, 100, Durability.FORCED);
    private static final long NEVER = Long.MAX_VALUE;
    private static final String FIRST = "first";
    private static final String SECOND = "second";
    /** There is room for two rounds of a record. */
    private static final JournalSettings NARROW = new JournalSettings(8192, 1, 0);

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);

    private LogDirectory open(SimulatedFileSystem on, String name) throws IOException {
        return open(on, name, new JournalSettings(1 << 15, 2, 0));
    }

    private LogDirectory open(SimulatedFileSystem on, String name, JournalSettings journal) throws IOException {
        LogDirectory.Settings settings = new LogDirectory.Settings(NEVER, NEVER, 16).withJournal(journal);
        return LogFixture.open(on.root().resolve(name), settings, SMALL, clock);
    }

    private void flush(Log log, String... values) throws InterruptedException {
        for (String value : values) {
            LogFixture.appended(log.append(LogFixture.batch(clock.millis(), value), 3));
        }
        LogFixture.flush(log);
    }

    /** A log with a first record in its own files, and more in the journal only. */
    private Log journaled(LogDirectory directory, String... more) throws IOException, InterruptedException {
        Log log = LogFixture.create(directory, SMALL);
        flush(log, "a");
        flush(log, more);
        assertTrue(log.durability().isAhead());
        return log;
    }

    private static Log other(LogDirectory directory) throws IOException {
        return directory.create("other", List.of(0), new UUID(1, 3), SMALL).getFirst();
    }

    /** Another log, whose two journaled records fill a narrow journal. */
    private Log filling(LogDirectory directory) throws IOException, InterruptedException {
        Log other = other(directory);
        flush(other, "x");
        flush(other, "y");
        flush(other, "z");
        assertTrue(other.durability().isAhead());
        return other;
    }

    /** What is there after the power has failed, and nothing that was not forced is left. */
    private List<String> afterPowerCut() throws IOException {
        SimulatedFileSystem after = disk.copy();
        after.crashKeepingOnlyForced();
        try (LogDirectory directory = open(after, FIRST)) {
            return LogFixture.read(LogFixture.existing(directory), 0).stream()
                    .map(Expected::value)
                    .toList();
        }
    }

    private static void move(Log log, LogDirectory from, LogDirectory to) throws IOException, InterruptedException {
        LogMove move = new LogMove(log, from, to, new Pace(new HandClock(), Double.MAX_VALUE));
        assertTrue(move.run(moving -> moving.finish(() -> true)));
    }

    @Test
    void whatWasTakenAway() throws Exception {
        try (LogDirectory directory = open(disk, FIRST)) {
            Log log = journaled(directory, "b", "c", "d");
            // When
            log.truncateTo(2);
            // Then
            assertEquals(List.of("a", "b"), afterPowerCut());
            // When
            flush(log, "e", "f");
            assertTrue(log.durability().isAhead());
            // Then
            assertEquals(List.of("a", "b", "e", "f"), afterPowerCut());
        }
    }

    @Test
    void whatWasTakenAwayInAnotherDirectory() throws Exception {
        try (LogDirectory first = open(disk, FIRST);
                LogDirectory second = open(disk, SECOND)) {
            Log log = journaled(first, "b", "c", "d");
            // When
            move(log, first, second);
            log.truncateTo(2);
            move(log, second, first);
            // Then
            assertEquals(List.of("a", "b"), afterPowerCut());
        }
    }

    /** The end of a force there says nothing of the journal that is asked by then. */
    @Test
    void aForceInTheDirectoryThatALogHasLeftDoesNotConcernIt() throws Exception {
        LogDirectory first = open(disk, FIRST);
        try (LogDirectory second = open(disk, SECOND)) {
            // Given
            Log log = journaled(first, "b");
            CountDownLatch isForcing = new CountDownLatch(1);
            CountDownLatch endOfForce = new CountDownLatch(1);
            CountDownLatch isVoiding = new CountDownLatch(1);
            CountDownLatch endOfVoiding = new CountDownLatch(1);
            disk.faults((operation, path) -> {
                if (operation == DiskOperation.FORCE && path.startsWith(first.path()) && LogFixture.isSegment(path)) {
                    isForcing.countDown();
                    LogFixture.await(endOfForce);
                } else if (operation == DiskOperation.FORCE
                        && path.startsWith(second.path())
                        && LogFixture.isJournal(path)) {
                    isVoiding.countDown();
                    LogFixture.await(endOfVoiding);
                }
            });
            log.services().flusher().requestFiles(log);
            isForcing.await();
            move(log, first, second);
            // When
            Future<Boolean> truncation = started(() -> log.truncateTo(1));
            isVoiding.await();
            endOfForce.countDown();
            first.close(); // when nothing is forced there any more
            endOfVoiding.countDown();
            // Then
            assertTrue(truncation.get());
            assertFalse(second.isOffline());
        }
    }

    /** A partition may be taken from a broker, and given to it again later. */
    @Test
    void whatAnEarlierLogOfThePartitionHad() throws Exception {
        try (LogDirectory directory = open(disk, FIRST)) {
            Log earlier = journaled(directory, "b", "c", "d");
            // When
            directory.retire(earlier);
            directory.traces().discard(earlier.identity(), 0);
            flush(LogFixture.create(directory, SMALL), "e");
            // Then
            assertEquals(List.of("e"), afterPowerCut());
        }
    }

    @Test
    void whatADeletedLogOfThePartitionHad() throws Exception {
        try (LogDirectory directory = open(disk, FIRST)) {
            Log deleted = journaled(directory, "b", "c", "d");
            // When
            LogFixture.delete(directory, deleted);
            flush(LogFixture.create(directory, SMALL), "e");
            // Then
            assertEquals(List.of("e"), afterPowerCut());
        }
    }

    @Test
    void whereTheJournalIsFullTheFilesAreForcedOfTheLogsThatFillIt() throws Exception {
        try (LogDirectory directory = open(disk, FIRST, NARROW)) {
            Log log = LogFixture.create(directory, SMALL);
            flush(log, "a", "b", "c");
            Log other = filling(directory);
            // When
            log.truncateTo(2);
            // Then
            assertFalse(other.durability().isAhead());
            assertFalse(log.isOffline());
            assertEquals(List.of("a", "b"), afterPowerCut());
        }
    }

    /** Something that waits for the disk. */
    private interface Work {
        void run() throws IOException;
    }

    private static Future<Boolean> started(Work work) {
        FutureTask<Boolean> isDone = new FutureTask<>(() -> {
            try {
                work.run();
                return true;
            } catch (IOException e) {
                return false;
            }
        });
        Thread thread = Thread.ofVirtual().start(isDone);
        while (thread.getState() != Thread.State.WAITING && !isDone.isDone()) {
            Thread.onSpinWait();
        }
        return isDone;
    }

    /** The journal fails with a round that takes long, and begins before something else. */
    private <T> T failJournal(LogDirectory directory, Callable<T> meanwhile) throws Exception {
        Log other = other(directory);
        flush(other, "x");
        CountDownLatch isUnderWay = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        disk.faults((operation, path) -> {
            if (operation == DiskOperation.FORCE && LogFixture.isJournal(path)) {
                isUnderWay.countDown();
                LogFixture.await(end);
                throw DiskFaults.inputOutputError(path);
            }
        });
        LogFixture.appended(other.append(LogFixture.batch(clock.millis(), "y"), 3));
        other.requestFlush();
        isUnderWay.await();
        try {
            return meanwhile.call();
        } finally {
            end.countDown();
            assertTrue(other.changed().await(directory::isOffline, Deadline.never()));
        }
    }

    @Test
    void whereTheJournalFailsADeletionEnds() throws Exception {
        try (LogDirectory directory = open(disk, FIRST)) {
            Log log = journaled(directory, "b");
            Future<Boolean> deletion = failJournal(directory, () -> started(() -> LogFixture.delete(directory, log)));
            deletion.get(); // one of the two that may happen; what counts is that it ends
        }
    }

    @Test
    void whereTheJournalFailsATruncationEnds() throws Exception {
        try (LogDirectory directory = open(disk, FIRST)) {
            Log log = journaled(directory, "b");
            Future<Boolean> truncation = failJournal(directory, () -> started(() -> log.truncateTo(1)));
            assertTrue(!truncation.get() || afterPowerCut().equals(List.of("a")));
        }
    }

    /** It has other logs' records, and what it has of them can be made void no more. */
    @Test
    void whereTheJournalFailsWithRecordsOfAClosedLogTheDirectoryGoesOffline() throws Exception {
        try (LogDirectory directory = open(disk, FIRST)) {
            failJournal(directory, () -> {
                Objects.requireNonNull(directory.log("other", 0)).close();
                return true;
            });
        }
    }

    @Test
    void whereALogIsClosedADeletionOfRecordsEndsForTheOthers() throws Exception {
        try (LogDirectory directory = open(disk, FIRST)) {
            // Given
            Log log = journaled(directory, "b", "c");
            Log other = other(directory);
            flush(other, "x");
            flush(other, "y");
            log.deleteRecordsBefore(2);
            other.deleteRecordsBefore(2);
            CountDownLatch end = new CountDownLatch(1);
            disk.faults((operation, path) -> {
                if (operation == DiskOperation.FORCE
                        && path.startsWith(other.identity().directory())) {
                    LogFixture.await(end);
                }
            });
            // When
            Future<Boolean> deletion = started(directory::checkpointStartOffsets);
            directory.release(other);
            other.close();
            // Then
            assertTrue(deletion.get());
            assertEquals(List.of("c"), afterPowerCut());
            end.countDown();
        }
    }

    @Test
    void whereTheJournalIsFullOfWhatCannotBeForcedALogIsNotDeleted() throws Exception {
        try (LogDirectory directory = open(disk, FIRST, NARROW)) {
            Log log = LogFixture.create(directory, SMALL);
            flush(log, "a");
            Log other = filling(directory);
            // When
            disk.faults(DiskFaults.failing(
                    DiskOperation.FORCE,
                    path -> LogFixture.isSegment(path)
                            && path.startsWith(other.identity().directory()),
                    0,
                    1));
            // Then
            assertThrows(IOException.class, () -> LogFixture.delete(directory, log));
            assertTrue(directory.isOffline());
        }
    }
}
