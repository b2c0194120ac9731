package io.milena.broker.cluster;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.partitions.InternalTopics;
import io.milena.broker.partitions.Partitions;
import io.milena.metadata.ClusterImage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeTopicPartitionsRequest;
import io.milena.protocol.message.DescribeTopicPartitionsRequest.TopicRequest;
import io.milena.protocol.message.DescribeTopicPartitionsResponse;
import io.milena.protocol.message.DescribeTopicPartitionsResponse.Cursor;
import io.milena.protocol.message.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition;
import io.milena.protocol.message.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic;
import io.milena.protocol.record.PartitionRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DescribeTopicPartitions: topics in the order of their names, a page at a time; the cursor says where the next page starts (KIP-966). */
public final class DescribeTopicPartitionsHandler implements ApiHandler<DescribeTopicPartitionsRequest> {
    private static final int PARTITIONS_MAX = 2000;

    private final ClusterMetadata metadata;
    private final Partitions partitions;

    public DescribeTopicPartitionsHandler(ClusterMetadata metadata, Partitions partitions) {
        this.metadata = metadata;
        this.partitions = partitions;
    }

    @Override
    public Answer handle(DescribeTopicPartitionsRequest request, RequestContext context) {
        ClusterImage image = metadata.image();
        String firstName = request.cursor() == null ? "" : request.cursor().topicName();
        int firstIndex = request.cursor() == null ? 0 : request.cursor().partitionIndex();
        List<String> names = request.topics().isEmpty()
                ? image.topics().stream().map(ClusterImage.Topic::name).toList()
                : request.topics().stream()
                        .map(TopicRequest::name)
                        .sorted()
                        .distinct()
                        .toList();
        int left = Math.clamp(request.responsePartitionLimit(), 1, PARTITIONS_MAX);
        List<DescribeTopicPartitionsResponseTopic> topics = new ArrayList<>();
        Cursor next = null;
        for (String name : names) {
            if (name.compareTo(firstName) < 0) {
                continue;
            }
            ClusterImage.Topic topic = image.topic(name);
            int from = name.equals(firstName) ? firstIndex : 0;
            if (left == 0) {
                next = new Cursor(name, from);
                break;
            }
            if (topic == null) {
                topics.add(DescribeTopicPartitionsResponseTopic.builder()
                        .name(name)
                        .errorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code())
                        .build());
                continue;
            }
            int to = Math.min(topic.partitions().size(), from + left);
            topics.add(describe(topic, Math.min(from, to), to));
            left -= to - Math.min(from, to);
            if (to < topic.partitions().size()) {
                next = new Cursor(name, to);
                break;
            }
        }
        return Answer.now(page(topics, next));
    }

    private static DescribeTopicPartitionsResponse page(
            List<DescribeTopicPartitionsResponseTopic> topics, @Nullable Cursor next) {
        return DescribeTopicPartitionsResponse.builder()
                .topics(topics)
                .nextCursor(next)
                .build();
    }

    private DescribeTopicPartitionsResponseTopic describe(ClusterImage.Topic topic, int from, int to) {
        return DescribeTopicPartitionsResponseTopic.builder()
                .name(topic.name())
                .topicId(topic.id())
                .isInternal(InternalTopics.isInternal(topic.name()))
                .partitions(topic.partitions().subList(from, to).stream()
                        .map(partition -> describe(topic.name(), partition))
                        .toList())
                .build();
    }

    private DescribeTopicPartitionsResponsePartition describe(String topic, PartitionRecord partition) {
        return DescribeTopicPartitionsResponsePartition.builder()
                .partitionIndex(partition.partitionId())
                .leaderId(partition.leader())
                .leaderEpoch(partition.leaderEpoch())
                .replicaNodes(partition.replicas())
                .isrNodes(partition.isr())
                .offlineReplicas(partitions.offlineReplicas(topic, partition))
                .eligibleLeaderReplicas(orNone(partition.eligibleLeaderReplicas()))
                .lastKnownElr(orNone(partition.lastKnownElr()))
                .build();
    }

    private static List<Integer> orNone(@Nullable List<Integer> replicas) {
        return replicas == null ? List.of() : replicas;
    }
}
