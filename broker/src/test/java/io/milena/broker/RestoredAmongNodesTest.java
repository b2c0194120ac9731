package io.milena.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.CreateTopicsRequest;
import io.milena.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.milena.protocol.message.CreateTopicsResponse;
import io.milena.protocol.message.ListDeletedTopicsRequest;
import io.milena.protocol.message.ListDeletedTopicsResponse;
import io.milena.protocol.message.ListDeletedTopicsResponse.DeletedTopic;
import io.milena.protocol.message.MetadataRequest;
import io.milena.protocol.message.MetadataRequest.MetadataRequestTopic;
import io.milena.protocol.message.MetadataResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.RestoreTopicRequest;
import io.milena.protocol.message.RestoreTopicResponse;
import io.milena.testkit.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A controller that is no broker decides what comes back from the trash of brokers that are no controllers. */
class RestoredAmongNodesTest {
    private static final int CONTROLLER = 1;

    @TempDir
    private Path folder;

    private RunningNodes nodes;

    @BeforeEach
    void start() throws Exception {
        nodes = new RunningNodes(folder);
        nodes.start(
                CONTROLLER + "@localhost:" + FreePorts.take(),
                Map.of(CONTROLLER, "controller", 2, "broker", 3, "broker"));
    }

    @AfterEach
    void close() throws IOException {
        nodes.close();
    }

    private UUID create() throws Exception {
        CreateTopicsRequest request = new CreateTopicsRequest(
                List.of(CreatableTopic.builder()
                        .name("orders")
                        .numPartitions(2)
                        .replicationFactor((short) 2)
                        .build()),
                10_000,
                false);
        RunningNodes.await(
                "both brokers are members",
                () -> nodes.ask(2, MetadataRequest.builder().build(), 12, MetadataResponse.class)
                                .brokers()
                                .size()
                        == 2);
        CreateTopicsResponse.CreatableTopicResult created =
                nodes.ask(2, request, 7, CreateTopicsResponse.class).topics().getFirst();
        assertEquals(ErrorCode.NONE, ErrorCode.of(created.errorCode()), created::toString);
        return created.topicId();
    }

    private List<MetadataResponsePartition> partitions(int asked) throws IOException {
        MetadataRequest request = MetadataRequest.builder()
                .topics(List.of(MetadataRequestTopic.builder().name("orders").build()))
                .build();
        return nodes.ask(asked, request, 12, MetadataResponse.class)
                .topics()
                .getFirst()
                .partitions();
    }

    private int leader(int partition) throws IOException {
        return partitions(2).stream()
                .filter(each -> each.partitionIndex() == partition)
                .map(MetadataResponsePartition::leaderId)
                .findFirst()
                .orElse(-1);
    }

    private List<DeletedTopic> deleted(int asked) throws IOException {
        return nodes.ask(asked, new ListDeletedTopicsRequest(), 0, ListDeletedTopicsResponse.class)
                .topics();
    }

    @Test
    void anyNodeListsItAndABrokerPassesOnThatItShallComeBack() throws Exception {
        // Given
        UUID id = create();
        for (int partition = 0; partition < 2; partition++) {
            int of = partition;
            RunningNodes.await("somebody leads", () -> leader(of) > 0);
            try (RawClient client = nodes.node(leader(partition)).connect()) {
                TopicClient orders = new TopicClient(client, "orders", id);
                RunningNodes.await(
                        "it takes records",
                        () -> orders.produce(-1, TopicClient.BY_ID, TopicClient.data(of, Batches.ofRecords(3)))
                                        .getFirst()
                                        .errorCode()
                                == 0);
            }
        }
        nodes.node(3).delete("orders");
        // Then
        assertEquals(
                List.of("orders 2"),
                deleted(CONTROLLER).stream()
                        .map(topic -> topic.name() + " " + topic.partitions())
                        .toList());
        // When
        RestoreTopicResponse restored =
                nodes.ask(3, new RestoreTopicRequest(null, id, null), 0, RestoreTopicResponse.class);
        // Then
        assertEquals(new RestoreTopicResponse(0, (short) 0, null, "orders", id, 2), restored);
        for (int partition = 0; partition < 2; partition++) {
            int of = partition;
            RunningNodes.await("it is led", () -> leader(of) > 0);
            try (RawClient client = nodes.node(leader(partition)).connect()) {
                TopicClient orders = new TopicClient(client, "orders", id);
                RunningNodes.await(
                        "all is there",
                        () -> TopicClient.only(orders.fetch(orders.fetchRequest(TopicClient.fetchFrom(of, 0))))
                                        .highWatermark()
                                == 3);
            }
        }
        assertEquals(
                Map.of(0, 2, 1, 2),
                partitions(2).stream()
                        .collect(Collectors.toMap(
                                MetadataResponsePartition::partitionIndex,
                                partition -> partition.isrNodes().size())));
        assertEquals(List.of(), deleted(2));
    }
}
