package io.milena.broker.partitions;

import io.milena.replication.Brokers;
import io.milena.replication.Leader;
import io.milena.replication.PreferredReplica;
import java.util.OptionalInt;

/** Which replica a consumer is sent to, {@code replica.selector.class} (KIP-392). */
@FunctionalInterface
public interface ReplicaSelection {
    /** Every consumer reads from the leader, unless it comes to a follower by itself. */
    ReplicaSelection LEADER = (leader, offset, rack) -> OptionalInt.empty();

    /** Consumers read in their own rack where there is an in-sync replica. */
    static ReplicaSelection byRack(Brokers brokers) {
        return (leader, offset, rack) -> PreferredReplica.choose(leader, offset, rack, brokers);
    }

    /**
     * @param rack of the consumer, empty when it does not say
     * @return empty for the leader itself
     */
    OptionalInt choose(Leader leader, long offset, String rack);
}
