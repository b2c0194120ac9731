package io.milena.metadata;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which brokers there are for new partitions, and which of them get what. */
sealed interface Placement permits OneBroker, StripedPlacement {
    /** Of a topic whose creator does not say. */
    short defaultReplicationFactor();

    /** Of the partitions that a topic gets whose partitions have so many replicas. */
    int replicationFactorLike(int replicationFactor);

    /** Why partitions cannot have so many replicas, or null. */
    @Nullable
    Decision fault(ClusterImage image, int replicationFactor);

    /**
     * The brokers of each partition, the preferred leader first.
     *
     * @param replicationFactor without {@link #fault}
     * @param seed of what chance there is in it
     */
    List<List<Integer>> place(ClusterImage image, int partitions, int replicationFactor, long seed);

    /** Null if the broker may be assigned partitions, else what is to be said about it. */
    @Nullable
    String absence(ClusterImage image, int broker);

    /** Whether the broker can be in the first ISR of a partition. */
    boolean isActive(ClusterImage image, int broker);
}
