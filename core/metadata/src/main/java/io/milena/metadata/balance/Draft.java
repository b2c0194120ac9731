package io.milena.metadata.balance;

import io.milena.metadata.balance.BalancePlan.Target;
import io.milena.metadata.balance.Loads.Kind;
import io.milena.protocol.record.PartitionRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A plan in the making: all partitions, and what the brokers carry as it stands. */
final class Draft {
    private static final int NOWHERE = -1;
    /** How many brokers are compared for one move: in a cluster of a thousand the best of these is good enough. */
    private static final int PARTNERS = 32;
    /** What is not worth a move; also keeps rounding from moving something to and fro. */
    private static final double LEAST_GAIN = -1e-9;

    private final List<Target> targets;
    private final BalanceGoals goals;
    private final int[] ids;
    /** Looked up only. */
    private final Map<Integer, Integer> indexes = new HashMap<>();

    private final boolean[] takes;
    private final Loads loads;
    private final List<PlannedPartition> partitions = new ArrayList<>();
    /** By broker: the partitions that it has a replica of. */
    private final List<List<PlannedPartition>> byBroker = new ArrayList<>();

    private int moved;

    Draft(List<Target> targets, BalanceGoals goals) {
        this.targets = targets;
        this.goals = goals;
        this.ids = targets.stream().mapToInt(Target::id).toArray();
        this.takes = new boolean[ids.length];
        this.loads = new Loads(ids.length);
        for (int i = 0; i < ids.length; i++) {
            takes[i] = targets.get(i).takes();
            indexes.put(ids[i], i);
            byBroker.add(new ArrayList<>());
        }
    }

    List<PlannedPartition> partitions() {
        return partitions;
    }

    void add(String topic, PartitionRecord record, ReplicaLoads measured, boolean isMovable) {
        int count = record.replicas().size();
        int[] brokers = new int[count];
        ReplicaLoad[] of = new ReplicaLoad[count];
        for (int i = 0; i < count; i++) {
            int id = record.replicas().get(i);
            brokers[i] = indexes.getOrDefault(id, NOWHERE);
            of[i] = measured.of(record.topicId(), record.partitionId(), id);
        }
        PlannedPartition partition =
                new PlannedPartition(topic, record.partitionId(), record.replicas(), brokers, of, ids, isMovable);
        partitions.add(partition);
        for (int i = 0; i < count; i++) {
            if (brokers[i] != NOWHERE) {
                byBroker.get(brokers[i]).add(partition);
                loads.add(brokers[i], partition.load(i), 1);
            }
        }
    }

    /** Whatever is on brokers that shall go, or are not registered, goes where it makes things most even. */
    void emptyLeaving() {
        loads.average(takes);
        for (PlannedPartition partition : partitions) {
            for (int position = 0; partition.isMovable() && position < partition.brokers.length; position++) {
                int from = partition.brokers[position];
                if (from == NOWHERE || targets.get(from).shallGo()) {
                    int to = best(partition, position);
                    if (to != NOWHERE) {
                        move(partition, position, to);
                    }
                }
            }
        }
    }

    /** As long as a broker carries too much or too little of something, the best of all moves from it or to it is made. */
    void evenOutReplicas() {
        boolean[] isDone = new boolean[ids.length * Loads.KINDS.length];
        while (moved < goals.movesMax()) {
            int worst = worst(isDone);
            if (worst == NOWHERE) {
                return;
            }
            Kind kind = Loads.KINDS[worst % Loads.KINDS.length];
            Candidate best = best(worst / Loads.KINDS.length, kind);
            if (best == null) {
                isDone[worst] = true; // nothing that is moved later would make it easier
            } else {
                move(best.partition, best.position, best.to);
            }
        }
    }

    /** Broker and kind of the load that is furthest from the average, if that is more than the tolerance. Leaders have their turn later. */
    private int worst(boolean[] isDone) {
        int worst = NOWHERE;
        double most = goals.tolerance();
        for (int broker = 0; broker < ids.length; broker++) {
            for (Kind kind : Loads.KINDS) {
                int key = broker * Loads.KINDS.length + kind.ordinal();
                double distance = Math.abs(loads.relative(broker, kind) - 1);
                boolean counts = takes[broker] && kind != Kind.LEADERS && loads.isThere(kind) && !isDone[key];
                if (counts && distance > most && loads.isMovable(broker, kind)) {
                    worst = key;
                    most = distance;
                }
            }
        }
        return worst;
    }

    /** A move that is possible, and by how much it makes the cluster more even. */
    private record Candidate(PlannedPartition partition, int position, int to, double change) {}

    /** With those that have the opposite trouble, the worst off first; with all of them only if none of these will do. */
    private @Nullable Candidate best(int broker, Kind kind) {
        boolean gives = loads.relative(broker, kind) > 1;
        List<Integer> others = new ArrayList<>();
        for (int other = 0; other < ids.length; other++) {
            if (gives ? takes[other] && loads.relative(other, kind) < 1 : loads.relative(other, kind) > 1) {
                others.add(other);
            }
        }
        Comparator<Integer> leastFirst = Comparator.comparingDouble(other -> loads.relative(other, kind));
        others.sort(gives ? leastFirst : leastFirst.reversed());
        Candidate best = null;
        for (int i = 0; i < others.size() && (best == null || i < PARTNERS); i++) {
            int other = others.get(i);
            best = gives ? better(best, broker, other, kind) : better(best, other, broker, kind);
        }
        return best;
    }

    private @Nullable Candidate better(@Nullable Candidate known, int from, int to, Kind kind) {
        Candidate best = known;
        for (PlannedPartition partition : byBroker.get(from)) {
            int position = position(partition, from);
            double[] load = partition.load(position);
            if (partition.isMovable() && load[kind.ordinal()] > 0) {
                double change = loads.change(from, to, load);
                if (change < (best == null ? LEAST_GAIN : best.change) && fits(partition, position, to)) {
                    best = new Candidate(partition, position, to, change);
                }
            }
        }
        return best;
    }

    private static int position(PlannedPartition partition, int broker) {
        int position = 0;
        while (partition.brokers[position] != broker) {
            position++;
        }
        return position;
    }

    /** Where a replica that must go is best; in another rack than the others if that can be. */
    private int best(PlannedPartition partition, int position) {
        int best = NOWHERE;
        double least = 0;
        boolean isBestApart = false;
        for (int to = 0; to < ids.length; to++) {
            if (!takes[to] || partition.isOn(to)) {
                continue;
            }
            boolean isApart = sharing(partition, position, targets.get(to).rack()) == 0;
            int from = partition.brokers[position];
            double change = loads.change(from == NOWHERE ? to : from, to, partition.load(position));
            if (best == NOWHERE || (isApart && !isBestApart) || (isApart == isBestApart && change < least)) {
                best = to;
                least = change;
                isBestApart = isApart;
            }
        }
        return best;
    }

    /** It takes replicas, has none of the partition, and its rack has no more of them than the rack that the replica leaves. */
    private boolean fits(PlannedPartition partition, int position, int to) {
        if (!takes[to] || partition.isOn(to)) {
            return false;
        }
        String rack = targets.get(to).rack();
        String old = targets.get(partition.brokers[position]).rack();
        return rack.equals(old) || sharing(partition, position, rack) <= sharing(partition, position, old);
    }

    /** How many of the partition's other replicas are in a rack. */
    private int sharing(PlannedPartition partition, int position, String rack) {
        int sharing = 0;
        for (int i = 0; i < partition.brokers.length; i++) {
            boolean isOther = i != position && partition.brokers[i] != NOWHERE;
            if (isOther && targets.get(partition.brokers[i]).rack().equals(rack)) {
                sharing++;
            }
        }
        return sharing;
    }

    private void move(PlannedPartition partition, int position, int to) {
        int from = partition.brokers[position];
        if (from != NOWHERE) {
            loads.add(from, partition.load(position), -1);
            byBroker.get(from).remove(partition);
        }
        partition.brokers[position] = to;
        byBroker.get(to).add(partition);
        loads.add(to, partition.load(position), 1);
        moved++;
    }

    /** Brokers that lead too much give leaderships to replicas that lead less; nothing is copied. */
    void evenOutLeaders() {
        for (boolean isBetter = true; isBetter; ) {
            isBetter = false;
            for (int broker = 0; broker < ids.length; broker++) {
                while (leadsTooMuch(broker) && handOver(broker)) {
                    isBetter = true;
                }
            }
        }
    }

    private boolean leadsTooMuch(int broker) {
        return loads.relative(broker, Kind.LEADERS) > 1 + goals.tolerance() && loads.isMovable(broker, Kind.LEADERS);
    }

    private boolean handOver(int broker) {
        PlannedPartition best = null;
        int bestPosition = 0;
        double least = loads.relative(broker, Kind.LEADERS);
        for (PlannedPartition partition : byBroker.get(broker)) {
            for (int position = 1; partition.brokers[0] == broker && position < partition.brokers.length; position++) {
                int other = partition.brokers[position];
                boolean counts = partition.isMovable() && other != NOWHERE && takes[other];
                if (counts && loads.relative(other, Kind.LEADERS) < Math.min(1, least)) {
                    least = loads.relative(other, Kind.LEADERS);
                    best = partition;
                    bestPosition = position;
                }
            }
        }
        if (best == null) {
            return false;
        }
        int other = best.brokers[bestPosition];
        loads.add(broker, best.load(0), -1);
        loads.add(other, best.load(bestPosition), -1);
        best.swapToFront(bestPosition);
        loads.add(other, best.load(0), 1);
        loads.add(broker, best.load(bestPosition), 1);
        return true;
    }
}
