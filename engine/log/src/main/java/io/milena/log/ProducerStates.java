package io.milena.log;

import io.milena.records.BatchHeader;
import io.milena.records.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a log remembers of idempotent producers: the last five batches of each, by which duplicates and gaps are recognised. Rebuilt from the log itself, or from a snapshot and the
 * log behind it. Guarded by the lock of its {@link Log}.
 *
 * <pre>
 * snapshot: int16 version (1) | uint32 CRC32C of what follows | int32 count | entries
 * entry:    int64 producer id | int16 epoch | int32 last sequence | int64 last offset | int32 offset delta | int64 timestamp
 *           | int32 coordinator epoch | int64 first offset of the open transaction, or -1
 * </pre>
 *
 * <p>A producer has an entry for each batch that is remembered, oldest first. Kafka writes the last only and reads ours the same way, because a later entry replaces an
 * earlier one; but a client may send all five again after a crash.
 */
final class ProducerStates {
    private static final int BATCHES_KEPT = 5;
    private static final int HEADER_BYTES = 10;
    private static final int ENTRY_BYTES = 46;

    private final Map<Long, Producer> producers = new TreeMap<>();
    private final UnstableTransactions transactions = new UnstableTransactions();

    /** A batch that was appended. */
    private record Appended(int baseSequence, int lastSequence, long baseOffset, long lastOffset, long timestampMs) {}

    /** Stands for the batch of a producer of which only markers are known. */
    private static final Appended NONE = new Appended(-1, -1, -1, -1, -1);

    private static final class Producer {
        final long id;
        short epoch;
        long lastTimestampMs;
        int coordinatorEpoch = -1;
        long transactionFirstOffset = -1;
        final Deque<Appended> batches = new ArrayDeque<>(BATCHES_KEPT);

        Producer(long id, short epoch) {
            this.id = id;
            this.epoch = epoch;
        }

        int entryCount() {
            return Math.max(1, batches.size());
        }

        void add(Appended batch) {
            if (batches.size() == BATCHES_KEPT) {
                batches.removeFirst();
            }
            batches.addLast(batch);
        }

        int lastSequence() {
            Appended last = batches.peekLast();
            return last == null ? -1 : last.lastSequence;
        }
    }

    UnstableTransactions transactions() {
        return transactions;
    }

    /** The answer to a batch that may not be appended: it is here already, or it is refused; null when it may. */
    @Nullable
    AppendResult check(RecordBatch batch) {
        if (!batch.hasProducerId()) {
            return null;
        }
        if (batch.isControl()) {
            return checkMarker(batch);
        }
        Producer producer = producers.get(batch.producerId());
        if (producer == null) {
            return null;
        }
        if (batch.producerEpoch() < producer.epoch) {
            return epochIsOver(producer, batch);
        }
        if (batch.baseSequence() == BatchHeader.NO_SEQUENCE) {
            return null; // a coordinator writes in the producer's name
        }
        if (batch.producerEpoch() > producer.epoch) {
            return batch.baseSequence() == 0 ? null : outOfOrder(producer, batch, 0);
        }
        for (Appended known : producer.batches) {
            if (known.baseSequence == batch.baseSequence() && known.lastSequence == batch.lastSequence()) {
                return new AppendResult.Duplicate(known.baseOffset, known.lastOffset, known.timestampMs);
            }
        }
        if (producer.batches.isEmpty()) {
            return null;
        }
        int expected = BatchHeader.sequenceAfter(producer.lastSequence(), 1);
        return batch.baseSequence() == expected ? null : outOfOrder(producer, batch, expected);
    }

    private @Nullable AppendResult checkMarker(RecordBatch batch) {
        Producer producer = producers.get(batch.producerId());
        EndMarker marker = EndMarker.in(batch);
        if (producer == null || marker == null) {
            return null;
        }
        if (batch.producerEpoch() < producer.epoch) {
            return epochIsOver(producer, batch);
        }
        return marker.coordinatorEpoch() >= producer.coordinatorEpoch
                ? null
                : AppendResult.Refused.because(
                        AppendResult.Reason.TRANSACTION_COORDINATOR_FENCED,
                        "a coordinator of epoch " + producer.coordinatorEpoch + " has ended a transaction of producer "
                                + producer.id + " here; epoch " + marker.coordinatorEpoch() + " is over");
    }

    private static AppendResult epochIsOver(Producer producer, BatchHeader batch) {
        return AppendResult.Refused.because(
                AppendResult.Reason.INVALID_PRODUCER_EPOCH,
                "producer " + producer.id + " has epoch " + producer.epoch + " here; epoch " + batch.producerEpoch()
                        + " is over");
    }

    private static AppendResult outOfOrder(Producer producer, BatchHeader batch, int expected) {
        return AppendResult.Refused.because(
                AppendResult.Reason.OUT_OF_ORDER_SEQUENCE_NUMBER,
                "producer " + producer.id + " sends sequence " + batch.baseSequence() + " where " + expected
                        + " is next");
    }

    /**
     * Remembers a batch that has its offsets.
     *
     * @param marker what a control batch says
     * @return the transaction that was aborted with it, or null
     */
    @Nullable
    AbortedTransaction note(BatchHeader batch, @Nullable EndMarker marker) {
        if (!batch.hasProducerId()) {
            return null;
        }
        Producer producer =
                producers.computeIfAbsent(batch.producerId(), id -> new Producer(id, batch.producerEpoch()));
        if (batch.producerEpoch() != producer.epoch) {
            producer.epoch = batch.producerEpoch();
            producer.batches.clear();
        }
        producer.lastTimestampMs = batch.maxTimestampMs();
        if (batch.isControl()) {
            return marker == null ? null : end(producer, marker, batch.lastOffset());
        }
        if (batch.isTransactional() && producer.transactionFirstOffset < 0) {
            producer.transactionFirstOffset = batch.baseOffset();
            transactions.begin(batch.baseOffset(), producer.id);
        }
        if (batch.baseSequence() != BatchHeader.NO_SEQUENCE) {
            producer.add(new Appended(
                    batch.baseSequence(),
                    batch.lastSequence(),
                    batch.baseOffset(),
                    batch.lastOffset(),
                    batch.maxTimestampMs()));
        }
        return null;
    }

    private @Nullable AbortedTransaction end(Producer producer, EndMarker marker, long markerOffset) {
        producer.coordinatorEpoch = marker.coordinatorEpoch();
        long first = producer.transactionFirstOffset;
        if (first < 0) {
            return null; // it has nothing in this partition
        }
        producer.transactionFirstOffset = -1;
        transactions.end(first, markerOffset);
        return marker.isAbort()
                ? new AbortedTransaction(producer.id, first, markerOffset, transactions.firstOpen(markerOffset + 1))
                : null;
    }

    /** Forgets producers that were last heard of before {@code oldestMs} and have no open transaction; answers how many. */
    int expire(long oldestMs) {
        int before = producers.size();
        producers
                .values()
                .removeIf(producer -> producer.lastTimestampMs < oldestMs && producer.transactionFirstOffset < 0);
        return before - producers.size();
    }

    /** What compaction must keep of each producer. */
    Map<Long, LastBatch> lastBatches() {
        Map<Long, LastBatch> lastBatches = new HashMap<>();
        producers.forEach((id, producer) -> {
            Appended last = producer.batches.peekLast();
            lastBatches.put(id, new LastBatch(producer.epoch, last == null ? -1 : last.lastOffset));
        });
        return lastBatches;
    }

    List<ProducerState> all() {
        return producers.values().stream()
                .map(p -> new ProducerState(
                        p.id,
                        p.epoch,
                        p.lastSequence(),
                        p.lastTimestampMs,
                        p.coordinatorEpoch,
                        p.transactionFirstOffset))
                .toList();
    }

    /** Writes a snapshot, without forcing it: one that is torn is recognised and not used. */
    void write(Path file) throws IOException {
        int entries = producers.values().stream().mapToInt(Producer::entryCount).sum();
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + entries * ENTRY_BYTES);
        out.putShort((short) 1).putInt(0).putInt(entries);
        for (Producer producer : producers.values()) {
            if (producer.batches.isEmpty()) {
                putEntry(out, producer, NONE);
            }
            producer.batches.forEach(batch -> putEntry(out, producer, batch));
        }
        out.flip().putInt(2, crc(out));
        Checkpoint.write(file, out);
    }

    private static void putEntry(ByteBuffer out, Producer producer, Appended batch) {
        out.putLong(producer.id).putShort(producer.epoch);
        out.putInt(batch.lastSequence).putLong(batch.lastOffset).putInt((int) (batch.lastOffset - batch.baseOffset));
        out.putLong(batch.equals(NONE) ? producer.lastTimestampMs : batch.timestampMs);
        out.putInt(producer.coordinatorEpoch).putLong(producer.transactionFirstOffset);
    }

    private static int crc(ByteBuffer snapshot) {
        CRC32C crc = new CRC32C();
        crc.update(snapshot.slice(6, snapshot.limit() - 6));
        return (int) crc.getValue();
    }

    /** Reads a snapshot into this; false, with nothing changed, when it is damaged. */
    boolean read(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
        if (in.remaining() < HEADER_BYTES || in.getShort() != 1 || in.getInt() != crc(in)) {
            return false;
        }
        int count = in.getInt();
        if (in.remaining() != count * (long) ENTRY_BYTES) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            readEntry(in);
        }
        return true;
    }

    private void readEntry(ByteBuffer in) {
        long id = in.getLong();
        short epoch = in.getShort();
        Producer producer = producers.computeIfAbsent(id, newId -> new Producer(newId, epoch));
        int lastSequence = in.getInt();
        long lastOffset = in.getLong();
        int delta = in.getInt();
        producer.lastTimestampMs = in.getLong();
        producer.coordinatorEpoch = in.getInt();
        producer.transactionFirstOffset = in.getLong();
        if (producer.transactionFirstOffset >= 0) {
            transactions.begin(producer.transactionFirstOffset, id);
        }
        if (lastSequence >= 0) {
            int baseSequence =
                    lastSequence >= delta ? lastSequence - delta : lastSequence - delta + Integer.MAX_VALUE + 1;
            producer.add(
                    new Appended(baseSequence, lastSequence, lastOffset - delta, lastOffset, producer.lastTimestampMs));
        }
    }
}
