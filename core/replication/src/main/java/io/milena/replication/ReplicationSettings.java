package io.milena.replication;

/**
 * What is set for the partition's topic and for the broker.
 *
 * @param lagTimeMaxMs {@code replica.lag.time.max.ms}: how long a follower may be behind before it is no longer in sync
 * @param minInsyncReplicas {@code min.insync.replicas} of the topic
 * @param fetchBackoffMs {@code replica.fetch.backoff.ms}: how long a follower waits after an error
 */
public record ReplicationSettings(long lagTimeMaxMs, int minInsyncReplicas, long fetchBackoffMs) {
    /** Kafka's defaults. */
    public static final ReplicationSettings DEFAULT = new ReplicationSettings(30_000, 1, 1_000);
}
