package io.milena.log;

import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides what compaction leaves of each batch, as Apache Kafka does: of each key the latest record, of tombstones and markers those whose delete horizon has not come,
 * of the last batch of a producer and of the whole log at least the header. Batches come in the order of the log; one pass, one thread, no I/O.
 */
final class Survivors {
    private final KeyOffsets latest;
    private final Map<Long, LastBatch> lastBatches;
    private final TransactionRemains transactions;
    private final Round round;

    /**
     * What one round of compaction is about.
     *
     * @param keysEndOffset of records before it, the latest of each key is known
     * @param logEndOffset where the log ends: the batch before it stays, or readers would never get there
     * @param tombstoneRetentionMs {@code delete.retention.ms}
     */
    record Round(long keysEndOffset, long logEndOffset, long nowMs, long tombstoneRetentionMs) {
        long newHorizonMs() {
            return nowMs + tombstoneRetentionMs;
        }
    }

    Survivors(KeyOffsets latest, Map<Long, LastBatch> lastBatches, TransactionRemains transactions, Round round) {
        this.latest = latest;
        this.lastBatches = lastBatches;
        this.transactions = transactions;
        this.round = round;
    }

    /** What stays of the next batch: the same object where all of it does, null where nothing does. */
    @Nullable
    RecordBatch of(RecordBatch batch) {
        boolean isMoot = transactions.isMoot(batch);
        boolean losesAll = isMoot && (!batch.isControl() || isPastHorizon(batch));
        List<Record> kept = losesAll ? List.of() : kept(batch);
        if (kept.isEmpty()) {
            return mustStay(batch) ? batch.emptied() : null;
        }
        boolean needsHorizon = batch.deleteHorizonMs().isEmpty() && (isMoot || hasTombstone(kept));
        if (kept.size() == batch.recordCount() && !needsHorizon) {
            return batch;
        }
        RecordBatchBuilder rest = RecordBatchBuilder.rewriting(batch);
        if (needsHorizon) {
            rest.deleteHorizon(round.newHorizonMs());
        }
        kept.forEach(rest::append);
        return rest.build();
    }

    private boolean mustStay(RecordBatch batch) {
        LastBatch last = batch.hasProducerId() ? lastBatches.get(batch.producerId()) : null;
        return (last != null && last.is(batch)) || batch.nextOffset() == round.logEndOffset;
    }

    private List<Record> kept(RecordBatch batch) {
        boolean dropsTombstones = isPastHorizon(batch);
        List<Record> kept = new ArrayList<>();
        for (Record record : batch.records()) {
            if (batch.isControl() || isKept(record, dropsTombstones)) {
                kept.add(record);
            }
        }
        return kept;
    }

    private boolean isKept(Record record, boolean dropsTombstones) {
        if (record.offset() >= round.keysEndOffset) {
            return true;
        }
        ByteBuffer key = record.key();
        return key != null && record.offset() >= latest.latest(key) && !(dropsTombstones && record.value() == null);
    }

    private boolean isPastHorizon(RecordBatch batch) {
        return batch.deleteHorizonMs().isPresent() && batch.deleteHorizonMs().getAsLong() <= round.nowMs;
    }

    private static boolean hasTombstone(List<Record> records) {
        return records.stream().anyMatch(record -> record.value() == null);
    }
}
