package io.milena.log;

import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import java.io.IOException;
import java.util.function.Consumer;

/** Reads a log from its start to where it ends, batch by batch: for coordinators, which keep in memory what their partition holds. */
public final class LogReplay {
    private static final int CHUNK_BYTES = 1 << 20;

    private LogReplay() {}

    /** Hands over every batch from {@code offset} or the log start offset on, whichever is later; what is damaged was reported and is left out. */
    public static void of(Log log, long offset, Consumer<RecordBatch> batches) throws IOException {
        long next = Math.max(offset, log.logStartOffset());
        while (next < log.logEndOffset()) {
            switch (log.read(next, CHUNK_BYTES, Long.MAX_VALUE)) {
                case ReadResult.Slice slice -> {
                    for (RecordBatch batch : RecordBatches.of(slice.take())) {
                        batches.accept(batch);
                        next = batch.nextOffset();
                    }
                }
                case ReadResult.Damaged damaged -> next = damaged.nextOffset();
                case ReadResult.Unreadable unreadable -> throw new IOException(unreadable.message());
                case ReadResult.Empty ignored -> {
                    return; // compaction has taken what was at the end
                }
                case ReadResult.OutOfRange ignored -> throw cannotRead(log, next);
            }
        }
    }

    private static IOException cannotRead(Log log, long offset) {
        return new IOException(
                "cannot read offset " + offset + " of " + log.identity().name());
    }
}
