package io.milena.broker.transactions;

/**
 * A transaction that is open in a partition while no coordinator knows of it.
 *
 * @param startOffset of its first record here
 * @param lastTimestampMs of the producer's last record here
 */
public record HangingTransaction(
        String topic, int partition, long producerId, long startOffset, long lastTimestampMs) {}
