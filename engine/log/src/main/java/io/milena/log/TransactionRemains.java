package io.milena.log;

import io.milena.records.ControlRecord;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells, while a log is read batch by batch, which batches of transactions mean nothing any more: data of an aborted one, and a marker before which no data of its
 * transaction is left. For one pass and one thread.
 */
final class TransactionRemains {
    private final Queue<AbortedTransaction> coming;
    private final Consumer<AbortedTransaction> stillThere;
    private final Map<Long, Aborted> aborted = new HashMap<>();
    /** Producers of whose transaction data was seen, and no marker yet. */
    private final Set<Long> withData = new HashSet<>();

    /** An aborted transaction that has begun and whose marker has not come. */
    private static final class Aborted {
        final AbortedTransaction transaction;
        boolean hasData;

        Aborted(AbortedTransaction transaction) {
            this.transaction = transaction;
        }
    }

    /**
     * @param byFirstOffset what was aborted in the part that is read
     * @param stillThere receives those of which there was data before their marker, when the marker comes
     */
    TransactionRemains(List<AbortedTransaction> byFirstOffset, Consumer<AbortedTransaction> stillThere) {
        this.coming = new ArrayDeque<>(byFirstOffset);
        this.stillThere = stillThere;
    }

    /** Whether nobody needs the next batch: its data was aborted, or it ends a transaction of which there was no data. */
    boolean isMoot(RecordBatch batch) {
        while (!coming.isEmpty() && coming.element().firstOffset() <= batch.lastOffset()) {
            AbortedTransaction begun = coming.remove();
            aborted.putIfAbsent(begun.producerId(), new Aborted(begun));
        }
        return batch.isControl() ? isMootMarker(batch) : batch.isTransactional() && isAborted(batch.producerId());
    }

    private boolean isAborted(long producerId) {
        Aborted transaction = aborted.get(producerId);
        if (transaction == null) {
            withData.add(producerId);
            return false;
        }
        transaction.hasData = true;
        return true;
    }

    private boolean isMootMarker(RecordBatch batch) {
        for (Record record : batch.records()) {
            ControlRecord type = ControlRecord.ofKey(record.key());
            if (type == ControlRecord.COMMIT) {
                return !withData.remove(batch.producerId());
            }
            return type == ControlRecord.ABORT && !hadAbortedData(batch.producerId());
        }
        return true; // the marker itself went before
    }

    private boolean hadAbortedData(long producerId) {
        Aborted transaction = aborted.remove(producerId);
        if (transaction == null || !transaction.hasData) {
            return false;
        }
        stillThere.accept(transaction.transaction);
        return true;
    }
}
