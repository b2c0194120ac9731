package io.milena.log;

import io.milena.records.BatchHeader;
import io.milena.records.RecordBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a log remembers of idempotent producers: the last batches of each, by which duplicates and gaps are recognised, and the transactions that are open. Rebuilt from the log itself, or from a
 * {@link ProducerSnapshot} and the log behind it. Guarded by the lock of its {@link Log}.
 */
final class ProducerStates {
    private final Map<Long, Producer> producers = new TreeMap<>();
    private final UnstableTransactions transactions = new UnstableTransactions();

    UnstableTransactions transactions() {
        return transactions;
    }

    /** The answer to a batch that may not be appended: it is here already, or it is refused; null when it may. */
    @Nullable
    AppendResult check(RecordBatch batch) {
        Producer producer = batch.hasProducerId() ? producers.get(batch.producerId()) : null;
        if (producer == null) {
            return null;
        }
        if (!batch.isControl()) {
            return producer.check(batch);
        }
        EndMarker marker = EndMarker.in(batch);
        return marker == null ? null : producer.check(batch, marker);
    }

    /** Why a transaction may not be ended so, beside what {@link #check} finds; or null. */
    AppendResult.@Nullable Refused refusal(Ending ending) {
        return ending.isNextEpoch() && hasTransaction(ending.producerId(), ending.producerEpoch())
                ? AppendResult.Refused.because(
                        AppendResult.Reason.INVALID_PRODUCER_EPOCH,
                        "producer " + ending.producerId() + " has its next transaction open here, of epoch "
                                + ending.producerEpoch() + ", which a marker of the one before does not end")
                : null;
    }

    /**
     * Remembers a batch that has its offsets.
     *
     * @param marker what a control batch says
     */
    void note(BatchHeader batch, @Nullable EndMarker marker) {
        if (!batch.hasProducerId()) {
            return;
        }
        Producer producer =
                producers.computeIfAbsent(batch.producerId(), id -> new Producer(id, batch.producerEpoch()));
        producer.note(batch.producerEpoch(), batch.maxTimestampMs());
        if (batch.isControl()) {
            if (marker != null) { // or compaction has left the batch without it, because nothing is left of the
                // transaction
                end(producer, marker, batch.lastOffset());
            }
            return;
        }
        if (batch.isTransactional() && !producer.hasTransaction()) {
            producer.beginTransaction(batch.baseOffset());
            transactions.begin(batch.baseOffset(), producer.id());
        }
        producer.note(Producer.Appended.of(batch));
    }

    /** The transaction that a batch aborts, or null; nothing changes. */
    @Nullable
    AbortedTransaction aborting(BatchHeader batch, @Nullable EndMarker marker) {
        Producer producer = marker == null || !marker.isAbort() ? null : producers.get(batch.producerId());
        if (producer == null || !producer.hasTransaction()) {
            return null; // or it has nothing in this partition
        }
        long first = producer.transactionFirstOffset();
        long stable = transactions.firstOpenBeside(first, batch.lastOffset() + 1);
        return new AbortedTransaction(producer.id(), first, batch.lastOffset(), stable);
    }

    private void end(Producer producer, EndMarker marker, long markerOffset) {
        producer.coordinatorEpoch(marker.coordinatorEpoch());
        if (producer.hasTransaction()) {
            transactions.end(producer.transactionFirstOffset(), markerOffset);
            producer.endTransaction();
        }
    }

    /** Whether a producer with this epoch has a transaction open. */
    boolean hasTransaction(long producerId, short epoch) {
        Producer producer = producers.get(producerId);
        return producer != null && producer.epoch() == epoch && producer.hasTransaction();
    }

    /** Forgets producers that were last heard of before {@code oldestMs} and have no open transaction; answers how many. */
    int expire(long oldestMs) {
        int before = producers.size();
        producers.values().removeIf(producer -> producer.lastTimestampMs() < oldestMs && !producer.hasTransaction());
        return before - producers.size();
    }

    /** What compaction must keep of each producer. */
    Map<Long, LastBatch> lastBatches() {
        Map<Long, LastBatch> lastBatches = new HashMap<>();
        producers.forEach((id, producer) -> lastBatches.put(id, producer.lastBatch()));
        return lastBatches;
    }

    List<ProducerState> all() {
        return producers.values().stream().map(Producer::state).toList();
    }

    /** Writes a snapshot, without forcing it. */
    void write(Path file) throws IOException {
        ProducerSnapshot.write(file, producers.values());
    }

    /** Reads a snapshot into this; false, with nothing changed, when it is not there or damaged. */
    boolean read(Path file) throws IOException {
        Optional<List<Producer>> read = ProducerSnapshot.read(file);
        for (Producer producer : read.orElse(List.of())) {
            producers.put(producer.id(), producer);
            if (producer.hasTransaction()) {
                transactions.begin(producer.transactionFirstOffset(), producer.id());
            }
        }
        return read.isPresent();
    }
}
