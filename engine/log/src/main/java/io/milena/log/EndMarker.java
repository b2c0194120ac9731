package io.milena.log;

import io.milena.records.BatchHeader;
import io.milena.records.ControlRecord;
import io.milena.records.InvalidRecordsException;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatchBuilder;
import org.jspecify.annotations.Nullable;

/** The control record with which a transaction coordinator ends a producer's transaction in a partition. */
record EndMarker(boolean isAbort, int coordinatorEpoch) {
    /** The batch with which a coordinator ends a transaction. */
    static RecordBatch batch(Ending ending, long timestampMs) {
        return new RecordBatchBuilder()
                .producer(ending.producerId(), ending.producerEpoch(), BatchHeader.NO_SEQUENCE)
                .transactional()
                .appendControl(
                        timestampMs, ending.how(), ControlRecord.endOfTransactionValue(ending.coordinatorEpoch()))
                .build();
    }

    /** What the batch ends; null if it is another kind of control batch, or no control batch at all. */
    static @Nullable EndMarker in(RecordBatch batch) {
        if (!batch.isControl() || !batch.hasProducerId()) {
            return null;
        }
        try {
            for (Record record : batch.records()) {
                ControlRecord type = ControlRecord.ofKey(record.key());
                if (type == ControlRecord.ABORT || type == ControlRecord.COMMIT) {
                    return new EndMarker(type == ControlRecord.ABORT, ControlRecord.coordinatorEpoch(record.value()));
                }
            }
        } catch (InvalidRecordsException e) {
            System.getLogger(EndMarker.class.getName())
                    .log(System.Logger.Level.WARNING, "offset " + batch.baseOffset() + ": " + e.getMessage());
        }
        return null;
    }
}
