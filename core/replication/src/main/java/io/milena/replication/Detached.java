package io.milena.replication;

import io.milena.protocol.ErrorCode;

/**
 * The replica belongs to no assignment: before the first one, or after it was given to other brokers.
 *
 * @param highWatermark as it was written down by an earlier run; 0 where it was not
 */
public record Detached(int localId, long highWatermark) implements ReplicaState {
    @Override
    public int leaderEpoch() {
        return -1;
    }

    @Override
    public ErrorCode admit() {
        return ErrorCode.NOT_LEADER_OR_FOLLOWER;
    }

    @Override
    public Replicated replicated(Appended appended, ReplicationSettings settings) {
        return new Replicated.Over(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }
}
