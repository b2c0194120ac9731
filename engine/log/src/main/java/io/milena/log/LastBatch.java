package io.milena.log;

import io.milena.records.BatchHeader;

/**
 * What a log must keep of a producer that may go on: the batch with its last sequence, or, where none is known, a marker with its epoch.
 *
 * @param lastDataOffset the last offset of that batch, or -1
 */
record LastBatch(short epoch, long lastDataOffset) {
    boolean is(BatchHeader batch) {
        return lastDataOffset >= 0
                ? batch.lastOffset() == lastDataOffset
                : batch.isControl() && batch.producerEpoch() == epoch;
    }
}
