package io.milena.metadata.balance;

import java.util.List;

/** A partition while a plan is made: where its replicas are, as indexes of brokers, and what each carries. */
final class PlannedPartition {
    private final String topic;
    private final int index;
    private final List<Integer> from;
    private final int[] ids;
    private final boolean isMovable;
    /** Indexes of brokers, the leader first; -1 for one that is not registered. */
    final int[] brokers;

    final ReplicaLoad[] loads;

    /** @param ids of all brokers, by index */
    PlannedPartition(
            String topic,
            int index,
            List<Integer> from,
            int[] brokers,
            ReplicaLoad[] loads,
            int[] ids,
            boolean isMovable) {
        this.topic = topic;
        this.index = index;
        this.from = from;
        this.brokers = brokers;
        this.loads = loads;
        this.ids = ids;
        this.isMovable = isMovable;
    }

    boolean isMovable() {
        return isMovable;
    }

    boolean isOn(int broker) {
        for (int its : brokers) {
            if (its == broker) {
                return true;
            }
        }
        return false;
    }

    double[] load(int position) {
        return Loads.of(loads[position], position == 0);
    }

    /** The replica at a position becomes the first; the first takes its place, and readers go along with the leadership. */
    void swapToFront(int position) {
        int broker = brokers[position];
        brokers[position] = brokers[0];
        brokers[0] = broker;
        ReplicaLoad first = loads[0];
        ReplicaLoad other = loads[position];
        loads[0] = new ReplicaLoad(other.bytes(), other.inPerSecond(), first.outPerSecond());
        loads[position] = new ReplicaLoad(first.bytes(), first.inPerSecond(), other.outPerSecond());
    }

    /** Adds the move, if the partition has moved. */
    void move(List<Move> moves) {
        Integer[] to = new Integer[brokers.length];
        long bytes = 0;
        for (int i = 0; i < brokers.length; i++) {
            to[i] = brokers[i] < 0 ? from.get(i) : Integer.valueOf(ids[brokers[i]]);
            bytes += from.contains(to[i]) ? 0 : loads[i].bytes();
        }
        if (!from.equals(List.of(to))) {
            moves.add(new Move(topic, index, List.copyOf(from), List.of(to), bytes));
        }
    }
}
