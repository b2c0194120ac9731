package io.milena.simulator.cluster;

import io.milena.metadata.ClusterImage;
import io.milena.metadata.ClusterImage.Topic;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.AlterPartitionReassignmentsRequest;
import io.milena.protocol.message.AlterPartitionReassignmentsRequest.ReassignablePartition;
import io.milena.protocol.message.AlterPartitionReassignmentsRequest.ReassignableTopic;
import io.milena.protocol.message.AlterPartitionReassignmentsResponse;
import io.milena.protocol.message.CreateTopicsRequest;
import io.milena.protocol.message.CreateTopicsResponse;
import io.milena.protocol.message.DeleteTopicsRequest;
import io.milena.protocol.message.DeleteTopicsResponse;
import io.milena.protocol.message.ElectLeadersRequest;
import io.milena.protocol.message.ElectLeadersResponse;
import io.milena.simulator.History;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Creates and deletes topics, moves partitions to other brokers, and has preferred leaders elected, through any broker, as long as it is asked to. What was confirmed to it must be so in the end. */
final class ClusterAdmin extends ClusterClient {
    private static final int TIMEOUT_MS = 5_000;
    private static final long PAUSE_MS_MAX = 800;
    private static final int REPLICAS = 3;

    private final List<Integer> brokers;
    private final Supplier<ClusterImage> metadata;
    private final BooleanSupplier isEnough;
    private final List<String> present = new ArrayList<>();
    private final List<String> gone = new ArrayList<>();
    /** Nobody has confirmed the first request: it may be carried out at any time, also when the topic was deleted. */
    private final Set<String> createdAgain = new HashSet<>();

    private @Nullable String creating;
    private @Nullable String deleting;
    private int names;
    private int moves;

    ClusterAdmin(Stage stage) {
        super(stage.world(), stage.brokers());
        this.brokers = stage.brokers();
        this.metadata = stage.metadata();
        this.isEnough = stage.isEnough();
    }

    /** How many moves of partitions were begun. */
    int moves() {
        return moves;
    }

    int topics() {
        return names;
    }

    @Override
    boolean work() throws IOException {
        while (!isEnough.getAsBoolean()) {
            switch (random.nextInt(4)) {
                case 0 -> create();
                case 1 -> delete();
                case 2 -> move();
                default -> elect();
            }
            rest(PAUSE_MS_MAX);
        }
        return true;
    }

    private void create() throws IOException {
        if (creating != null) {
            createdAgain.add(creating);
        }
        String name = creating == null ? "extra-" + names++ : creating;
        creating = name; // until it is confirmed
        CreateTopicsRequest.CreatableTopic topic = CreateTopicsRequest.CreatableTopic.builder()
                .name(name)
                .numPartitions(1)
                .replicationFactor((short) REPLICAS)
                .build();
        CreateTopicsRequest request = CreateTopicsRequest.builder()
                .topics(List.of(topic))
                .timeoutMs(TIMEOUT_MS)
                .build();
        short error = ask(anyBroker(), request, 7, CreateTopicsResponse.class)
                .topics()
                .getFirst()
                .errorCode();
        if (error == ErrorCode.NONE.code() || error == ErrorCode.TOPIC_ALREADY_EXISTS.code()) {
            present.add(name);
            creating = null;
        }
    }

    /** That a topic is not known may be the answer of a controller that was replaced, and does not know it. */
    private void delete() throws IOException {
        if (deleting == null && present.isEmpty()) {
            return;
        }
        String name = deleting == null ? present.removeFirst() : deleting;
        deleting = name;
        DeleteTopicsRequest request = DeleteTopicsRequest.builder()
                .topics(List.of(new DeleteTopicsRequest.DeleteTopicState(name, Uuids.ZERO)))
                .timeoutMs(TIMEOUT_MS)
                .build();
        short error = ask(anyBroker(), request, 6, DeleteTopicsResponse.class)
                .responses()
                .getFirst()
                .errorCode();
        boolean isUnknown = error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code();
        if (error == ErrorCode.NONE.code() || (isUnknown && metadata.get().topic(name) == null)) {
            deleting = null;
            if (!createdAgain.contains(name)) {
                gone.add(name);
            }
        }
    }

    /** Any partition of any topic, those of the brokers too. */
    private void move() throws IOException {
        List<Topic> topics = new ArrayList<>(metadata.get().topics());
        if (topics.isEmpty()) {
            return;
        }
        Topic topic = topics.get(random.nextInt(topics.size()));
        List<Integer> target = new ArrayList<>(brokers);
        Collections.shuffle(target, new Random(random.nextLong()));
        AlterPartitionReassignmentsRequest request = AlterPartitionReassignmentsRequest.builder()
                .timeoutMs(TIMEOUT_MS)
                .topics(List.of(new ReassignableTopic(
                        topic.name(),
                        List.of(new ReassignablePartition(
                                random.nextInt(topic.partitions().size()), target.subList(0, REPLICAS))))))
                .build();
        AlterPartitionReassignmentsResponse answer =
                ask(anyBroker(), request, 0, AlterPartitionReassignmentsResponse.class);
        moves += answer.errorCode() == ErrorCode.NONE.code() ? 1 : 0;
    }

    private void elect() throws IOException {
        ElectLeadersRequest request = ElectLeadersRequest.builder()
                .electionType((byte) 0)
                .topicPartitions(null)
                .timeoutMs(TIMEOUT_MS)
                .build();
        ask(anyBroker(), request, 2, ElectLeadersResponse.class);
    }

    /** When nothing happens any more. */
    void check() {
        ClusterImage image = metadata.get();
        for (String name : present) {
            if (image.topic(name) == null) {
                throw new History.Violation(name + " was created, and is not there");
            }
        }
        for (String name : gone) {
            if (image.topic(name) != null) {
                throw new History.Violation(name + " was deleted, and is there");
            }
        }
    }
}
