package io.milena.groups;

import io.milena.groups.ConsumerMember.Holding;
import io.milena.groups.ConsumerMember.Terms;
import io.milena.groups.assignment.PartitionId;
import io.milena.protocol.Message;
import io.milena.protocol.record.ConsumerGroupCurrentMemberAssignmentKey;
import io.milena.protocol.record.ConsumerGroupCurrentMemberAssignmentValue;
import io.milena.protocol.record.ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions;
import io.milena.protocol.record.ConsumerGroupMemberMetadataKey;
import io.milena.protocol.record.ConsumerGroupMemberMetadataValue;
import io.milena.protocol.record.ConsumerGroupMetadataKey;
import io.milena.protocol.record.ConsumerGroupMetadataValue;
import io.milena.protocol.record.ConsumerGroupRegularExpressionKey;
import io.milena.protocol.record.ConsumerGroupRegularExpressionValue;
import io.milena.protocol.record.ConsumerGroupTargetAssignmentMemberKey;
import io.milena.protocol.record.ConsumerGroupTargetAssignmentMemberValue;
import io.milena.protocol.record.ConsumerGroupTargetAssignmentMemberValue.TopicPartition;
import io.milena.protocol.record.ConsumerGroupTargetAssignmentMetadataKey;
import io.milena.protocol.record.ConsumerGroupTargetAssignmentMetadataValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The records of a consumer group, in the formats of Apache Kafka 4.
 *
 * <pre>
 * key type  3  group             epoch, hash of the topics
 *           4  group             metadata of the topics, not written since Kafka 4.1: skipped
 *           5  group, member     what the member has told of itself
 *           6  group             epoch of the targets
 *           7  group, member     target: what the member is to have
 *           8  group, member     what the member has, and what it gives up
 *          16  group, regex      the topics that match
 * </pre>
 */
final class ConsumerRecords {
    private ConsumerRecords() {}

    static CoordinatorRecord group(String groupId, int epoch, long metadataHash) {
        return RecordCodec.record(
                ConsumerGroupMetadataKey.TYPE,
                new ConsumerGroupMetadataKey(groupId),
                ConsumerGroupMetadataValue.builder()
                        .epoch(epoch)
                        .metadataHash(metadataHash)
                        .build());
    }

    static CoordinatorRecord groupTombstone(String groupId) {
        return RecordCodec.record(ConsumerGroupMetadataKey.TYPE, new ConsumerGroupMetadataKey(groupId), null);
    }

    static CoordinatorRecord terms(String groupId, String memberId, Terms terms) {
        return termsRecord(
                groupId,
                memberId,
                ConsumerGroupMemberMetadataValue.builder()
                        .instanceId(terms.instanceId())
                        .rackId(terms.rackId())
                        .clientId(terms.clientId())
                        .clientHost(terms.clientHost())
                        .subscribedTopicNames(List.copyOf(terms.topics()))
                        .subscribedTopicRegex(terms.regex())
                        .rebalanceTimeoutMs(terms.rebalanceTimeoutMs())
                        .serverAssignor(terms.assignor())
                        .classicMemberMetadata(null)
                        .build());
    }

    static CoordinatorRecord termsTombstone(String groupId, String memberId) {
        return termsRecord(groupId, memberId, null);
    }

    private static CoordinatorRecord termsRecord(String groupId, String memberId, @Nullable Message value) {
        return RecordCodec.record(
                ConsumerGroupMemberMetadataKey.TYPE, new ConsumerGroupMemberMetadataKey(groupId, memberId), value);
    }

    static CoordinatorRecord assignmentEpoch(String groupId, int epoch, long nowMs) {
        return RecordCodec.record(
                ConsumerGroupTargetAssignmentMetadataKey.TYPE,
                new ConsumerGroupTargetAssignmentMetadataKey(groupId),
                new ConsumerGroupTargetAssignmentMetadataValue(epoch, nowMs));
    }

    static CoordinatorRecord assignmentEpochTombstone(String groupId) {
        return RecordCodec.record(
                ConsumerGroupTargetAssignmentMetadataKey.TYPE,
                new ConsumerGroupTargetAssignmentMetadataKey(groupId),
                null);
    }

    static CoordinatorRecord target(String groupId, String memberId, SortedSet<PartitionId> partitions) {
        List<TopicPartition> topics = new ArrayList<>();
        byTopic(partitions).forEach((topic, indexes) -> topics.add(new TopicPartition(topic, indexes)));
        return targetRecord(groupId, memberId, new ConsumerGroupTargetAssignmentMemberValue(topics));
    }

    static CoordinatorRecord targetTombstone(String groupId, String memberId) {
        return targetRecord(groupId, memberId, null);
    }

    private static CoordinatorRecord targetRecord(String groupId, String memberId, @Nullable Message value) {
        return RecordCodec.record(
                ConsumerGroupTargetAssignmentMemberKey.TYPE,
                new ConsumerGroupTargetAssignmentMemberKey(groupId, memberId),
                value);
    }

    static CoordinatorRecord holding(String groupId, String memberId, Holding holding) {
        return holdingRecord(
                groupId,
                memberId,
                ConsumerGroupCurrentMemberAssignmentValue.builder()
                        .memberEpoch(holding.epoch())
                        .previousMemberEpoch(holding.previousEpoch())
                        .state(holding.progress().number())
                        .assignedPartitions(withEpochs(holding.assigned()))
                        .partitionsPendingRevocation(withEpochs(holding.revoking()))
                        .build());
    }

    static CoordinatorRecord holdingTombstone(String groupId, String memberId) {
        return holdingRecord(groupId, memberId, null);
    }

    private static CoordinatorRecord holdingRecord(String groupId, String memberId, @Nullable Message value) {
        return RecordCodec.record(
                ConsumerGroupCurrentMemberAssignmentKey.TYPE,
                new ConsumerGroupCurrentMemberAssignmentKey(groupId, memberId),
                value);
    }

    static CoordinatorRecord regex(String groupId, String regex, SortedSet<String> topics, long nowMs) {
        return RecordCodec.record(
                ConsumerGroupRegularExpressionKey.TYPE,
                new ConsumerGroupRegularExpressionKey(groupId, regex),
                ConsumerGroupRegularExpressionValue.builder()
                        .topics(List.copyOf(topics))
                        .timestamp(nowMs)
                        .build());
    }

    static CoordinatorRecord regexTombstone(String groupId, String regex) {
        return RecordCodec.record(
                ConsumerGroupRegularExpressionKey.TYPE, new ConsumerGroupRegularExpressionKey(groupId, regex), null);
    }

    private static List<TopicPartitions> withEpochs(SortedMap<PartitionId, Integer> partitions) {
        List<TopicPartitions> topics = new ArrayList<>();
        byTopic(partitions.keySet()).forEach((topic, indexes) -> {
            List<Integer> epochs = indexes.stream()
                    .map(index -> partitions.getOrDefault(new PartitionId(topic, index), 0))
                    .toList();
            topics.add(new TopicPartitions(topic, indexes, epochs));
        });
        return topics;
    }

    /** Indexes by topic, in order. */
    static SortedMap<UUID, List<Integer>> byTopic(Collection<PartitionId> partitions) {
        SortedMap<UUID, List<Integer>> topics = new TreeMap<>();
        partitions.forEach(partition -> topics.computeIfAbsent(partition.topicId(), any -> new ArrayList<>())
                .add(partition.index()));
        return topics;
    }
}
