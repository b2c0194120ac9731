package io.milena.groups;

import io.milena.groups.assignment.PartitionId;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupHeartbeatRequest;
import io.milena.protocol.message.ConsumerGroupHeartbeatResponse;
import io.milena.protocol.message.ConsumerGroupHeartbeatResponse.Assignment;
import io.milena.protocol.message.ConsumerGroupHeartbeatResponse.TopicPartitions;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The answers to heartbeats of members of consumer groups, put together. */
final class ConsumerAnswers {
    private ConsumerAnswers() {}

    /** @param assigned null if the member is told nothing of its partitions */
    static ConsumerGroupHeartbeatResponse heartbeat(
            ConsumerMember member, int heartbeatIntervalMs, @Nullable SortedSet<PartitionId> assigned) {
        return ConsumerGroupHeartbeatResponse.builder()
                .memberId(member.id())
                .memberEpoch(member.epoch())
                .heartbeatIntervalMs(heartbeatIntervalMs)
                .assignment(assigned == null ? null : assignment(assigned))
                .build();
    }

    static ConsumerGroupHeartbeatResponse refused(ErrorCode error) {
        return ConsumerGroupHeartbeatResponse.builder().errorCode(error.code()).build();
    }

    static ConsumerGroupHeartbeatResponse left(String memberId, int epoch) {
        return ConsumerGroupHeartbeatResponse.builder()
                .memberId(memberId)
                .memberEpoch(epoch)
                .build();
    }

    private static Assignment assignment(SortedSet<PartitionId> partitions) {
        List<TopicPartitions> topics = new ArrayList<>();
        ConsumerRecords.byTopic(partitions)
                .forEach((topic, indexes) -> topics.add(new TopicPartitions(topic, indexes)));
        return new Assignment(topics);
    }

    /** What a member says it has. */
    static SortedSet<PartitionId> partitions(List<ConsumerGroupHeartbeatRequest.TopicPartitions> topics) {
        SortedSet<PartitionId> partitions = new TreeSet<>();
        topics.forEach(topic ->
                topic.partitions().forEach(index -> partitions.add(new PartitionId(topic.topicId(), index))));
        return partitions;
    }
}
