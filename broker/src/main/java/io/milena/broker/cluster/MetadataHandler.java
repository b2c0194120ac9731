package io.milena.broker.cluster;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.partitions.InternalTopics;
import io.milena.broker.partitions.Partitions;
import io.milena.broker.topics.TopicCreation;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.TopicNames;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.MetadataRequest;
import io.milena.protocol.message.MetadataRequest.MetadataRequestTopic;
import io.milena.protocol.message.MetadataResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponseBroker;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.protocol.record.PartitionRecord;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Metadata: brokers, and topics with their partitions and leaders. Asked for by name, a topic that is missing is created, if client and broker allow it.
 */
public final class MetadataHandler implements ApiHandler<MetadataRequest> {
    private final ClusterMetadata metadata;
    private final String clusterId;
    private final Members members;
    private final TopicCreation creation;
    private final Partitions partitions;
    private final boolean mayCreate;

    /** @param mayCreate {@code auto.create.topics.enable} */
    public MetadataHandler(
            ClusterMetadata metadata,
            String clusterId,
            Members members,
            TopicCreation creation,
            Partitions partitions,
            boolean mayCreate) {
        this.metadata = metadata;
        this.clusterId = clusterId;
        this.members = members;
        this.creation = creation;
        this.partitions = partitions;
        this.mayCreate = mayCreate;
    }

    @Override
    public Answer handle(MetadataRequest request, RequestContext context) {
        List<MetadataRequestTopic> asked = request.topics();
        // In version 0, no topics means all of them.
        boolean isAll = asked == null || (context.version() == 0 && asked.isEmpty());
        boolean creates = mayCreate && request.allowAutoTopicCreation();
        List<MetadataResponseTopic> topics = isAll || asked == null
                ? metadata.image().topics().stream().map(this::describe).toList()
                : asked.stream().map(topic -> describe(topic, creates)).toList();
        return Answer.now(MetadataResponse.builder()
                .brokers(members.all().stream()
                        .map(member ->
                                new MetadataResponseBroker(member.id(), member.host(), member.port(), member.rack()))
                        .toList())
                .clusterId(clusterId)
                .controllerId(members.controllerId())
                .topics(topics)
                .build());
    }

    private MetadataResponseTopic describe(MetadataRequestTopic asked, boolean creates) {
        String name = asked.name();
        if (name == null || !asked.topicId().equals(Uuids.ZERO)) { // who asks by id may send an empty name
            ClusterImage.Topic topic = metadata.image().topic(asked.topicId());
            return topic == null ? missing(null, asked.topicId(), ErrorCode.UNKNOWN_TOPIC_ID) : describe(topic);
        }
        ClusterImage.Topic topic = metadata.image().topic(name);
        if (topic == null && TopicNames.fault(name) != null) {
            return missing(name, Uuids.ZERO, ErrorCode.INVALID_TOPIC_EXCEPTION);
        }
        if (topic == null && creates) {
            ErrorCode error = creation.createOnFirstUse(name);
            if (error != ErrorCode.NONE) {
                return missing(name, Uuids.ZERO, error);
            }
            topic = metadata.image().topic(name);
        }
        return topic == null ? missing(name, Uuids.ZERO, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) : describe(topic);
    }

    private static MetadataResponseTopic missing(@Nullable String name, UUID topicId, ErrorCode error) {
        return MetadataResponseTopic.builder()
                .errorCode(error.code())
                .name(name)
                .topicId(topicId)
                .build();
    }

    private List<Integer> offline(String topic, PartitionRecord partition) {
        List<Integer> here = partitions.offlineReplicas(topic, partition);
        return partition.replicas().stream()
                .filter(id -> here.contains(id) || members.find(id) == null)
                .toList();
    }

    private ErrorCode error(PartitionRecord partition) {
        return members.find(partition.leader()) == null ? ErrorCode.LEADER_NOT_AVAILABLE : ErrorCode.NONE;
    }

    private MetadataResponseTopic describe(ClusterImage.Topic topic) {
        return MetadataResponseTopic.builder()
                .name(topic.name())
                .topicId(topic.id())
                .isInternal(InternalTopics.isInternal(topic.name()))
                .partitions(topic.partitions().stream()
                        .map(partition -> MetadataResponsePartition.builder()
                                .errorCode(error(partition).code())
                                .partitionIndex(partition.partitionId())
                                .leaderId(partition.leader())
                                .leaderEpoch(partition.leaderEpoch())
                                .replicaNodes(partition.replicas())
                                .isrNodes(partition.isr())
                                .offlineReplicas(offline(topic.name(), partition))
                                .build())
                        .toList())
                .build();
    }
}
