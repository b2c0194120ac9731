package io.milena.simulator.cluster;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.CreateTopicsRequest;
import io.milena.protocol.message.CreateTopicsResponse;
import io.milena.testkit.SimulatedEnvironment;
import java.io.IOException;
import java.util.List;

/** Creates a topic, through any broker; that it exists already is the answer to a second try. */
final class ClusterCreator extends ClusterClient {
    private final String topic;
    private final int partitions;
    private final short replicas;

    ClusterCreator(SimulatedEnvironment world, List<Integer> brokers, String topic, int partitions, int replicas) {
        super(world, brokers);
        this.topic = topic;
        this.partitions = partitions;
        this.replicas = (short) replicas;
    }

    @Override
    boolean work() throws IOException {
        CreateTopicsRequest.CreatableTopic wanted = CreateTopicsRequest.CreatableTopic.builder()
                .name(topic)
                .numPartitions(partitions)
                .replicationFactor(replicas)
                .build();
        short error = ask(
                        anyBroker(),
                        CreateTopicsRequest.builder().topics(List.of(wanted)).build(),
                        7,
                        CreateTopicsResponse.class)
                .topics()
                .getFirst()
                .errorCode();
        return error == ErrorCode.TOPIC_ALREADY_EXISTS.code()
                || isWell(
                        error,
                        "creating " + topic,
                        ErrorCode.NOT_CONTROLLER,
                        ErrorCode.INVALID_REPLICATION_FACTOR,
                        ErrorCode.REQUEST_TIMED_OUT,
                        ErrorCode.KAFKA_STORAGE_ERROR);
    }
}
