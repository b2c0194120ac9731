package io.milena.broker.transactions;

import io.milena.transactions.Outcome;
import io.milena.transactions.Producer;

/**
 * What ends a producer's transaction in a partition.
 *
 * @param coordinatorEpoch of the coordinator that has decided; a partition that has heard of a later one refuses it
 */
record Marker(Producer producer, int coordinatorEpoch, Outcome outcome) {}
