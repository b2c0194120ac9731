package io.milena.broker.topics;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.log.DeletedTopic;
import io.milena.log.DeletedTopics;
import io.milena.log.TopicTrash;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.DescribeTrashRequest;
import io.milena.protocol.message.DescribeTrashResponse;
import io.milena.protocol.message.DescribeTrashResponse.TrashReplicas;
import io.milena.protocol.message.DescribeTrashResponse.TrashSetting;
import io.milena.protocol.message.DescribeTrashResponse.TrashTopic;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/** DescribeTrash, an API of Milena's own, for brokers: what this one has of deleted topics. Who decides a restoration has them kept until that is heard of. */
final class DescribeTrashHandler implements ApiHandler<DescribeTrashRequest> {
    static final byte TELL = 0;
    static final byte KEEP = 1;
    static final byte KEEP_NO_LONGER = 2;

    /** A broker that is alive hears of the metadata much sooner. */
    private static final long PATIENCE_MS = 1_000;

    private final ClusterMetadata metadata;
    private final DeletedTopics trash;
    private final Clock clock;

    DescribeTrashHandler(ClusterMetadata metadata, DeletedTopics trash, Clock clock) {
        this.metadata = metadata;
        this.trash = trash;
        this.clock = clock;
    }

    @Override
    public Answer handle(DescribeTrashRequest request, RequestContext context) {
        return Answer.later(() -> {
            long offset = request.metadataOffset();
            metadata.changed().await(() -> metadata.offset() >= offset, Deadline.afterMs(clock, PATIENCE_MS));
            return answer(request);
        });
    }

    DescribeTrashResponse answer(DescribeTrashRequest request) {
        UUID id = request.topicId();
        boolean isToBeTold = request.wish() != KEEP || trash.claim(id, request.controllerEpoch());
        if (request.wish() == KEEP_NO_LONGER) {
            trash.release(id, request.controllerEpoch());
        }
        DescribeTrashResponse.Builder response = DescribeTrashResponse.builder();
        try {
            if (isToBeTold) {
                response.topics(trash.topics().stream()
                        .filter(entry ->
                                id.equals(Uuids.ZERO) || entry.topic().id().equals(id))
                        .map(DescribeTrashHandler::described)
                        .toList());
            }
        } catch (IOException e) {
            response.errorCode(ErrorCode.KAFKA_STORAGE_ERROR.code())
                    .errorMessage("The deleted topics cannot be read: " + e.getMessage());
        }
        return response.build();
    }

    private static TrashTopic described(TopicTrash.Entry entry) {
        DeletedTopic topic = entry.topic();
        return TrashTopic.builder()
                .name(topic.name())
                .topicId(topic.id())
                .partitions(topic.partitions())
                .leaderEpoch(topic.leaderEpoch())
                .sizeBytes(entry.sizeInBytes())
                .deletedAtMs(topic.deletedAtMs())
                .goesAtMs(entry.goesAtMs())
                .isOwn(!topic.directories().isEmpty())
                .settings(topic.settings().entrySet().stream()
                        .map(setting -> new TrashSetting(setting.getKey(), setting.getValue()))
                        .toList())
                .replicas(topic.replicas().stream()
                        .map(replicas -> new TrashReplicas(replicas.all(), replicas.inSync()))
                        .toList())
                .held(List.copyOf(entry.held()))
                .build();
    }
}
