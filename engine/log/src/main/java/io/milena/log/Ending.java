package io.milena.log;

import io.milena.records.ControlRecord;

/**
 * How a coordinator ends the transaction of a producer in a partition.
 *
 * @param producerEpoch that the marker carries
 * @param isNextEpoch whether this is the epoch behind that of the transaction, which the producer's next transaction has too ({@code transaction.version} 2): what is open in that epoch is then the
 *     next one already, and not to be ended by a marker that comes late (KIP-1228)
 * @param coordinatorEpoch of the coordinator that has decided
 */
public record Ending(
        long producerId, short producerEpoch, boolean isNextEpoch, int coordinatorEpoch, ControlRecord how) {}
