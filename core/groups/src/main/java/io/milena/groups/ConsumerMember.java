package io.milena.groups;

import io.milena.groups.assignment.PartitionId;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A member of a consumer group (KIP-848): what it wants, and what it has. Both are records of the partition. */
record ConsumerMember(String id, Terms terms, Holding holding) {
    /** A static member that has said that it comes back: its partitions are kept for it. */
    static final int EPOCH_OF_ABSENT = -2;

    /**
     * What a member has told of itself.
     *
     * @param topics the names of those that it subscribes to; they need not exist
     * @param regex that names of topics have to match which it subscribes to too; null or empty for none
     * @param rebalanceTimeoutMs how long it may take to give up partitions
     * @param assignor that it wishes for
     */
    record Terms(
            @Nullable String instanceId,
            @Nullable String rackId,
            String clientId,
            String clientHost,
            SortedSet<String> topics,
            @Nullable String regex,
            int rebalanceTimeoutMs,
            @Nullable String assignor) {
        static final Terms NONE = new Terms(null, null, "", "", new TreeSet<>(), null, -1, null);

        Terms {
            topics = Collections.unmodifiableSortedSet(new TreeSet<>(topics));
        }

        /** Whether both want the same topics. */
        boolean wantsTheSame(Terms other) {
            return topics.equals(other.topics) && Objects.equals(pattern(), other.pattern());
        }

        /** The regular expression, if there is one. */
        @Nullable
        String pattern() {
            return regex == null || regex.isEmpty() ? null : regex;
        }
    }

    /** How far a member is on its way to what it is to have. Numbered as in Kafka's records. */
    enum Progress {
        /** It has all of the target of its epoch. */
        STABLE(0),
        /** It has to give up partitions before it gets to the next epoch. */
        UNREVOKED(1),
        /** It is in the newest epoch, and partitions of its target are still with others. */
        UNRELEASED(2);

        private final byte number;

        Progress(int number) {
            this.number = (byte) number;
        }

        byte number() {
            return number;
        }

        /** A state from the future is one in which the member goes on towards its target. */
        static Progress of(byte number) {
            for (Progress each : values()) {
                if (each.number == number) {
                    return each;
                }
            }
            return UNRELEASED;
        }
    }

    /**
     * What a member has.
     *
     * @param epoch that its requests have to name
     * @param previousEpoch that they may name too, as long as the answer with the new one may be lost
     * @param assigned what it may consume, each with the epoch since which it may
     * @param revoking what it had and has not given up yet
     */
    record Holding(
            int epoch,
            int previousEpoch,
            Progress progress,
            SortedMap<PartitionId, Integer> assigned,
            SortedMap<PartitionId, Integer> revoking) {
        static final Holding NONE = new Holding(0, 0, Progress.STABLE, new TreeMap<>(), new TreeMap<>());

        Holding {
            assigned = Collections.unmodifiableSortedMap(new TreeMap<>(assigned));
            revoking = Collections.unmodifiableSortedMap(new TreeMap<>(revoking));
        }

        boolean isReconciledTo(int targetEpoch) {
            return progress == Progress.STABLE && epoch == targetEpoch;
        }
    }

    static ConsumerMember unknown(String id) {
        return new ConsumerMember(id, Terms.NONE, Holding.NONE);
    }

    ConsumerMember with(Terms newTerms) {
        return new ConsumerMember(id, newTerms, holding);
    }

    ConsumerMember with(Holding newHolding) {
        return new ConsumerMember(id, terms, newHolding);
    }

    int epoch() {
        return holding.epoch;
    }

    boolean isStatic() {
        return terms.instanceId != null;
    }
}
