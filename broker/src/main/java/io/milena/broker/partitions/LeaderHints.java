package io.milena.broker.partitions;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.FetchResponse.FetchableTopicResponse;
import io.milena.protocol.message.ProduceResponse;
import io.milena.protocol.message.ProduceResponse.TopicProduceResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Says in the answer to a client that came to the wrong broker, or with an old leader epoch, where the leader is, so that the client need not ask for metadata first (KIP-951). */
public record LeaderHints(Source source) {
    private static final short PRODUCE_VERSION = 10;
    private static final short FETCH_VERSION = 16;

    /** Who leads, as far as this broker knows. */
    public interface Source {
        /**
         * @param topic empty where the topic is asked for by its id
         * @return null when the partition has no leader that can be reached
         */
        @Nullable
        Leader find(String topic, UUID topicId, int partition);
    }

    /** The leader of a partition, and where clients reach it. */
    public record Leader(
            int id,
            int epoch,
            String host,
            int port,
            @Nullable String rack) {}

    private static boolean isWrongBroker(short error) {
        return error == ErrorCode.NOT_LEADER_OR_FOLLOWER.code() || error == ErrorCode.FENCED_LEADER_EPOCH.code();
    }

    // Asked of every answer, so without streams, which cost more than what they look at.

    private static boolean hasWrongBroker(FetchResponse response) {
        for (FetchableTopicResponse topic : response.responses()) {
            for (FetchResponse.PartitionData partition : topic.partitions()) {
                if (isWrongBroker(partition.errorCode())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean hasWrongBroker(ProduceResponse response) {
        for (TopicProduceResponse topic : response.responses()) {
            for (ProduceResponse.PartitionProduceResponse partition : topic.partitionResponses()) {
                if (isWrongBroker(partition.errorCode())) {
                    return true;
                }
            }
        }
        return false;
    }

    FetchResponse added(FetchResponse response, short version) {
        if (version < FETCH_VERSION || !hasWrongBroker(response)) {
            return response;
        }
        Map<Integer, FetchResponse.NodeEndpoint> nodes = new TreeMap<>();
        List<FetchableTopicResponse> topics = response.responses().stream()
                .map(topic -> topic.toBuilder()
                        .partitions(topic.partitions().stream()
                                .map(partition -> added(topic, partition, nodes))
                                .toList())
                        .build())
                .toList();
        return response.toBuilder()
                .responses(topics)
                .nodeEndpoints(List.copyOf(nodes.values()))
                .build();
    }

    private FetchResponse.PartitionData added(
            FetchableTopicResponse topic,
            FetchResponse.PartitionData partition,
            Map<Integer, FetchResponse.NodeEndpoint> nodes) {
        Leader leader = isWrongBroker(partition.errorCode())
                ? source.find(topic.topic(), topic.topicId(), partition.partitionIndex())
                : null;
        if (leader == null) {
            return partition;
        }
        nodes.put(leader.id, new FetchResponse.NodeEndpoint(leader.id, leader.host, leader.port, leader.rack));
        return partition.toBuilder()
                .currentLeader(new FetchResponse.LeaderIdAndEpoch(leader.id, leader.epoch))
                .build();
    }

    ProduceResponse added(ProduceResponse response, short version) {
        if (version < PRODUCE_VERSION || !hasWrongBroker(response)) {
            return response;
        }
        Map<Integer, ProduceResponse.NodeEndpoint> nodes = new TreeMap<>();
        List<TopicProduceResponse> topics = response.responses().stream()
                .map(topic -> topic.toBuilder()
                        .partitionResponses(topic.partitionResponses().stream()
                                .map(partition -> added(topic, partition, nodes))
                                .toList())
                        .build())
                .toList();
        return response.toBuilder()
                .responses(topics)
                .nodeEndpoints(List.copyOf(nodes.values()))
                .build();
    }

    private ProduceResponse.PartitionProduceResponse added(
            TopicProduceResponse topic,
            ProduceResponse.PartitionProduceResponse partition,
            Map<Integer, ProduceResponse.NodeEndpoint> nodes) {
        Leader leader = isWrongBroker(partition.errorCode())
                ? source.find(topic.name(), topic.topicId(), partition.index())
                : null;
        if (leader == null) {
            return partition;
        }
        nodes.put(leader.id, new ProduceResponse.NodeEndpoint(leader.id, leader.host, leader.port, leader.rack));
        return partition.toBuilder()
                .currentLeader(new ProduceResponse.LeaderIdAndEpoch(leader.id, leader.epoch))
                .build();
    }
}
