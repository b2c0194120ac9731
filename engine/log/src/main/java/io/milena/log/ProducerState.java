package io.milena.log;

/** What a log remembers of one producer. Sequences and the first offset of an open transaction are -1 when there are none. */
public record ProducerState(
        long producerId,
        short epoch,
        int lastSequence,
        long lastTimestampMs,
        int coordinatorEpoch,
        long currentTransactionFirstOffset) {}
