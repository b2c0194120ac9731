package io.milena.broker.transactions;

import io.milena.log.Ending;
import io.milena.records.ControlRecord;
import io.milena.transactions.Outcome;
import io.milena.transactions.Producer;
import io.milena.transactions.TransactionVersion;

/**
 * What ends a producer's transaction in a partition.
 *
 * @param producer with the epoch that it has after the transaction: since {@code transaction.version} 2 always a new one
 * @param version which rules the transaction has followed
 * @param coordinatorEpoch of the coordinator that has decided; a partition that has heard of a later one refuses it
 */
record Marker(Producer producer, TransactionVersion version, int coordinatorEpoch, Outcome outcome) {
    Ending ending() {
        return new Ending(
                producer.id(),
                producer.epoch(),
                version.bumpsEpochs(),
                coordinatorEpoch,
                outcome == Outcome.COMMIT ? ControlRecord.COMMIT : ControlRecord.ABORT);
    }
}
