package io.milena.groups;

import io.milena.groups.assignment.PartitionId;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupDescribeResponse.Assignment;
import io.milena.protocol.message.ConsumerGroupDescribeResponse.DescribedGroup;
import io.milena.protocol.message.ConsumerGroupDescribeResponse.Member;
import io.milena.protocol.message.ConsumerGroupDescribeResponse.TopicPartitions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What people are told of consumer groups: ConsumerGroupDescribe 0-1 (v1: which protocol a member speaks). Topics that are no more are left out. */
final class ConsumerDescriptions {
    private static final byte CONSUMER_MEMBER = 1;

    private ConsumerDescriptions() {}

    static DescribedGroup describe(
            String groupId, @Nullable ConsumerGroup group, Topics topics, ConsumerSettings settings) {
        if (group == null) {
            return DescribedGroup.builder()
                    .groupId(groupId)
                    .errorCode(ErrorCode.GROUP_ID_NOT_FOUND.code())
                    .errorMessage("Group " + groupId + " is not a consumer group.")
                    .build();
        }
        return DescribedGroup.builder()
                .groupId(groupId)
                .groupState(group.state())
                .groupEpoch(group.epoch())
                .assignmentEpoch(group.assignmentEpoch())
                .assignorName(ConsumerRebalance.assignor(group.members().values(), settings))
                .members(group.members().values().stream()
                        .map(member -> describe(member, group, topics))
                        .toList())
                .build();
    }

    private static Member describe(ConsumerMember member, ConsumerGroup group, Topics topics) {
        return Member.builder()
                .memberId(member.id())
                .memberEpoch(member.epoch())
                .instanceId(member.terms().instanceId())
                .rackId(member.terms().rackId())
                .clientId(member.terms().clientId())
                .clientHost(member.terms().clientHost())
                .subscribedTopicNames(List.copyOf(member.terms().topics()))
                .subscribedTopicRegex(member.terms().regex())
                .assignment(assignment(member.holding().assigned().keySet(), topics))
                .targetAssignment(assignment(group.target(member.id()), topics))
                .memberType(CONSUMER_MEMBER)
                .build();
    }

    private static Assignment assignment(Collection<PartitionId> partitions, Topics topics) {
        List<TopicPartitions> known = new ArrayList<>();
        ConsumerRecords.byTopic(partitions).forEach((id, indexes) -> {
            Topics.Topic topic = topics.topic(id);
            if (topic != null) {
                known.add(new TopicPartitions(id, topic.name(), indexes));
            }
        });
        return new Assignment(known);
    }
}
