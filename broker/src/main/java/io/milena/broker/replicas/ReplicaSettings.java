package io.milena.broker.replicas;

/**
 * How replicas follow their leaders, under Kafka's names.
 *
 * @param lagTimeMaxMs {@code replica.lag.time.max.ms}
 * @param fetchWaitMs {@code replica.fetch.wait.max.ms}
 * @param fetchBytesMax {@code replica.fetch.response.max.bytes}
 * @param partitionBytesMax {@code replica.fetch.max.bytes}
 * @param socketTimeoutMs {@code replica.socket.timeout.ms}
 */
public record ReplicaSettings(
        long lagTimeMaxMs, int fetchWaitMs, int fetchBytesMax, int partitionBytesMax, long socketTimeoutMs) {}
