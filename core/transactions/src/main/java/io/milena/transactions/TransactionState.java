package io.milena.transactions;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** Where the transaction of a transactional id is; the numbers and names are Kafka's. */
sealed interface TransactionState {
    /** None was begun since the producer introduced itself. */
    record Empty() implements TransactionState {}

    /**
     * @param startMs when the first partition was added
     */
    record Ongoing(SortedSet<TopicPartition> partitions, long startMs) implements TransactionState {
        public Ongoing {
            partitions = copy(partitions);
        }
    }

    /**
     * The outcome is decided, and the markers are being written.
     *
     * @param nextProducerId the id that the producer gets when this is complete, because its epochs are at their end; or -1
     */
    record Prepared(Outcome outcome, SortedSet<TopicPartition> partitions, long startMs, long nextProducerId)
            implements TransactionState {
        public Prepared {
            partitions = copy(partitions);
        }
    }

    /** All markers are written. */
    record Complete(Outcome outcome, long startMs) implements TransactionState {}

    private static SortedSet<TopicPartition> copy(SortedSet<TopicPartition> partitions) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(partitions));
    }

    static SortedSet<TopicPartition> noPartitions() {
        return Collections.emptySortedSet();
    }

    default SortedSet<TopicPartition> involved() {
        return switch (this) {
            case Ongoing ongoing -> ongoing.partitions();
            case Prepared prepared -> prepared.partitions();
            case Empty ignored -> noPartitions();
            case Complete ignored -> noPartitions();
        };
    }

    /** When the transaction began, or -1. */
    default long begunMs() {
        return switch (this) {
            case Ongoing ongoing -> ongoing.startMs();
            case Prepared prepared -> prepared.startMs();
            case Complete complete -> complete.startMs();
            case Empty ignored -> -1;
        };
    }

    default StateName stateName() {
        return switch (this) {
            case Empty ignored -> StateName.EMPTY;
            case Ongoing ignored -> StateName.ONGOING;
            case Prepared prepared ->
                prepared.outcome() == Outcome.COMMIT ? StateName.PREPARE_COMMIT : StateName.PREPARE_ABORT;
            case Complete complete ->
                complete.outcome() == Outcome.COMMIT ? StateName.COMPLETE_COMMIT : StateName.COMPLETE_ABORT;
        };
    }
}
