package io.milena.groups;

import io.milena.groups.ConsumerMember.Holding;
import io.milena.groups.ConsumerMember.Progress;
import io.milena.groups.ConsumerMember.Terms;
import io.milena.groups.assignment.PartitionId;
import io.milena.protocol.WireReader;
import io.milena.protocol.record.ConsumerGroupCurrentMemberAssignmentKey;
import io.milena.protocol.record.ConsumerGroupCurrentMemberAssignmentValue;
import io.milena.protocol.record.ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions;
import io.milena.protocol.record.ConsumerGroupMemberMetadataKey;
import io.milena.protocol.record.ConsumerGroupMemberMetadataValue;
import io.milena.protocol.record.ConsumerGroupMetadataKey;
import io.milena.protocol.record.ConsumerGroupMetadataValue;
import io.milena.protocol.record.ConsumerGroupPartitionMetadataKey;
import io.milena.protocol.record.ConsumerGroupRegularExpressionKey;
import io.milena.protocol.record.ConsumerGroupRegularExpressionValue;
import io.milena.protocol.record.ConsumerGroupTargetAssignmentMemberKey;
import io.milena.protocol.record.ConsumerGroupTargetAssignmentMemberValue;
import io.milena.protocol.record.ConsumerGroupTargetAssignmentMetadataKey;
import io.milena.protocol.record.ConsumerGroupTargetAssignmentMetadataValue;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Decodes what {@link ConsumerRecords} encodes. */
final class ConsumerRecordReader {
    private static final short VERSION = 0;

    private ConsumerRecordReader() {}

    /**
     * What a record says; null if it is not of a consumer group.
     *
     * @param value null for a tombstone
     */
    static StoredRecord.@Nullable OfConsumerGroup read(short type, WireReader key, @Nullable WireReader value) {
        return switch (type) {
            case ConsumerGroupMetadataKey.TYPE ->
                new StoredRecord.OfConsumerGroup(
                        ConsumerGroupMetadataKey.read(key, VERSION).groupId(), group(value));
            case ConsumerGroupPartitionMetadataKey.TYPE ->
                new StoredRecord.OfConsumerGroup(
                        ConsumerGroupPartitionMetadataKey.read(key, VERSION).groupId(), new ConsumerChange.Nothing());
            case ConsumerGroupTargetAssignmentMetadataKey.TYPE ->
                new StoredRecord.OfConsumerGroup(
                        ConsumerGroupTargetAssignmentMetadataKey.read(key, VERSION)
                                .groupId(),
                        assignmentEpoch(value));
            case ConsumerGroupMemberMetadataKey.TYPE -> {
                var of = ConsumerGroupMemberMetadataKey.read(key, VERSION);
                Terms terms = of(value, in -> terms(ConsumerGroupMemberMetadataValue.read(in, VERSION)));
                yield new StoredRecord.OfConsumerGroup(of.groupId(), new ConsumerChange.OfTerms(of.memberId(), terms));
            }
            case ConsumerGroupTargetAssignmentMemberKey.TYPE -> {
                var of = ConsumerGroupTargetAssignmentMemberKey.read(key, VERSION);
                SortedSet<PartitionId> target =
                        of(value, in -> target(ConsumerGroupTargetAssignmentMemberValue.read(in, VERSION)));
                yield new StoredRecord.OfConsumerGroup(
                        of.groupId(), new ConsumerChange.OfTarget(of.memberId(), target));
            }
            case ConsumerGroupCurrentMemberAssignmentKey.TYPE -> {
                var of = ConsumerGroupCurrentMemberAssignmentKey.read(key, VERSION);
                Holding holding = of(value, in -> holding(ConsumerGroupCurrentMemberAssignmentValue.read(in, VERSION)));
                yield new StoredRecord.OfConsumerGroup(
                        of.groupId(), new ConsumerChange.OfHolding(of.memberId(), holding));
            }
            case ConsumerGroupRegularExpressionKey.TYPE -> {
                var of = ConsumerGroupRegularExpressionKey.read(key, VERSION);
                SortedSet<String> topics = of(
                        value,
                        in -> new TreeSet<>(ConsumerGroupRegularExpressionValue.read(in, VERSION)
                                .topics()));
                yield new StoredRecord.OfConsumerGroup(
                        of.groupId(), new ConsumerChange.OfRegex(of.regularExpression(), topics));
            }
            default -> null;
        };
    }

    private static <T> @Nullable T of(@Nullable WireReader value, Function<WireReader, T> decoder) {
        if (value == null) {
            return null;
        }
        RecordCodec.version(value, VERSION);
        return decoder.apply(value);
    }

    private static ConsumerChange group(@Nullable WireReader value) {
        ConsumerGroupMetadataValue group = of(value, in -> ConsumerGroupMetadataValue.read(in, VERSION));
        return group == null
                ? new ConsumerChange.End()
                : new ConsumerChange.OfEpoch(group.epoch(), group.metadataHash());
    }

    private static ConsumerChange assignmentEpoch(@Nullable WireReader value) {
        ConsumerGroupTargetAssignmentMetadataValue targets =
                of(value, in -> ConsumerGroupTargetAssignmentMetadataValue.read(in, VERSION));
        return new ConsumerChange.OfAssignmentEpoch(targets == null ? 0 : targets.assignmentEpoch());
    }

    private static Terms terms(ConsumerGroupMemberMetadataValue value) {
        return new Terms(
                value.instanceId(),
                value.rackId(),
                value.clientId(),
                value.clientHost(),
                new TreeSet<>(value.subscribedTopicNames()),
                value.subscribedTopicRegex(),
                value.rebalanceTimeoutMs(),
                value.serverAssignor());
    }

    private static SortedSet<PartitionId> target(ConsumerGroupTargetAssignmentMemberValue value) {
        SortedSet<PartitionId> target = new TreeSet<>();
        value.topicPartitions()
                .forEach(topic ->
                        topic.partitions().forEach(index -> target.add(new PartitionId(topic.topicId(), index))));
        return target;
    }

    private static Holding holding(ConsumerGroupCurrentMemberAssignmentValue value) {
        return new Holding(
                value.memberEpoch(),
                value.previousMemberEpoch(),
                Progress.of(value.state()),
                partitions(value.assignedPartitions(), value.memberEpoch()),
                partitions(value.partitionsPendingRevocation(), value.memberEpoch()));
    }

    /** Records of releases before 4.3 do not say since when a member has a partition: it may be since its epoch only. */
    private static SortedMap<PartitionId, Integer> partitions(List<TopicPartitions> topics, int memberEpoch) {
        SortedMap<PartitionId, Integer> partitions = new TreeMap<>();
        for (TopicPartitions topic : topics) {
            List<Integer> epochs = topic.assignmentEpochs();
            for (int i = 0; i < topic.partitions().size(); i++) {
                partitions.put(
                        new PartitionId(topic.topicId(), topic.partitions().get(i)),
                        epochs == null || i >= epochs.size() ? memberEpoch : epochs.get(i));
            }
        }
        return partitions;
    }
}
