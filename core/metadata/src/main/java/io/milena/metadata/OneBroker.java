package io.milena.metadata;

import io.milena.protocol.ErrorCode;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node that is alone: it has everything, whether it is registered yet or not. */
record OneBroker(int nodeId) implements Placement {
    @Override
    public short defaultReplicationFactor() {
        return 1;
    }

    @Override
    public int replicationFactorLike(int replicationFactor) {
        return 1;
    }

    @Override
    public @Nullable Decision fault(ClusterImage image, int replicationFactor) {
        return replicationFactor <= 1
                ? null
                : Decision.refused(
                        ErrorCode.INVALID_REPLICATION_FACTOR,
                        "Unable to replicate the partition " + replicationFactor
                                + " time(s): only 1 broker(s) are registered.");
    }

    @Override
    public List<List<Integer>> place(ClusterImage image, int partitions, int replicationFactor, long seed) {
        return Collections.nCopies(partitions, List.of(nodeId));
    }

    @Override
    public @Nullable String absence(ClusterImage image, int broker) {
        return broker == nodeId ? null : "; the only one is " + nodeId + ".";
    }

    @Override
    public boolean isActive(ClusterImage image, int broker) {
        return broker == nodeId;
    }
}
