package io.milena.metadata;

import io.milena.protocol.ErrorCode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks which brokers someone wants partitions to be on. */
final class ReplicaAssignments {
    private final int nodeId;

    /** @param nodeId the only broker */
    ReplicaAssignments(int nodeId) {
        this.nodeId = nodeId;
    }

    /** Why the assignments of all partitions of a topic are refused, or null. */
    @Nullable
    Decision fault(Map<Integer, List<Integer>> brokersByPartition) {
        for (int partition = 0; partition < brokersByPartition.size(); partition++) {
            List<Integer> brokers = brokersByPartition.get(partition);
            if (brokers == null) {
                return refused(
                        "partitions should be a consecutive 0-based integer sequence; " + partition + " is missing");
            }
            Decision fault = fault(brokers);
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    /** Why the assignments of the partitions that a topic gets are refused, or null. */
    @Nullable
    Decision fault(List<List<Integer>> brokersByPartition, int partitions) {
        if (brokersByPartition.size() != partitions) {
            return refused("Attempted to add " + partitions + " additional partition(s), but "
                    + brokersByPartition.size() + " assignment(s) were specified.");
        }
        for (List<Integer> brokers : brokersByPartition) {
            Decision fault = fault(brokers);
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    private @Nullable Decision fault(List<Integer> brokers) {
        if (brokers.isEmpty()) {
            return refused("The manual partition assignment includes an empty replica list.");
        }
        Set<Integer> seen = new HashSet<>();
        for (int broker : brokers) {
            if (!seen.add(broker)) {
                return refused("The manual partition assignment includes the broker " + broker + " more than once.");
            }
            if (broker != nodeId) {
                return refused("The manual partition assignment includes broker " + broker
                        + ", but no such broker is registered; the only one is " + nodeId + ".");
            }
        }
        return null;
    }

    private static Decision refused(String message) {
        return Decision.refused(ErrorCode.INVALID_REPLICA_ASSIGNMENT, message);
    }
}
