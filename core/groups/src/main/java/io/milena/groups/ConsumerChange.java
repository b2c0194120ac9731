package io.milena.groups;

import io.milena.groups.assignment.PartitionId;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** What one record says of a consumer group, decoded. Null stands for a tombstone. */
sealed interface ConsumerChange {
    record OfEpoch(int epoch, long metadataHash) implements ConsumerChange {}

    /** The group is no more. */
    record End() implements ConsumerChange {}

    record OfAssignmentEpoch(int epoch) implements ConsumerChange {}

    record OfTerms(String memberId, ConsumerMember.@Nullable Terms terms) implements ConsumerChange {}

    record OfHolding(String memberId, ConsumerMember.@Nullable Holding holding) implements ConsumerChange {}

    record OfTarget(String memberId, @Nullable SortedSet<PartitionId> target) implements ConsumerChange {}

    record OfRegex(String regex, @Nullable SortedSet<String> topics) implements ConsumerChange {}

    /** Of a record that is not used any more. */
    record Nothing() implements ConsumerChange {}
}
