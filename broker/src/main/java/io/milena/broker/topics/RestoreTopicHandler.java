package io.milena.broker.topics;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.log.DeletedTopic;
import io.milena.log.DeletedTopics;
import io.milena.metadata.Controller;
import io.milena.metadata.Decision;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.RestoreTopicRequest;
import io.milena.protocol.message.RestoreTopicResponse;
import java.util.List;
import java.util.stream.Collectors;

/** RestoreTopic, an API of Milena's own: a deleted topic is there again with its id, its settings and its records. */
public final class RestoreTopicHandler implements ApiHandler<RestoreTopicRequest> {
    private final ClusterMetadata metadata;
    private final Controller controller;
    private final DeletedTopics trash;

    public RestoreTopicHandler(ClusterMetadata metadata, Controller controller, DeletedTopics trash) {
        this.metadata = metadata;
        this.controller = controller;
        this.trash = trash;
    }

    @Override
    public Answer handle(RestoreTopicRequest request, RequestContext context) {
        List<DeletedTopic> found = trash.deletedTopics().stream()
                .filter(topic -> isMeant(topic, request))
                .toList();
        return Answer.now(
                switch (found.size()) {
                    case 0 -> unknown(request);
                    case 1 -> restore(found.getFirst(), request);
                    default -> ambiguous(found);
                });
    }

    private static boolean isMeant(DeletedTopic topic, RestoreTopicRequest request) {
        return request.topicId().equals(Uuids.ZERO)
                ? topic.name().equals(request.name())
                : topic.id().equals(request.topicId());
    }

    private static RestoreTopicResponse unknown(RestoreTopicRequest request) {
        return request.topicId().equals(Uuids.ZERO)
                ? refused(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        "No deleted topic '" + request.name() + "' can be restored.")
                : refused(
                        ErrorCode.UNKNOWN_TOPIC_ID,
                        "No deleted topic with the id " + Uuids.text(request.topicId()) + " can be restored.");
    }

    private static RestoreTopicResponse ambiguous(List<DeletedTopic> found) {
        return refused(
                ErrorCode.INVALID_REQUEST,
                found.size() + " deleted topics have the name '"
                        + found.getFirst().name() + "'; the id says which: "
                        + found.stream().map(topic -> Uuids.text(topic.id())).collect(Collectors.joining(", ")));
    }

    private RestoreTopicResponse restore(DeletedTopic topic, RestoreTopicRequest request) {
        if (topic.directories().isEmpty() && metadata.image().brokers().size() > 1) {
            return refused(
                    ErrorCode.BROKER_NOT_AVAILABLE,
                    "Topic '" + topic.name() + "' was deleted while this broker was down, and other brokers may have"
                            + " had more of it than is left here.");
        }
        if (!trash.claim(topic.id())) {
            return unknown(request); // its time was over, or somebody else has restored it
        }
        String newName = request.newName();
        String name = newName == null ? topic.name() : newName;
        Decision decision = metadata.decide(image -> controller.restoreTopic(
                image,
                new Controller.RestoredTopic(
                        name, topic.id(), topic.partitions(), topic.leaderEpoch(), topic.settings())));
        if (!decision.isRefused()) {
            return RestoreTopicResponse.builder()
                    .name(name)
                    .topicId(topic.id())
                    .partitions(topic.partitions())
                    .build();
        }
        if (decision.error() != ErrorCode.KAFKA_STORAGE_ERROR) {
            trash.release(topic.id()); // else nobody knows what is on disk before the next start
        }
        return RestoreTopicResponse.builder()
                .errorCode(decision.error().code())
                .errorMessage(decision.message())
                .build();
    }

    private static RestoreTopicResponse refused(ErrorCode error, String message) {
        return RestoreTopicResponse.builder()
                .errorCode(error.code())
                .errorMessage(message)
                .build();
    }
}
