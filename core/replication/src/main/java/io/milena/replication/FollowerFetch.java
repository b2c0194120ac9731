package io.milena.replication;

/**
 * What a follower asks of the leader for this partition.
 *
 * @param brokerEpoch the follower's, or -1 where the version of the request has none (KIP-903)
 * @param leaderEpoch in which the follower follows, or -1
 * @param offset the follower has forced all below
 * @param lastFetchedEpoch of its record before {@code offset}, or -1 where it has none
 * @param highWatermark as far as the follower knows it, or {@code Long.MAX_VALUE} where the version of the request has none (KIP-1166)
 */
public record FollowerFetch(
        int replicaId,
        long brokerEpoch,
        int leaderEpoch,
        long offset,
        int lastFetchedEpoch,
        long logStartOffset,
        long highWatermark) {}
