package io.milena.log.disk;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Threads;
import io.milena.testkit.HandClock;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In which order and at which moments old data is brought from the disk. */
@Timeout(60)
class ColdReadsTest {
    private static final int PIECE = ColdReads.PIECE_BYTES;
    private static final Path ONE = Path.of("one");
    private static final Path OTHER = Path.of("other");

    private final HandClock clock = new HandClock();
    private final Forces forces = new Forces(clock);
    /** In the order in which they began. */
    private final Deque<Thread> forced = new ArrayDeque<>();

    private final Semaphore force = new Semaphore(0, true);
    private final Empty pages = new Empty();
    private final ColdReads reads = new ColdReads(clock, Threads.system(), forces, Optional.of(pages));
    private final CountingClock counting = new CountingClock(clock);
    private final ColdReads counted = new ColdReads(counting, Threads.system(), forces, Optional.of(pages));

    /** Holds what was brought, and writes down what is. */
    private static final class Empty implements PageCache {
        final ConcurrentLinkedQueue<String> brought = new ConcurrentLinkedQueue<>();
        /** How many pieces may be brought. */
        final Semaphore allowed = new Semaphore(1000);

        volatile boolean isBroken;
        volatile boolean isBlind;
        volatile boolean canTell = true;

        @Override
        public boolean canTell() {
            return canTell;
        }

        @Override
        public View open(Path file) {
            return new View() {
                @Override
                public boolean holds(long from, long to) {
                    for (long at = from / PIECE; at * PIECE < to; at++) {
                        if (isBlind || !brought.contains(file + " " + at)) {
                            return false;
                        }
                    }
                    return true;
                }

                @Override
                public boolean bring(long from, long to) {
                    assertEquals(from / PIECE, (to - 1) / PIECE);
                    allowed.acquireUninterruptibly();
                    brought.add(file + " " + from / PIECE);
                    return !isBroken;
                }

                @Override
                public void writeOut(long from, long to) {
                    throw new AssertionError("there is nothing to be written");
                }

                @Override
                public void close() {}
            };
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        force.release(forced.size());
        reads.stop();
        counted.stop();
    }

    private Thread reader(Path file, int pieces) {
        return Threads.system().start("reader", () -> reads.bring(file, 10, (long) pieces * PIECE - 10));
    }

    /** Something is forced until {@link #endForce}. */
    private void force() {
        int before = forced.size();
        forced.add(Threads.system().start("force", () -> forces.during(force::acquireUninterruptibly)));
        while (force.getQueueLength() <= before) {
            Thread.onSpinWait();
        }
    }

    private void endForce() throws InterruptedException {
        force.release();
        forced.removeFirst().join();
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    private void awaitParked() {
        while (clock.parkedThreads() == 0) {
            Thread.onSpinWait();
        }
    }

    private void advanceUntilBrought(int pieces) {
        while (pages.brought.size() < pieces) {
            if (clock.parkedThreads() > 0) {
                clock.advanceMs(1);
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void whatIsThereIsNotBroughtAgain() {
        // Given
        reads.bring(ONE, PIECE, 2 * PIECE);
        // When
        reads.bring(ONE, PIECE + 5, PIECE + 6);
        reads.bring(ONE, 0, 3 * PIECE);
        // Then
        assertEquals(List.of("one 1", "one 0", "one 2"), List.copyOf(pages.brought));
    }

    @Test
    void readersTakeTurnsPieceByPiece() throws Exception {
        // Given a disk that is at work for the first, so that the second has to queue
        pages.allowed.drainPermits();
        Thread first = reader(ONE, 3);
        awaitWaiting(first);
        while (!pages.allowed.hasQueuedThreads()) {
            Thread.onSpinWait();
        }
        Thread second = reader(OTHER, 2);
        awaitWaiting(second);
        // When
        pages.allowed.release(5);
        first.join();
        second.join();
        // Then
        assertEquals(List.of("one 0", "other 0", "one 1", "other 1", "one 2"), List.copyOf(pages.brought));
    }

    @Test
    void nothingIsBroughtWhileSomethingIsForced() throws Exception {
        // Given
        force();
        force();
        Thread reader = reader(ONE, 2);
        awaitParked();
        clock.advanceMs(ColdReads.REST_MS);
        // When
        endForce();
        // Then
        awaitParked();
        assertEquals(List.of(), List.copyOf(pages.brought));
        // When
        endForce();
        // Then
        reader.join();
        assertEquals(List.of("one 0", "one 1"), List.copyOf(pages.brought));
    }

    @Test
    void forcesWithoutEndHoldAPieceUpForABoundedTime() throws Exception {
        // Given
        long startMs = clock.millis();
        force();
        Thread reader = reader(ONE, 3);
        for (int piece = 1; piece <= 3; piece++) {
            // When
            advanceUntilBrought(piece);
            // Then
            long waitedMs = clock.millis() - startMs;
            assertTrue(waitedMs >= piece * ColdReads.PATIENCE_MS, piece + " pieces in " + waitedMs + " ms");
        }
        reader.join();
    }

    @Test
    void aPieceRestsWhereSomethingWasForcedSinceTheLast() throws Exception {
        // Given
        forces.during(() -> {});
        // When
        Thread reader = reader(ONE, 2);
        // Then
        awaitParked();
        assertEquals(List.of(), List.copyOf(pages.brought));
        // And, as nobody forces any more
        clock.advanceMs(ColdReads.REST_MS);
        reader.join();
        assertEquals(List.of("one 0", "one 1"), List.copyOf(pages.brought));
    }

    @Test
    void aReaderGivesWayWhereSomethingWasLatelyForced() {
        // Given
        pages.brought.add("one 0");
        // When
        counted.prepare(ONE, 0, PIECE);
        // Then
        assertEquals(0, counting.timesGivenWay());
        // When
        forces.during(() -> {});
        clock.advanceMs(Forces.LATELY_MS - 1);
        counted.prepare(ONE, 0, PIECE);
        // Then
        assertEquals(1, counting.timesGivenWay());
        // When it is less than a piece
        counted.prepare(ONE, 1, PIECE);
        // Then
        assertEquals(1, counting.timesGivenWay());
        // When
        clock.advanceMs(1);
        counted.prepare(ONE, 0, PIECE);
        // Then
        assertEquals(1, counting.timesGivenWay());
    }

    @Test
    void aReaderGivesWayUntilWhoWaitedForAForceHasHadAMoment() {
        // Given
        pages.brought.add("one 0");
        force();
        counting.meanwhile(() -> {
            switch (counting.timesGivenWay()) {
                case 1 -> assertDoesNotThrow(this::endForce);
                case 3 -> clock.advanceMs(1);
                default -> {}
            }
        });
        // When
        counted.prepare(ONE, 0, PIECE);
        // Then
        assertEquals(3, counting.timesGivenWay());
    }

    @Test
    void whereOneForceFollowsTheOtherAReaderGoesOn() {
        // Given
        pages.brought.add("one 0");
        // When
        forces.during(() -> counted.prepare(ONE, 0, PIECE));
        // Then
        assertEquals(ColdReads.MOMENTS_MAX, counting.timesGivenWay());
    }

    @Test
    void aPieceGivesWayToWhoWaitedForAForceAndWaitsForTheNext() throws Exception {
        // Given
        forces.during(() -> {});
        counting.meanwhile(() -> {
            if (counting.timesGivenWay() == 1) {
                force();
            }
        });
        // When
        Thread reader = Threads.system().start("reader", () -> counted.bring(ONE, 0, PIECE));
        awaitParked();
        clock.advanceMs(ColdReads.REST_MS);
        // Then
        while (force.getQueueLength() == 0) {
            Thread.onSpinWait();
        }
        awaitParked();
        assertEquals(List.of(), List.copyOf(pages.brought));
        // When
        endForce();
        // Then
        reader.join();
        assertEquals(List.of("one 0"), List.copyOf(pages.brought));
    }

    @Test
    void whatTheKernelHasLetGoOfIsBroughtAgain() {
        // Given
        reads.bring(ONE, 0, 2 * PIECE);
        pages.brought.clear();
        // When, Then
        reads.prepare(ONE, 10, 20);
        reads.prepare(ONE, 20, 30);
        assertEquals(List.of("one 0"), List.copyOf(pages.brought));
        // When nobody can tell
        pages.canTell = false;
        pages.brought.clear();
        // Then
        reads.prepare(ONE, 10, 20);
        assertEquals(List.of(), List.copyOf(pages.brought));
    }

    @Test
    void whereWhatWasJustBroughtIsNotSeenNobodyCanTell() {
        // Given a file system whose files the kernel keeps elsewhere
        pages.isBlind = true;
        assertTrue(reads.canTell());
        // When
        reads.bring(ONE, 0, PIECE);
        // Then
        assertFalse(reads.canTell());
        // And what is old goes over the thread, but not once more before it is sent
        reads.bring(ONE, 0, PIECE);
        reads.prepare(ONE, 0, PIECE);
        assertEquals(List.of("one 0", "one 0"), List.copyOf(pages.brought));
    }

    @Test
    void whatIsMissedNowAndThenOnlyWasLetGoOf() {
        // Given
        pages.isBlind = true;
        reads.bring(ONE, 0, PIECE);
        assertFalse(reads.canTell());
        // When
        pages.isBlind = false;
        reads.bring(ONE, PIECE, 2 * PIECE);
        // Then
        assertTrue(reads.canTell());
        // And what is missed later is no news
        pages.isBlind = true;
        reads.bring(ONE, 2 * PIECE, 3 * PIECE);
        assertTrue(reads.canTell());
    }

    @Test
    void whatCannotBeBroughtIsLeftToTheReader() {
        pages.isBroken = true;
        // When
        reads.bring(ONE, 0, 3 * PIECE);
        // Then
        assertEquals(List.of("one 0"), List.copyOf(pages.brought));
    }

    @Test
    void theEndLetsEverybodyGo() throws Exception {
        // Given
        force();
        Thread first = reader(ONE, 3);
        awaitWaiting(first);
        awaitParked();
        Thread second = reader(OTHER, 3);
        awaitWaiting(second);
        // When
        Thread stopping = Threads.system().start("stop", () -> {
            try {
                reads.stop();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        awaitWaiting(stopping);
        advanceUntilBrought(1);
        // Then
        stopping.join();
        first.join();
        second.join();
        assertEquals(List.of("one 0"), List.copyOf(pages.brought));
        reads.bring(OTHER, 0, 1);
        assertEquals(1, pages.brought.size());
    }

    @Test
    void anInterruptedReaderWaitsOnAndStaysInterrupted() throws Exception {
        // Given
        force();
        ConcurrentLinkedQueue<Boolean> flags = new ConcurrentLinkedQueue<>();
        Thread reader = Threads.system().start("reader", () -> {
            reads.bring(ONE, 0, 1);
            flags.add(Thread.currentThread().isInterrupted());
        });
        awaitWaiting(reader);
        awaitParked();
        // When
        reader.interrupt();
        endForce();
        clock.advanceMs(ColdReads.REST_MS);
        reader.join();
        // Then
        assertEquals(List.of("one 0"), List.copyOf(pages.brought));
        assertTrue(flags.element());
    }
}
