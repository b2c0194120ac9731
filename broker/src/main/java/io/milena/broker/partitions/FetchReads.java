package io.milena.broker.partitions;

import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchRequest.ReplicaState;

/** How the partitions of a fetch are read: by whom, and so up to where. */
sealed interface FetchReads permits ConsumerReads, FollowerReads {
    static FetchReads of(FetchRequest request, short version, ReplicaSelection selection) {
        ReplicaState replica = request.replicaState();
        int replicaId = Math.max(request.replicaId(), replica.replicaId());
        return replicaId >= 0
                ? new FollowerReads(replicaId, replica.replicaEpoch())
                : ConsumerReads.of(request, version, selection);
    }

    Partitions.Lookup find(WantedPartition wanted, Partitions partitions);

    /** Where what can be read ends. */
    long endOf(Partition partition);

    /** Whether it makes sense to wait for more. */
    boolean isServed(Partition partition);

    FetchedPartition read(WantedPartition wanted, Partition partition, FetchedPartition.Budget budget);
}
