package io.milena.metadata;

import io.milena.protocol.record.PartitionRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which partitions a broker has replicas of, which have no leader, which are not led by their first replica, and which are being reassigned: immutable, part of an
 * image, so that the loss of one of a thousand brokers looks at its partitions and at no other. A partition is a key: the number of its topic in the
 * image, then its own. A broker in the ISR or among the eligible leaders is a replica as well, so these change without touching the index.
 */
final class PartitionIndex {
    static final PartitionIndex EMPTY =
            new PartitionIndex(SortedTree.empty(), KeySet.EMPTY, KeySet.EMPTY, KeySet.EMPTY);
    private static final int NO_LEADER = -1;

    private final SortedTree<Integer, KeySet> byBroker;
    private final KeySet withoutLeader;
    private final KeySet notPreferred;
    private final KeySet reassigning;

    private PartitionIndex(
            SortedTree<Integer, KeySet> byBroker, KeySet withoutLeader, KeySet notPreferred, KeySet reassigning) {
        this.byBroker = byBroker;
        this.withoutLeader = withoutLeader;
        this.notPreferred = notPreferred;
        this.reassigning = reassigning;
    }

    static long key(int topicNumber, int partition) {
        return (long) topicNumber << 32 | partition;
    }

    static int topicNumber(long key) {
        return (int) (key >> 32);
    }

    static int partition(long key) {
        return (int) key;
    }

    KeySet on(int broker) {
        KeySet keys = byBroker.find(broker);
        return keys == null ? KeySet.EMPTY : keys;
    }

    KeySet withoutLeader() {
        return withoutLeader;
    }

    /** They have a leader, but it is not the first replica. */
    KeySet notPreferred() {
        return notPreferred;
    }

    KeySet reassigning() {
        return reassigning;
    }

    /** What changes from one index to the next, collected and then made in one go. */
    static final class Change {
        private final Map<Integer, Difference> byBroker = new TreeMap<>();
        private final Difference withoutLeader = new Difference();
        private final Difference notPreferred = new Difference();
        private final Difference reassigning = new Difference();

        /** @param old null if the partition is new, as {@code now} is if it goes */
        void replace(long key, @Nullable PartitionRecord old, @Nullable PartitionRecord now) {
            List<Integer> before = old == null ? List.of() : old.replicas();
            List<Integer> after = now == null ? List.of() : now.replicas();
            if (!before.equals(after)) {
                for (int broker : Ids.without(before, after)) {
                    of(broker).removed.add(key);
                }
                for (int broker : Ids.without(after, before)) {
                    of(broker).added.add(key);
                }
            }
            withoutLeader.note(key, isWithoutLeader(old), isWithoutLeader(now));
            notPreferred.note(key, isNotPreferred(old), isNotPreferred(now));
            reassigning.note(key, isReassigning(old), isReassigning(now));
        }

        private Difference of(int broker) {
            return byBroker.computeIfAbsent(broker, id -> new Difference());
        }

        PartitionIndex applyTo(PartitionIndex index) {
            SortedTree<Integer, KeySet> brokers = index.byBroker;
            for (Map.Entry<Integer, Difference> entry : byBroker.entrySet()) {
                KeySet keys = entry.getValue().applyTo(index.on(entry.getKey()));
                brokers = keys.isEmpty() ? brokers.without(entry.getKey()) : brokers.with(entry.getKey(), keys);
            }
            return new PartitionIndex(
                    brokers,
                    withoutLeader.applyTo(index.withoutLeader),
                    notPreferred.applyTo(index.notPreferred),
                    reassigning.applyTo(index.reassigning));
        }
    }

    private static boolean isWithoutLeader(@Nullable PartitionRecord partition) {
        return partition != null && partition.leader() == NO_LEADER;
    }

    private static boolean isNotPreferred(@Nullable PartitionRecord partition) {
        return partition != null
                && partition.leader() != NO_LEADER
                && !partition.replicas().isEmpty()
                && partition.replicas().getFirst() != partition.leader();
    }

    static boolean isReassigning(@Nullable PartitionRecord partition) {
        return partition != null
                && (!partition.addingReplicas().isEmpty()
                        || !partition.removingReplicas().isEmpty());
    }

    /** Keys that a set gets and loses. */
    private static final class Difference {
        private final Keys added = new Keys();
        private final Keys removed = new Keys();

        void note(long key, boolean before, boolean after) {
            if (before != after) {
                (after ? added : removed).add(key);
            }
        }

        KeySet applyTo(KeySet keys) {
            return keys.with(added.sorted(), removed.sorted());
        }
    }

    /** A list of longs that grows. */
    private static final class Keys {
        private long[] values = new long[4];
        private int size;

        void add(long key) {
            if (size == values.length) {
                values = Arrays.copyOf(values, size * 2);
            }
            values[size++] = key;
        }

        long[] sorted() {
            long[] sorted = Arrays.copyOf(values, size);
            Arrays.sort(sorted);
            return sorted;
        }
    }
}
