package io.milena.embedded;

import io.milena.broker.Broker;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.CreateTopicsRequest;
import io.milena.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.milena.protocol.message.CreateTopicsResponse;
import io.milena.protocol.message.CreateTopicsResponse.CreatableTopicResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Topics that are there before a test begins, created as an admin client would create them, without one. */
final class FirstTopics {
    private static final int TIMEOUT_MS = 30_000;
    /** As many as the broker's settings say. */
    private static final short REPLICAS = -1;

    private FirstTopics() {}

    /**
     * Returns when they are there.
     *
     * @param topics names, and how many partitions each has
     * @throws IllegalArgumentException if one cannot be created
     */
    static void create(Map<String, Integer> topics, Broker broker) {
        if (topics.isEmpty()) {
            return;
        }
        List<CreatableTopic> wanted = new ArrayList<>();
        topics.forEach((name, partitions) -> wanted.add(CreatableTopic.builder()
                .name(name)
                .numPartitions(partitions)
                .replicationFactor(REPLICAS)
                .build()));
        CreateTopicsRequest request = CreateTopicsRequest.builder()
                .topics(wanted)
                .timeoutMs(TIMEOUT_MS)
                .build();
        try {
            broker.localApi().ask(request, CreateTopicsResponse.class).topics().forEach(FirstTopics::check);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the thread was interrupted while topics were created", e);
        }
    }

    private static void check(CreatableTopicResult created) {
        short error = created.errorCode();
        if (error != ErrorCode.NONE.code() && error != ErrorCode.TOPIC_ALREADY_EXISTS.code()) {
            throw new IllegalArgumentException(
                    "topic " + created.name() + " cannot be created: " + created.errorMessage());
        }
    }
}
