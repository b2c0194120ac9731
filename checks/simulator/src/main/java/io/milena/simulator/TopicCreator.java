package io.milena.simulator;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.CreateTopicsRequest;
import io.milena.protocol.message.CreateTopicsResponse;
import io.milena.testkit.SimulatedEnvironment;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Creates a topic; that it exists already is the answer to a second try. */
final class TopicCreator extends Client {
    private final String name;
    private final int partitions;
    private final Map<String, String> settings;

    TopicCreator(SimulatedEnvironment world, String name, int partitions, Map<String, String> settings) {
        super(world);
        this.name = name;
        this.partitions = partitions;
        this.settings = settings;
    }

    @Override
    boolean work(WireClient connection) throws IOException {
        CreateTopicsRequest.CreatableTopic topic = CreateTopicsRequest.CreatableTopic.builder()
                .name(name)
                .numPartitions(partitions)
                .replicationFactor((short) 1)
                .configs(settings.entrySet().stream()
                        .map(each -> new CreateTopicsRequest.CreatableTopicConfig(each.getKey(), each.getValue()))
                        .toList())
                .build();
        short error = connection
                .ask(CreateTopicsRequest.builder().topics(List.of(topic)).build(), 7, CreateTopicsResponse.class)
                .topics()
                .getFirst()
                .errorCode();
        if (error != ErrorCode.NONE.code() && error != ErrorCode.TOPIC_ALREADY_EXISTS.code()) {
            throw new History.Violation("creating the topic was refused: " + ErrorCode.of(error));
        }
        return true;
    }
}
