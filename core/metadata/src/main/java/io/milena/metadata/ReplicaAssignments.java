package io.milena.metadata;

import io.milena.protocol.ErrorCode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks which brokers someone wants partitions to be on. */
final class ReplicaAssignments {
    /** Of the replication factor: the first partition decides. */
    private static final int ANY = -1;

    private final Placement placement;

    ReplicaAssignments(Placement placement) {
        this.placement = placement;
    }

    /** Why the assignments of all partitions of a topic are refused, or null. */
    @Nullable
    Decision fault(ClusterImage image, Map<Integer, List<Integer>> brokersByPartition) {
        int replicationFactor = ANY;
        for (int partition = 0; partition < brokersByPartition.size(); partition++) {
            List<Integer> brokers = brokersByPartition.get(partition);
            if (brokers == null) {
                return refused(
                        "partitions should be a consecutive 0-based integer sequence; " + partition + " is missing");
            }
            Decision fault = fault(image, brokers, replicationFactor);
            if (fault == null) {
                fault = withoutLeader(image, partition, brokers);
            }
            if (fault != null) {
                return fault;
            }
            replicationFactor = brokers.size();
        }
        return null;
    }

    /**
     * Why the assignments of the partitions that a topic gets are refused, or null.
     *
     * @param present how many partitions the topic has
     * @param replicationFactor that they have
     */
    @Nullable
    Decision fault(
            ClusterImage image,
            List<List<Integer>> brokersByPartition,
            int partitions,
            int present,
            int replicationFactor) {
        if (brokersByPartition.size() != partitions) {
            return refused("Attempted to add " + partitions + " additional partition(s), but "
                    + brokersByPartition.size() + " assignment(s) were specified.");
        }
        for (int i = 0; i < partitions; i++) {
            List<Integer> brokers = brokersByPartition.get(i);
            Decision fault = fault(image, brokers, replicationFactor);
            if (fault == null) {
                fault = withoutLeader(image, present + i, brokers);
            }
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    /** Why a partition cannot be on these brokers, or null. */
    @Nullable
    Decision fault(ClusterImage image, List<Integer> brokers) {
        return fault(image, brokers, ANY);
    }

    private @Nullable Decision fault(ClusterImage image, List<Integer> brokers, int replicationFactor) {
        if (brokers.isEmpty()) {
            return refused("The manual partition assignment includes an empty replica list.");
        }
        Set<Integer> seen = new HashSet<>();
        for (int broker : brokers) {
            if (!seen.add(broker)) {
                return refused("The manual partition assignment includes the broker " + broker + " more than once.");
            }
            String absence = placement.absence(image, broker);
            if (absence != null) {
                return refused("The manual partition assignment includes broker " + broker
                        + ", but no such broker is registered" + absence);
            }
        }
        if (replicationFactor != ANY && replicationFactor != brokers.size()) {
            return refused("The manual partition assignment includes a partition with " + brokers.size()
                    + " replica(s), but this is not consistent with previous partitions, which have "
                    + replicationFactor + " replica(s).");
        }
        return null;
    }

    private @Nullable Decision withoutLeader(ClusterImage image, int partition, List<Integer> brokers) {
        return brokers.stream().anyMatch(broker -> placement.isActive(image, broker))
                ? null
                : refused("All brokers specified in the manual partition assignment for partition " + partition
                        + " are fenced or in controlled shutdown.");
    }

    private static Decision refused(String message) {
        return Decision.refused(ErrorCode.INVALID_REPLICA_ASSIGNMENT, message);
    }
}
