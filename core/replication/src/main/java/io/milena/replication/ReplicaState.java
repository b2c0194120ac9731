package io.milena.replication;

import io.milena.protocol.ErrorCode;

/**
 * What one broker's replica of one partition is to it. Immutable: {@link Replication#handle} answers the next one, and whoever reads sees the whole of one or the other.
 */
public sealed interface ReplicaState permits Detached, Leader, Follower, Offline {
    int localId();

    /** All records below are on every in-sync replica, and consumers may see them. */
    long highWatermark();

    /** Of the latest assignment, or -1. */
    int leaderEpoch();

    /** How far a wait for {@code acks=all} has come; one that is over stays over. */
    Replicated replicated(Appended appended, ReplicationSettings settings);

    /** Compares the leader epoch that a client or follower believes in, or -1, with the known one (KIP-320). */
    default ErrorCode checkLeaderEpoch(int claimedEpoch) {
        if (claimedEpoch < 0 || claimedEpoch == leaderEpoch()) {
            return ErrorCode.NONE;
        }
        return claimedEpoch < leaderEpoch() ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH;
    }

    /** Whether records may be appended here now, by a producer that wants {@code acks=all}: NONE, or why not. */
    default ErrorCode admitAll(ReplicationSettings settings) {
        return admit();
    }

    /** As {@link #admitAll}, for producers that want less. */
    ErrorCode admit();
}
