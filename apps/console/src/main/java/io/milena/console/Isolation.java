package io.milena.console;

import io.milena.console.RecordReader.Read;
import io.milena.protocol.message.FetchResponse.AbortedTransaction;
import io.milena.protocol.message.FetchResponse.PartitionData;
import io.milena.records.ControlRecord;
import io.milena.records.InvalidRecordsException;
import io.milena.records.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Whether a reader sees records of transactions that are open or aborted. */
enum Isolation {
    READ_UNCOMMITTED,
    READ_COMMITTED;

    /** By the name that consumers' settings use; null if there is none. */
    static @Nullable Isolation named(String name) {
        for (Isolation each : values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(name)) {
                return each;
            }
        }
        return null;
    }

    /** As requests say it. */
    byte id() {
        return (byte) ordinal();
    }

    /**
     * Which of the batches that were fetched are seen; it is to be asked for each in their order. Leaders end the answer before the first open transaction, and name those that were aborted: the batches of a producer from where
     * such a transaction began up to its marker are none that readers of committed records see (KIP-98).
     */
    Predicate<RecordBatch> seen(PartitionData data) {
        List<AbortedTransaction> aborted = data.abortedTransactions();
        return this == READ_UNCOMMITTED || aborted == null ? batch -> true : new Committed(aborted);
    }

    private static final class Committed implements Predicate<RecordBatch> {
        /** By where they begin, those that have begun taken out. */
        private final List<AbortedTransaction> later;
        /** Producers of transactions that have begun and will be aborted. */
        private final Set<Long> aborting = new HashSet<>();

        Committed(List<AbortedTransaction> aborted) {
            this.later = new ArrayList<>(aborted);
            later.sort(Comparator.comparingLong(AbortedTransaction::firstOffset));
        }

        @Override
        public boolean test(RecordBatch batch) {
            while (!later.isEmpty() && later.getFirst().firstOffset() < batch.nextOffset()) {
                aborting.add(later.removeFirst().producerId());
            }
            if (batch.isControl() && isAbort(batch)) {
                aborting.remove(batch.producerId());
            }
            return !batch.isTransactional() || !aborting.contains(batch.producerId());
        }

        private static boolean isAbort(RecordBatch batch) {
            return batch.records().iterator().hasNext()
                    && ControlRecord.ofKey(batch.records().iterator().next().key()) == ControlRecord.ABORT;
        }
    }

    /** Adds the records that are seen, at most {@code limit}; answers where to go on. */
    long add(PartitionData data, ByteBuffer fetched, long from, int limit, List<Read> records) throws BadRequest {
        try {
            return RecordReader.add(fetched, seen(data), from, limit, records);
        } catch (InvalidRecordsException e) {
            throw new BadRequest(500, "CORRUPT_MESSAGE", "A batch cannot be read: " + e.getMessage());
        }
    }
}
