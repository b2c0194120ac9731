package io.milena.broker.topics;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.Controller;
import io.milena.metadata.Decision;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.DeleteTopicsRequest;
import io.milena.protocol.message.DeleteTopicsRequest.DeleteTopicState;
import io.milena.protocol.message.DeleteTopicsResponse;
import io.milena.protocol.message.DeleteTopicsResponse.DeletableTopicResult;
import java.util.ArrayList;
import java.util.List;

/** DeleteTopics, by name or (from version 6) by id. */
public final class DeleteTopicsHandler implements ApiHandler<DeleteTopicsRequest> {
    private static final short FIRST_VERSION_WITH_IDS = 6;

    private final ClusterMetadata metadata;
    private final Controller controller;

    public DeleteTopicsHandler(ClusterMetadata metadata, Controller controller) {
        this.metadata = metadata;
        this.controller = controller;
    }

    @Override
    public Answer handle(DeleteTopicsRequest request, RequestContext context) {
        List<DeleteTopicState> wanted = context.version() >= FIRST_VERSION_WITH_IDS
                ? request.topics()
                : request.topicNames().stream()
                        .map(name -> new DeleteTopicState(name, Uuids.ZERO))
                        .toList();
        List<DeletableTopicResult> results = new ArrayList<>();
        wanted.forEach(topic -> results.add(delete(topic)));
        return Answer.now(DeleteTopicsResponse.builder().responses(results).build());
    }

    private DeletableTopicResult delete(DeleteTopicState wanted) {
        String name = wanted.name();
        DeletableTopicResult.Builder result =
                DeletableTopicResult.builder().name(name).topicId(wanted.topicId());
        ClusterImage.Topic topic = name == null
                ? metadata.image().topic(wanted.topicId())
                : metadata.image().topic(name);
        if (topic == null) {
            ErrorCode error = name == null ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            return result.errorCode(error.code()).errorMessage(error.message()).build();
        }
        Decision decision = metadata.decide(image -> controller.deleteTopic(image, topic.id()));
        return result.name(topic.name())
                .topicId(topic.id())
                .errorCode(decision.error().code())
                .errorMessage(decision.message())
                .build();
    }
}
