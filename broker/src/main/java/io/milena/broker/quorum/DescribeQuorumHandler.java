package io.milena.broker.quorum;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.Members;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeQuorumRequest;
import io.milena.protocol.message.DescribeQuorumResponse;
import io.milena.protocol.message.DescribeQuorumResponse.Listener;
import io.milena.protocol.message.DescribeQuorumResponse.Node;
import io.milena.protocol.message.DescribeQuorumResponse.PartitionData;
import io.milena.protocol.message.DescribeQuorumResponse.ReplicaState;
import io.milena.protocol.message.DescribeQuorumResponse.TopicData;
import io.milena.quorum.MetadataLog;
import io.milena.quorum.NotLeadingException;
import io.milena.quorum.Quorum;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/**
 * DescribeQuorum, from version 1 with times, from version 2 with addresses: who agrees on the metadata, who follows, and how far each is. The leader answers. A voter has two addresses: {@code CONTROLLER}, where
 * clients reach it, and {@code QUORUM}, where the other members do.
 *
 * @param members what is known of the controllers
 */
public record DescribeQuorumHandler(MetadataLog log, Members members) implements ApiHandler<DescribeQuorumRequest> {
    private static final System.Logger LOG = System.getLogger(DescribeQuorumHandler.class.getName());
    private static final String TOPIC = "__cluster_metadata";
    private static final int NODES_SINCE_VERSION = 2;

    @Override
    public Answer handle(DescribeQuorumRequest request, RequestContext context) {
        if (!asksForTheMetadata(request)) {
            return Answer.now(refused(request, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        }
        return Answer.later(() -> {
            try {
                return described(log.quorum(), context.version());
            } catch (NotLeadingException e) {
                return refused(request, ErrorCode.NOT_LEADER_OR_FOLLOWER);
            } catch (IOException e) {
                LOG.log(Level.WARNING, "The quorum cannot be described: {0}", e.getMessage());
                return refused(request, ErrorCode.UNKNOWN_SERVER_ERROR);
            }
        });
    }

    private static boolean asksForTheMetadata(DescribeQuorumRequest request) {
        return request.topics().size() == 1
                && request.topics().getFirst().topicName().equals(TOPIC)
                && request.topics().getFirst().partitions().size() == 1
                && request.topics().getFirst().partitions().getFirst().partitionIndex() == 0;
    }

    private static DescribeQuorumResponse refused(DescribeQuorumRequest request, ErrorCode error) {
        return DescribeQuorumResponse.builder()
                .topics(request.topics().stream()
                        .map(topic -> TopicData.builder()
                                .topicName(topic.topicName())
                                .partitions(topic.partitions().stream()
                                        .map(partition -> PartitionData.builder()
                                                .partitionIndex(partition.partitionIndex())
                                                .errorCode(error.code())
                                                .build())
                                        .toList())
                                .build())
                        .toList())
                .build();
    }

    private DescribeQuorumResponse described(Quorum quorum, short version) {
        PartitionData partition = PartitionData.builder()
                .leaderId(quorum.leadership().leaderId())
                .leaderEpoch(quorum.leadership().epoch())
                .highWatermark(quorum.highWatermark())
                .currentVoters(states(quorum.voters()))
                .observers(states(quorum.observers()))
                .build();
        return DescribeQuorumResponse.builder()
                .topics(List.of(TopicData.builder()
                        .topicName(TOPIC)
                        .partitions(List.of(partition))
                        .build()))
                .nodes(
                        version < NODES_SINCE_VERSION
                                ? List.of()
                                : quorum.voters().stream().map(this::node).toList())
                .build();
    }

    private static List<ReplicaState> states(List<Quorum.Replica> replicas) {
        return replicas.stream()
                .map(replica -> ReplicaState.builder()
                        .replicaId(replica.peer().id())
                        .logEndOffset(replica.endOffset())
                        .lastFetchTimestamp(replica.lastFetchMs())
                        .lastCaughtUpTimestamp(replica.lastCaughtUpMs())
                        .build())
                .toList();
    }

    private Node node(Quorum.Replica voter) {
        List<Listener> listeners = new ArrayList<>();
        members.controllers().stream()
                .filter(member -> member.id() == voter.peer().id())
                .forEach(member -> listeners.add(new Listener("CONTROLLER", member.host(), member.port())));
        if (voter.peer().port() > 0) {
            listeners.add(
                    new Listener("QUORUM", voter.peer().host(), voter.peer().port()));
        }
        return new Node(voter.peer().id(), listeners);
    }
}
