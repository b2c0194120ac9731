package io.milena.log.story;

import io.milena.log.AbortedTransaction;
import io.milena.records.ControlRecord;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Leaves out what was aborted, batch by batch, as a consumer of committed data does. */
final class AbortedFilter {
    private final Deque<AbortedTransaction> coming;
    private final Set<Long> aborted = new HashSet<>();

    /** @param transactions of the answer to one fetch, ordered by first offset */
    AbortedFilter(List<AbortedTransaction> transactions) {
        this.coming = new ArrayDeque<>(transactions);
    }

    /** Whether the consumer hands the records of the next batch over. */
    boolean isVisible(RecordBatch batch) {
        while (!coming.isEmpty() && coming.element().firstOffset() <= batch.lastOffset()) {
            aborted.add(coming.remove().producerId());
        }
        if (batch.isControl()) {
            for (Record record : batch.records()) {
                if (ControlRecord.ofKey(record.key()) == ControlRecord.ABORT) {
                    aborted.remove(batch.producerId());
                }
            }
            return false;
        }
        return !batch.isTransactional() || !aborted.contains(batch.producerId());
    }
}
