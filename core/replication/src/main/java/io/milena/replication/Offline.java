package io.milena.replication;

import io.milena.protocol.ErrorCode;

/** The disk under the replica has failed: it takes part in nothing until the process is started anew. */
public record Offline(int localId, int leaderEpoch, long highWatermark) implements ReplicaState {
    @Override
    public ErrorCode admit() {
        return ErrorCode.KAFKA_STORAGE_ERROR;
    }

    @Override
    public Replicated replicated(Appended appended, ReplicationSettings settings) {
        return new Replicated.Over(ErrorCode.KAFKA_STORAGE_ERROR);
    }
}
