package io.milena.broker.topics;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.configs.SettingViews;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.Controller;
import io.milena.metadata.Decision;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.CreateTopicsRequest;
import io.milena.protocol.message.CreateTopicsRequest.CreatableReplicaAssignment;
import io.milena.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.milena.protocol.message.CreateTopicsRequest.CreatableTopicConfig;
import io.milena.protocol.message.CreateTopicsResponse;
import io.milena.protocol.message.CreateTopicsResponse.CreatableTopicConfigs;
import io.milena.protocol.message.CreateTopicsResponse.CreatableTopicResult;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.TopicRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** CreateTopics: each topic is created or refused for itself. */
public final class CreateTopicsHandler implements ApiHandler<CreateTopicsRequest> {
    private final TopicCreation creation;
    private final ClusterMetadata metadata;
    private final SettingViews settings;

    public CreateTopicsHandler(TopicCreation creation, ClusterMetadata metadata, SettingViews settings) {
        this.creation = creation;
        this.metadata = metadata;
        this.settings = settings;
    }

    @Override
    public Answer handle(CreateTopicsRequest request, RequestContext context) {
        Set<String> seen = new HashSet<>();
        Set<String> twice = new HashSet<>();
        request.topics().stream()
                .map(CreatableTopic::name)
                .filter(name -> !seen.add(name))
                .forEach(twice::add);
        List<CreatableTopicResult> results = new ArrayList<>();
        for (CreatableTopic topic : request.topics()) {
            if (!twice.contains(topic.name())) {
                results.add(create(topic, request.validateOnly()));
            } else if (results.stream().noneMatch(result -> result.name().equals(topic.name()))) {
                results.add(refused(topic.name(), ErrorCode.INVALID_REQUEST, "Duplicate topic name."));
            }
        }
        return Answer.now(CreateTopicsResponse.builder().topics(results).build());
    }

    private CreatableTopicResult create(CreatableTopic topic, boolean isDryRun) {
        Map<Integer, List<Integer>> assignments = new HashMap<>();
        for (CreatableReplicaAssignment assignment : topic.assignments()) {
            assignments.put(assignment.partitionIndex(), assignment.brokerIds());
        }
        if (!assignments.isEmpty() && (topic.numPartitions() != -1 || topic.replicationFactor() != -1)) {
            return refused(
                    topic.name(),
                    ErrorCode.INVALID_REQUEST,
                    "Counts and assignments cannot both be given: with assignments, partitions and replication factor must be -1.");
        }
        Map<String, @Nullable String> configs = new HashMap<>();
        for (CreatableTopicConfig config : topic.configs()) {
            configs.put(config.name(), config.value());
        }
        Controller.NewTopic wanted = new Controller.NewTopic(
                topic.name(), topic.numPartitions(), topic.replicationFactor(), assignments, configs);
        Decision decision = isDryRun ? creation.validate(wanted) : creation.create(wanted);
        return decision.isRefused()
                ? refused(topic.name(), decision.error(), decision.message())
                : created(topic.name(), decision, isDryRun);
    }

    private CreatableTopicResult created(String name, Decision decision, boolean isDryRun) {
        ClusterImage image = isDryRun ? metadata.image().replay(decision.records()) : metadata.image();
        CreatableTopicResult.Builder result = CreatableTopicResult.builder()
                .name(name)
                .numPartitions((int) decision.records().stream()
                        .filter(PartitionRecord.class::isInstance)
                        .count())
                .replicationFactor(decision.records().stream()
                        .filter(PartitionRecord.class::isInstance)
                        .map(partition ->
                                (short) ((PartitionRecord) partition).replicas().size())
                        .findFirst()
                        .orElse((short) 1))
                .configs(settings.ofTopic(image, name).stream()
                        .map(view -> new CreatableTopicConfigs(view.name(), view.value(), false, view.source(), false))
                        .toList());
        if (!isDryRun && decision.records().getFirst() instanceof TopicRecord record) {
            result.topicId(record.topicId());
        }
        return result.build();
    }

    private static CreatableTopicResult refused(String name, ErrorCode error, @Nullable String message) {
        return CreatableTopicResult.builder()
                .name(name)
                .errorCode(error.code())
                .errorMessage(message)
                .build();
    }
}
