package io.milena.log;

import io.milena.records.BatchHeader;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a log remembers of one idempotent producer: its epoch, its last five batches, and its open transaction. Guarded by the lock of its {@link Log}. */
final class Producer {
    static final int NO_COORDINATOR_EPOCH = -1;
    static final long NO_TRANSACTION = -1;
    private static final int BATCHES_KEPT = 5;
    /** Sequences that far back are not told from those that are ahead. */
    private static final int FORGOTTEN_MAX = 1 << 30;

    private final long id;
    private short epoch;
    private long lastTimestampMs;
    private int coordinatorEpoch = NO_COORDINATOR_EPOCH;
    private long transactionFirstOffset = NO_TRANSACTION;
    private final Deque<Appended> batches = new ArrayDeque<>(BATCHES_KEPT);

    /** A batch that was appended. Its sequences are -1 if a coordinator wrote it in the producer's name. */
    record Appended(int baseSequence, int lastSequence, long baseOffset, long lastOffset, long timestampMs) {
        static Appended of(BatchHeader batch) {
            return new Appended(
                    batch.baseSequence(),
                    batch.lastSequence(),
                    batch.baseOffset(),
                    batch.lastOffset(),
                    batch.maxTimestampMs());
        }

        boolean isSame(BatchHeader batch) {
            return baseSequence == batch.baseSequence() && lastSequence == batch.lastSequence();
        }
    }

    Producer(long id, short epoch) {
        this.id = id;
        this.epoch = epoch;
    }

    long id() {
        return id;
    }

    short epoch() {
        return epoch;
    }

    long lastTimestampMs() {
        return lastTimestampMs;
    }

    int coordinatorEpoch() {
        return coordinatorEpoch;
    }

    /** Where the open transaction begins, or {@link #NO_TRANSACTION}. */
    long transactionFirstOffset() {
        return transactionFirstOffset;
    }

    boolean hasTransaction() {
        return transactionFirstOffset >= 0;
    }

    /** Those that are remembered, oldest first. */
    Collection<Appended> batches() {
        return Collections.unmodifiableCollection(batches);
    }

    /** The answer to a batch of records that may not be appended; null when it may. */
    @Nullable
    AppendResult check(BatchHeader batch) {
        if (batch.producerEpoch() < epoch) {
            return epochIsOver(batch);
        }
        if (batch.baseSequence() != BatchHeader.NO_SEQUENCE) { // or a coordinator writes in the producer's name
            AppendResult answer = checkSequence(batch);
            if (answer != null) {
                return answer;
            }
        }
        return batch.isTransactional() || !hasTransaction()
                ? null
                : AppendResult.Refused.because(
                        AppendResult.Reason.INVALID_TXN_STATE,
                        "producer " + id + " has a transaction since offset " + transactionFirstOffset
                                + " here, of which this batch is no part");
    }

    private @Nullable AppendResult checkSequence(BatchHeader batch) {
        if (batch.producerEpoch() > epoch) {
            return batch.baseSequence() == 0 ? null : outOfOrder(batch, 0);
        }
        Optional<Appended> known =
                batches.stream().filter(each -> each.isSame(batch)).findFirst();
        if (known.isPresent()) {
            return new AppendResult.Duplicate(known.get().baseOffset, known.get().lastOffset, known.get().timestampMs);
        }
        int expected = BatchHeader.sequenceAfter(lastSequence(), 1);
        if (batch.baseSequence() == expected) {
            return null;
        }
        return isForgotten(batch) ? duplicateSomewhere() : outOfOrder(batch, expected);
    }

    /**
     * Whether all of it comes before the batches that are remembered, so that it is here already: sequences have no gaps. To a producer, whose first unanswered batch it may be, an error would mean that it is lost, and it
     * would send all that is unanswered once more, in a new epoch.
     */
    private boolean isForgotten(BatchHeader batch) {
        Appended oldest = batches.peekFirst();
        if (oldest == null || oldest.baseSequence == BatchHeader.NO_SEQUENCE) {
            return false;
        }
        int distance = (oldest.baseSequence - batch.lastSequence()) & Integer.MAX_VALUE; // 0 follows the largest
        return distance > 0 && distance <= FORGOTTEN_MAX;
    }

    private AppendResult duplicateSomewhere() {
        return new AppendResult.Duplicate(
                AppendResult.Duplicate.UNKNOWN_OFFSET, batches.getLast().lastOffset, BatchHeader.NO_TIMESTAMP);
    }

    /** The answer to a control batch that may not be appended; null when it may. */
    @Nullable
    AppendResult check(BatchHeader batch, EndMarker marker) {
        if (batch.producerEpoch() < epoch) {
            return epochIsOver(batch);
        }
        return marker.coordinatorEpoch() >= coordinatorEpoch
                ? null
                : AppendResult.Refused.because(
                        AppendResult.Reason.TRANSACTION_COORDINATOR_FENCED,
                        "a coordinator of epoch " + coordinatorEpoch + " has ended a transaction of producer " + id
                                + " here; epoch " + marker.coordinatorEpoch() + " is over");
    }

    private AppendResult epochIsOver(BatchHeader batch) {
        return AppendResult.Refused.because(
                AppendResult.Reason.INVALID_PRODUCER_EPOCH,
                "producer " + id + " has epoch " + epoch + " here; epoch " + batch.producerEpoch() + " is over");
    }

    private AppendResult outOfOrder(BatchHeader batch, int expected) {
        return AppendResult.Refused.because(
                AppendResult.Reason.OUT_OF_ORDER_SEQUENCE_NUMBER,
                "producer " + id + " sends sequence " + batch.baseSequence() + " where " + expected + " is next");
    }

    /** It was heard with a batch. A new epoch forgets the batches of the old one; a transaction stays open until its marker. */
    void note(short batchEpoch, long timestampMs) {
        if (batchEpoch != epoch) {
            epoch = batchEpoch;
            batches.clear();
        }
        lastTimestampMs = timestampMs;
    }

    void note(Appended batch) {
        if (batches.size() == BATCHES_KEPT) {
            batches.removeFirst();
        }
        batches.addLast(batch);
    }

    void beginTransaction(long firstOffset) {
        transactionFirstOffset = firstOffset;
    }

    void endTransaction() {
        transactionFirstOffset = NO_TRANSACTION;
    }

    void coordinatorEpoch(int newest) {
        coordinatorEpoch = newest;
    }

    private int lastSequence() {
        Appended last = batches.peekLast();
        return last == null ? BatchHeader.NO_SEQUENCE : last.lastSequence;
    }

    /** What compaction must keep. */
    LastBatch lastBatch() {
        Appended last = batches.peekLast();
        return new LastBatch(epoch, last == null ? -1 : last.lastOffset);
    }

    ProducerState state() {
        return new ProducerState(id, epoch, lastSequence(), lastTimestampMs, coordinatorEpoch, transactionFirstOffset);
    }
}
