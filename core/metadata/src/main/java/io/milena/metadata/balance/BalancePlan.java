package io.milena.metadata.balance;

import io.milena.metadata.ClusterImage;
import io.milena.metadata.ClusterImage.Topic;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves that make a cluster even, as few as it takes. First whatever is on brokers that shall go, or are not there, finds a place. Then, as long as a broker carries too much of
 * something, the one replica moves from it whose move makes the whole cluster most even. Last, leadership is evened out by the order of replicas, which copies nothing. A
 * replica goes to a rack that has none of its partition, unless there is no such rack or it comes from one that has two.
 *
 * @param moves in the order of topics' names and partitions' numbers
 */
public record BalancePlan(List<Move> moves) {
    /** All bytes that are to be copied. */
    public long bytes() {
        return moves.stream().mapToLong(Move::bytes).sum();
    }

    public static BalancePlan of(ClusterImage image, ReplicaLoads loads, BalanceGoals goals) {
        Draft draft = new Draft(brokers(image, goals), goals);
        for (Topic topic : image.topics()) {
            for (PartitionRecord partition : topic.partitions()) {
                // those under way are left alone: their loads are where they will be soon
                boolean isUnderWay = !partition.addingReplicas().isEmpty()
                        || !partition.removingReplicas().isEmpty();
                draft.add(topic.name(), partition, loads, !isUnderWay);
            }
        }
        draft.emptyLeaving();
        draft.evenOutReplicas();
        draft.evenOutLeaders();
        List<Move> moves = new ArrayList<>();
        draft.partitions().forEach(partition -> partition.move(moves));
        return new BalancePlan(moves);
    }

    /** Brokers that can be given something: up, and to stay. */
    private static List<Target> brokers(ClusterImage image, BalanceGoals goals) {
        List<Target> targets = new ArrayList<>();
        for (RegisterBrokerRecord broker : image.brokers()) {
            boolean stays =
                    image.isActive(broker.brokerId()) && !goals.leaving().contains(broker.brokerId());
            boolean shallGo = goals.leaving().contains(broker.brokerId());
            targets.add(new Target(broker.brokerId(), broker.rack() == null ? "" : broker.rack(), stays, shallGo));
        }
        return targets;
    }

    /**
     * A broker, as a plan sees it.
     *
     * @param takes whether it can be given something
     * @param shallGo whether it shall have nothing
     */
    record Target(int id, String rack, boolean takes, boolean shallGo) {}
}
