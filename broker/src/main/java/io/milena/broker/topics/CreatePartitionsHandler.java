package io.milena.broker.topics;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.Controller;
import io.milena.metadata.Decision;
import io.milena.protocol.message.CreatePartitionsRequest;
import io.milena.protocol.message.CreatePartitionsRequest.CreatePartitionsAssignment;
import io.milena.protocol.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.milena.protocol.message.CreatePartitionsResponse;
import io.milena.protocol.message.CreatePartitionsResponse.CreatePartitionsTopicResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CreatePartitions: grows topics. */
public final class CreatePartitionsHandler implements ApiHandler<CreatePartitionsRequest> {
    private final ClusterMetadata metadata;
    private final Controller controller;

    public CreatePartitionsHandler(ClusterMetadata metadata, Controller controller) {
        this.metadata = metadata;
        this.controller = controller;
    }

    @Override
    public Answer handle(CreatePartitionsRequest request, RequestContext context) {
        return Answer.now(CreatePartitionsResponse.builder()
                .results(request.topics().stream()
                        .map(topic -> grow(topic, request.validateOnly()))
                        .toList())
                .build());
    }

    private CreatePartitionsTopicResult grow(CreatePartitionsTopic topic, boolean isDryRun) {
        Decision decision = isDryRun ? decide(metadata.image(), topic) : metadata.decide(image -> decide(image, topic));
        return new CreatePartitionsTopicResult(topic.name(), decision.error().code(), decision.message());
    }

    private Decision decide(ClusterImage image, CreatePartitionsTopic topic) {
        return controller.createPartitions(image, topic.name(), topic.count(), brokers(topic.assignments()));
    }

    private static @Nullable List<List<Integer>> brokers(@Nullable List<CreatePartitionsAssignment> assignments) {
        return assignments == null
                ? null
                : assignments.stream()
                        .map(CreatePartitionsAssignment::brokerIds)
                        .toList();
    }
}
