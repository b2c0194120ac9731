package io.milena.replication;

import java.util.List;

/**
 * Where a partition is, as the controller has decided it: what a broker must know of Kafka's partition records.
 *
 * <p>The partition epoch grows with every change, the leader epoch with every election; so two assignments with the same partition epoch are the same one. While a partition is reassigned, {@code
 * replicas} are the old and the new ones together.
 *
 * @param leader {@link #NO_LEADER} where there is none
 * @param isr the in-sync replicas that the controller knows of, which it elects leaders from
 */
public record Assignment(int leader, int leaderEpoch, int partitionEpoch, List<Integer> replicas, List<Integer> isr) {
    public static final int NO_LEADER = -1;

    public Assignment {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
    }

    /** What the controller has answered to a proposal. */
    Assignment with(List<Integer> newIsr, int newPartitionEpoch) {
        return new Assignment(leader, leaderEpoch, newPartitionEpoch, replicas, newIsr);
    }

    boolean isNewerThan(Assignment known) {
        return partitionEpoch > known.partitionEpoch;
    }
}
