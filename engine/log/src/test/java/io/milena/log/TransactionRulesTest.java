package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.AppendResult.Reason;
import io.milena.log.LogSettings.Durability;
import io.milena.records.ControlRecord;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a log takes from producers with transactions, what it refuses, and how far readers of committed data get. */
class TransactionRulesTest {
    private static final LogSettings SMALL = LogFixture.small(1500, 200, Durability.FORCED);

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private LogDirectory directory;
    private Log log;

    @BeforeEach
    void open() throws IOException {
        directory = LogFixture.open(disk.root().resolve("data"), SMALL, clock);
        log = LogFixture.create(directory, SMALL);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private AppendResult send(long producer, int epoch, int sequence, boolean isTransactional) {
        return log.append(TransactionFixture.batch(clock, producer, epoch, sequence, isTransactional), 0);
    }

    private AppendResult end(long producer, int epoch, int coordinatorEpoch) {
        return log.appendMarker(producer, (short) epoch, coordinatorEpoch, ControlRecord.COMMIT, 0);
    }

    private AppendResult endBeforeEpoch(long producer, int epoch) {
        return log.transactions().end(new Ending(producer, (short) epoch, true, 0, ControlRecord.COMMIT), 0);
    }

    /** KIP-1228: with {@code transaction.version} 2 the marker of a transaction has the epoch of the next one. */
    @Test
    void aMarkerThatComesLateDoesNotEndTheNextTransaction() {
        LogFixture.appended(send(7, 0, 0, true));
        LogFixture.appended(endBeforeEpoch(7, 1));
        LogFixture.appended(endBeforeEpoch(7, 1)); // the retry of one whose answer was lost
        LogFixture.appended(send(7, 1, 0, true));
        LogFixture.assertRefused(Reason.INVALID_PRODUCER_EPOCH, endBeforeEpoch(7, 1));
        assertTrue(log.transactions().isOpen(7, (short) 1));
        LogFixture.appended(endBeforeEpoch(7, 2));
        assertFalse(log.transactions().isOpen(7, (short) 1));
    }

    @Test
    void nothingComesBetweenATransactionAndItsEnd() {
        LogFixture.appended(send(7, 0, 0, true));
        LogFixture.assertRefused(Reason.INVALID_TXN_STATE, send(7, 0, 1, false));
        LogFixture.appended(send(7, 0, 1, true));
        assertInstanceOf(AppendResult.Duplicate.class, send(7, 0, 1, true));
        LogFixture.appended(end(7, 0, 0));
        LogFixture.appended(send(7, 0, 2, false));
    }

    @Test
    void aMarkerOfALaterEpochFencesTheProducer() {
        LogFixture.appended(send(7, 3, 0, true));
        LogFixture.assertRefused(Reason.INVALID_PRODUCER_EPOCH, end(7, 2, 0));
        LogFixture.appended(end(7, 4, 0));
        LogFixture.assertRefused(Reason.INVALID_PRODUCER_EPOCH, send(7, 3, 1, true));
        LogFixture.assertRefused(Reason.OUT_OF_ORDER_SEQUENCE_NUMBER, send(7, 4, 5, true));
        LogFixture.appended(send(7, 4, 0, true));
    }

    /** Who begins a transaction has asked its coordinator before, whose answer is worth nothing after an end. */
    @Test
    void aBatchThatFollowsAnEndUnexpectedlyIsNotTaken() {
        long ended = log.transactions().ended();
        LogFixture.appended(send(7, 0, 0, true));
        assertTrue(log.transactions().isOpen(7, (short) 0));
        assertFalse(log.transactions().isOpen(7, (short) 1));
        LogFixture.appended(end(7, 0, 0));
        assertFalse(log.transactions().isOpen(7, (short) 0));

        LogFixture.assertRefused(Reason.CONCURRENT_TRANSACTIONS, sendUnlessEnded(1, ended));
        LogFixture.appended(sendUnlessEnded(1, log.transactions().ended()));
    }

    private AppendResult sendUnlessEnded(int sequence, long ended) {
        return log.transactions().appendUnlessEnded(TransactionFixture.batch(clock, 7, 0, sequence, true), 0, ended);
    }

    @Test
    void anOldCoordinatorEndsNothing() {
        LogFixture.appended(send(7, 0, 0, true));
        LogFixture.appended(end(7, 0, 5));
        LogFixture.appended(send(7, 0, 1, true));
        LogFixture.assertRefused(Reason.TRANSACTION_COORDINATOR_FENCED, end(7, 0, 4));
        assertEquals(2, log.lastStableOffset(log.logEndOffset()));
        LogFixture.appended(end(7, 0, 5));
        assertEquals(4, log.lastStableOffset(log.logEndOffset()));
    }

    @Test
    void theLastStableOffsetIsNotBelowTheLogStartOffset() throws Exception {
        // Given
        TransactionFixture.write(log, clock, 7, 0);
        TransactionFixture.write(log, clock, 8, 0);
        TransactionFixture.write(log, clock, 7, 1);
        LogFixture.flush(log);
        assertEquals(0, log.lastStableOffset(3));
        // When
        log.deleteRecordsBefore(2);
        // Then
        assertEquals(2, log.lastStableOffset(3));
        assertEquals(1, log.lastStableOffset(1));
        // When
        TransactionFixture.abort(log, 7);
        // Then
        assertEquals(2, log.lastStableOffset(4));
        TransactionFixture.commit(log, 8);
        assertEquals(5, log.lastStableOffset(5));
    }

    /** Ends the use of the slice. */
    private static List<Long> offsets(ReadResult.Slice slice) throws IOException {
        List<Long> offsets = new ArrayList<>();
        for (RecordBatch batch : RecordBatches.of(slice.take())) {
            offsets.add(batch.baseOffset());
        }
        return offsets;
    }

    @Test
    void aSliceComesWithWhatWasAbortedInIt() throws Exception {
        // Given
        TransactionFixture.write(log, clock, 7, 0);
        TransactionFixture.write(log, clock, 8, 0);
        TransactionFixture.abort(log, 7);
        TransactionFixture.commit(log, 8);
        TransactionFixture.write(log, clock, 9, 0);
        LogFixture.flush(log);
        directory.close();
        directory = LogFixture.open(disk.root().resolve("data"), SMALL, clock);
        log = LogFixture.existing(directory);
        // When
        ReadResult.Slice all =
                assertInstanceOf(ReadResult.Slice.class, log.readCommitted(0, 1 << 20, log.lastStableOffset(5)));
        ReadResult.Slice uncommitted = assertInstanceOf(ReadResult.Slice.class, log.read(0, 1 << 20, 5));
        ReadResult.Slice later = assertInstanceOf(ReadResult.Slice.class, log.readCommitted(3, 1 << 20, 4));
        // Then
        assertEquals(List.of(new AbortedTransaction(7, 0, 2, 1)), all.abortedTransactions());
        assertEquals(List.of(), uncommitted.abortedTransactions());
        assertEquals(List.of(), later.abortedTransactions());
        assertEquals(List.of(0L, 1L, 2L, 3L), offsets(all));
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L), offsets(uncommitted));
        assertEquals(List.of(3L), offsets(later));
        assertEquals(ReadResult.Empty.INSTANCE, log.readCommitted(4, 1 << 20, log.lastStableOffset(5)));
    }
}
