package io.milena.broker;

import static io.milena.broker.TopicClient.BY_ID;
import static io.milena.broker.TopicClient.data;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.CreateTopicsRequest;
import io.milena.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.milena.protocol.message.CreateTopicsResponse;
import io.milena.protocol.message.JoinGroupRequest;
import io.milena.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.milena.protocol.message.JoinGroupResponse;
import io.milena.protocol.message.ListRefusedRequestsRequest;
import io.milena.protocol.message.ListRefusedRequestsResponse;
import io.milena.protocol.message.ListRefusedRequestsResponse.RefusedRequests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker remembers what it refused, to whom and how often. */
@Timeout(120)
class RefusedRequestsTest {
    private static final int REMEMBERED_MAX = 200;

    @TempDir
    private Path data;

    private RunningBroker broker;

    @BeforeEach
    void start() throws IOException {
        broker = RunningBroker.start(data);
    }

    @AfterEach
    void stop() throws IOException {
        broker.close();
    }

    private List<RefusedRequests> refused() throws IOException {
        return broker.ask(ListRefusedRequestsRequest.builder().build(), 0, ListRefusedRequestsResponse.class)
                .refusals();
    }

    private void create(String name) throws IOException {
        CreatableTopic topic = CreatableTopic.builder()
                .name(name)
                .numPartitions(1)
                .replicationFactor((short) 1)
                .build();
        broker.ask(new CreateTopicsRequest(List.of(topic), 10_000, false), 7, CreateTopicsResponse.class);
    }

    @Test
    void thePartitionThatWasRefusedIsNamedAndCounted() throws IOException {
        UUID id = broker.create("orders", 2, "max.message.bytes=500");
        try (RawClient client = broker.connect()) {
            TopicClient topic = new TopicClient(client, "orders", id);
            for (int i = 0; i < 3; i++) {
                topic.produce(-1, BY_ID, data(0, Batches.ofRecords(1)), data(1, Batches.ofBytes(500)));
            }
        }
        assertEquals(1, refused().size(), refused().toString());
        RefusedRequests refused = refused().getFirst();
        assertEquals("raw /127.0.0.1", refused.clientId() + " " + refused.clientHost());
        assertEquals("Produce MESSAGE_TOO_LARGE", refused.request() + " " + refused.error());
        assertEquals(id, refused.topicId());
        assertEquals(1, refused.partition());
        assertEquals(3, refused.count());
        assertTrue(refused.firstMs() <= refused.lastMs(), refused.toString());
    }

    @Test
    void whatTheClientWasToldIsRemembered() throws IOException {
        broker.create("orders", 1);
        create("orders");
        RefusedRequests refused = refused().getFirst();
        assertEquals(
                "CreateTopics TOPIC_ALREADY_EXISTS orders",
                refused.request() + " " + refused.error() + " " + refused.subject());
        assertTrue(refused.message().contains("orders"), refused.toString());
    }

    @Test
    void theCourseOfThingsIsNoRefusal() throws IOException {
        JoinGroupRequest join = JoinGroupRequest.builder()
                .groupId("readers")
                .sessionTimeoutMs(10_000)
                .memberId("")
                .protocolType("consumer")
                .protocols(List.of(new JoinGroupRequestProtocol("range", ByteBuffer.allocate(0))))
                .build();
        assertEquals(
                "MEMBER_ID_REQUIRED",
                ErrorCode.of(broker.ask(join, 5, JoinGroupResponse.class).errorCode())
                        .name());
        assertEquals(List.of(), refused());
    }

    @Test
    void theOldestAreForgotten() throws IOException {
        for (int i = 0; i <= REMEMBERED_MAX; i++) {
            create("?" + i);
        }
        List<RefusedRequests> refused = refused();
        assertEquals(REMEMBERED_MAX, refused.size());
        assertEquals("?1", refused.getFirst().subject());
        assertEquals("?" + REMEMBERED_MAX, refused.getLast().subject());
    }
}
