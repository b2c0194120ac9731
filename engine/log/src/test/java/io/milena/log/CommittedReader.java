package io.milena.log;

import io.milena.records.ControlRecord;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/** Reads a log as a consumer of committed data does: fetch by fetch, leaving out what the lists of aborted transactions name. */
final class CommittedReader {
    private CommittedReader() {}

    /** The offsets of the records that it gets. */
    static List<Long> read(Log log, long fromOffset, long highWatermark, Random random) throws IOException {
        List<Long> offsets = new ArrayList<>();
        long position = Math.max(fromOffset, log.logStartOffset());
        long stable = log.lastStableOffset(highWatermark);
        while (position < stable) {
            ReadResult found = log.readCommitted(position, 1 + random.nextInt(1000), stable);
            if (found == ReadResult.Empty.INSTANCE) {
                return offsets; // compaction has taken what was before the last stable offset
            }
            if (!(found instanceof ReadResult.Slice slice)) {
                throw new AssertionError(found + " at offset " + position + " below " + stable);
            }
            position = consume(slice, position, offsets);
        }
        return offsets;
    }

    private static long consume(ReadResult.Slice slice, long position, List<Long> offsets) throws IOException {
        PriorityQueue<AbortedTransaction> coming =
                new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
        coming.addAll(slice.abortedTransactions());
        Set<Long> aborted = new HashSet<>();
        long next = position;
        for (RecordBatch batch : RecordBatches.of(slice.take())) {
            while (!coming.isEmpty() && coming.element().firstOffset() <= batch.lastOffset()) {
                aborted.add(coming.remove().producerId());
            }
            next = batch.nextOffset();
            if (batch.isControl()) {
                if (isAbort(batch)) {
                    aborted.remove(batch.producerId());
                }
            } else if (!batch.isTransactional() || !aborted.contains(batch.producerId())) {
                for (Record record : batch.records()) {
                    if (record.offset() >= position) {
                        offsets.add(record.offset());
                    }
                }
            }
        }
        return next;
    }

    private static boolean isAbort(RecordBatch marker) {
        for (Record record : marker.records()) {
            return ControlRecord.ofKey(record.key()) == ControlRecord.ABORT;
        }
        return false;
    }
}
