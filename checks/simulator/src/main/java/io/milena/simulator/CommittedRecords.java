package io.milena.simulator;

import io.milena.protocol.Payload;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.FetchResponse.AbortedTransaction;
import io.milena.records.ControlRecord;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;

/**
 * What a reader of committed data sees of a fetched partition, and from where it goes on.
 *
 * @param next the offset to be fetched next
 */
public record CommittedRecords(List<Record> records, long next) {
    /** @param position the offset that was asked for */
    static CommittedRecords of(FetchResponse.PartitionData answer, long position) {
        if (!(answer.records() instanceof Payload.InMemory(ByteBuffer bytes))) {
            return new CommittedRecords(List.of(), position);
        }
        Queue<AbortedTransaction> ahead =
                new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
        if (answer.abortedTransactions() != null) {
            ahead.addAll(answer.abortedTransactions());
        }
        List<Record> seen = new ArrayList<>();
        long next = position;
        Set<Long> aborted = new HashSet<>();
        for (RecordBatch batch : RecordBatches.of(bytes)) {
            while (!ahead.isEmpty() && ahead.element().firstOffset() <= batch.lastOffset()) {
                aborted.add(ahead.remove().producerId());
            }
            for (Record record : batch.records()) {
                if (batch.isControl()) {
                    if (ControlRecord.ofKey(record.key()) == ControlRecord.ABORT) {
                        aborted.remove(batch.producerId());
                    }
                } else if (record.offset() >= position && !aborted.contains(batch.producerId())) {
                    seen.add(record);
                }
            }
            next = Math.max(next, batch.nextOffset());
        }
        return new CommittedRecords(seen, next);
    }
}
