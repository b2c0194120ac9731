package io.milena.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.network.SocketNetwork;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.ApiVersionsRequest;
import io.milena.protocol.message.ApiVersionsResponse;
import io.milena.protocol.message.CreateTopicsRequest;
import io.milena.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.milena.protocol.message.CreateTopicsResponse;
import io.milena.protocol.message.DeleteTopicsRequest;
import io.milena.protocol.message.DeleteTopicsRequest.DeleteTopicState;
import io.milena.protocol.message.DeleteTopicsResponse;
import io.milena.protocol.message.DescribeConfigsRequest;
import io.milena.protocol.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.milena.protocol.message.DescribeConfigsResponse;
import io.milena.protocol.message.FetchResponse.PartitionData;
import io.milena.protocol.message.ListDeletedTopicsRequest;
import io.milena.protocol.message.ListDeletedTopicsResponse;
import io.milena.protocol.message.ListDeletedTopicsResponse.DeletedTopic;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchResponse;
import io.milena.protocol.message.RestoreTopicRequest;
import io.milena.protocol.message.RestoreTopicResponse;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.runtime.Threads;
import io.milena.testkit.HandClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ListDeletedTopics and RestoreTopic over the wire. */
class TopicRestoreTest {
    private static final byte TOPIC = 2;
    private static final long DAY_MS = 86_400_000;

    @TempDir
    Path data = Path.of("");

    /** Sends a request and waits for its answer. */
    private interface Asking {
        <R extends ApiMessage> R ask(ApiMessage request, int version, Class<R> response) throws IOException;
    }

    private static void delete(Asking broker, String topic) throws IOException {
        DeleteTopicsRequest request = DeleteTopicsRequest.builder()
                .topics(List.of(new DeleteTopicState(topic, Uuids.ZERO)))
                .build();
        assertEquals(
                0,
                broker.ask(request, 6, DeleteTopicsResponse.class)
                        .responses()
                        .getFirst()
                        .errorCode());
    }

    private static List<DeletedTopic> deleted(Asking broker) throws IOException {
        ListDeletedTopicsResponse response =
                broker.ask(ListDeletedTopicsRequest.builder().build(), 0, ListDeletedTopicsResponse.class);
        assertEquals(0, response.errorCode());
        return response.topics();
    }

    private static RestoreTopicResponse restore(Asking broker, @Nullable String name, UUID id, @Nullable String newName)
            throws IOException {
        return broker.ask(new RestoreTopicRequest(name, id, newName), 0, RestoreTopicResponse.class);
    }

    private static void assertRefused(ErrorCode error, String reason, RestoreTopicResponse response) {
        assertEquals(error, ErrorCode.of(response.errorCode()));
        assertTrue(String.valueOf(response.errorMessage()).contains(reason), response::toString);
    }

    private static void append(RunningBroker broker, String topic, UUID id, int partition) throws IOException {
        try (RawClient client = broker.connect()) {
            new TopicClient(client, topic, id).append(partition, Batches.ofRecords(3));
        }
    }

    private static PartitionData fetch(RunningBroker broker, String topic, UUID id, int partition, long offset)
            throws IOException {
        try (RawClient client = broker.connect()) {
            TopicClient records = new TopicClient(client, topic, id);
            return TopicClient.only(records.fetch(records.fetchRequest(TopicClient.fetchFrom(partition, offset))));
        }
    }

    private static String setting(RunningBroker broker, String topic, String name) throws IOException {
        DescribeConfigsRequest request = DescribeConfigsRequest.builder()
                .resources(List.of(new DescribeConfigsResource(TOPIC, topic, List.of(name))))
                .build();
        return String.valueOf(broker.ask(request, 4, DescribeConfigsResponse.class)
                .results()
                .getFirst()
                .configs()
                .getFirst()
                .value());
    }

    @Test
    void aTopicComesBackWithItsIdItsSettingsAndItsRecords() throws IOException {
        UUID id;
        try (RunningBroker broker = RunningBroker.start(data)) {
            // Given
            id = broker.create("orders", 3, "retention.ms=123456789");
            append(broker, "orders", id, 0);
            append(broker, "orders", id, 2);
            delete(broker::ask, "orders");
            assertEquals(ErrorCode.UNKNOWN_TOPIC_ID, TopicClient.error(fetch(broker, "orders", id, 0, 0)));
            // When
            DeletedTopic listed = deleted(broker::ask).getFirst();
            // Then
            assertEquals("orders", listed.name());
            assertEquals(id, listed.topicId());
            assertEquals(3, listed.partitions());
            assertEquals(DAY_MS, listed.goesAtMs() - listed.deletedAtMs());
            assertTrue(listed.sizeBytes() > 0);
            // When
            assertEquals(
                    new RestoreTopicResponse(0, (short) 0, null, "orders", id, 3),
                    restore(broker::ask, "orders", Uuids.ZERO, null));
            // Then
            assertEquals(List.of(), deleted(broker::ask));
            assertEquals(3, fetch(broker, "orders", id, 0, 0).highWatermark());
            assertEquals(0, fetch(broker, "orders", id, 1, 0).highWatermark());
            assertEquals(3, fetch(broker, "orders", id, 2, 0).highWatermark());
            assertEquals("123456789", setting(broker, "orders", "retention.ms"));
            append(broker, "orders", id, 0);
        }
        try (RunningBroker broker = RunningBroker.start(data)) {
            assertEquals(6, fetch(broker, "orders", id, 0, 5).highWatermark());
            assertEquals("123456789", setting(broker, "orders", "retention.ms"));
        }
    }

    private static void commit(Asking broker, String topic, long offset) throws IOException {
        OffsetCommitRequest request = OffsetCommitRequest.builder()
                .groupId("readers")
                .generationIdOrMemberEpoch(-1)
                .topics(List.of(OffsetCommitRequestTopic.builder()
                        .name(topic)
                        .partitions(List.of(OffsetCommitRequestPartition.builder()
                                .committedOffset(offset)
                                .build()))
                        .build()))
                .build();
        assertEquals(
                0,
                broker.ask(request, 8, OffsetCommitResponse.class)
                        .topics()
                        .getFirst()
                        .partitions()
                        .getFirst()
                        .errorCode());
    }

    /** Of all topics, by name. */
    private static Map<String, Long> committed(Asking broker) throws IOException {
        OffsetFetchRequest request =
                OffsetFetchRequest.builder().groupId("readers").topics(null).build();
        return broker.ask(request, 7, OffsetFetchResponse.class).topics().stream()
                .collect(Collectors.toMap(
                        OffsetFetchResponse.OffsetFetchResponseTopic::name,
                        topic -> topic.partitions().getFirst().committedOffset()));
    }

    @Test
    void groupsGoOnInItWhereTheyHadCommitted() throws IOException {
        UUID old;
        try (RunningBroker broker = RunningBroker.start(data)) {
            // Given
            old = broker.create("orders", 1);
            commit(broker::ask, "orders", 5);
            delete(broker::ask, "orders");
            assertEquals(Map.of(), committed(broker::ask));
            broker.create("orders", 1);
            assertEquals(Map.of(), committed(broker::ask), "another topic with the same name");
            commit(broker::ask, "orders", 2);
        }
        try (RunningBroker broker = RunningBroker.start(data)) {
            // When
            restore(broker::ask, null, old, "orders-of-old");
            // Then
            assertEquals(Map.of("orders", 2L, "orders-of-old", 5L), committed(broker::ask));
        }
        try (RunningBroker broker = RunningBroker.start(data)) {
            assertEquals(Map.of("orders", 2L, "orders-of-old", 5L), committed(broker::ask));
        }
    }

    @Test
    void aTopicThatWaitedThroughARestartComesBackUnderAnotherName() throws IOException {
        UUID old;
        UUID fresh;
        try (RunningBroker broker = RunningBroker.start(data)) {
            // Given
            old = broker.create("orders", 1);
            append(broker, "orders", old, 0);
            delete(broker::ask, "orders");
            fresh = broker.create("orders", 2);
            assertNotEquals(old, fresh);
        }
        try (RunningBroker broker = RunningBroker.start(data)) {
            // When
            assertRefused(
                    ErrorCode.TOPIC_ALREADY_EXISTS,
                    "under another name",
                    restore(broker::ask, "orders", Uuids.ZERO, null));
            assertEquals(1, deleted(broker::ask).size());
            RestoreTopicResponse restored = restore(broker::ask, "orders", Uuids.ZERO, "orders-of-old");
            // Then
            assertEquals(new RestoreTopicResponse(0, (short) 0, null, "orders-of-old", old, 1), restored);
            assertEquals(3, fetch(broker, "orders-of-old", old, 0, 0).highWatermark());
            assertEquals(0, fetch(broker, "orders", fresh, 0, 0).highWatermark());
        }
    }

    @Test
    void whereANameWasDeletedTwiceTheIdSaysWhich() throws IOException {
        try (RunningBroker broker = RunningBroker.start(data)) {
            // Given
            UUID first = broker.create("orders", 1);
            delete(broker::ask, "orders");
            UUID second = broker.create("orders", 2);
            delete(broker::ask, "orders");
            // When
            RestoreTopicResponse ambiguous = restore(broker::ask, "orders", Uuids.ZERO, null);
            // Then
            assertRefused(ErrorCode.INVALID_REQUEST, "2 deleted topics", ambiguous);
            assertRefused(ErrorCode.INVALID_REQUEST, Uuids.text(first), ambiguous);
            assertRefused(ErrorCode.INVALID_REQUEST, Uuids.text(second), ambiguous);
            // When
            assertEquals(2, restore(broker::ask, null, second, null).partitions());
            // Then
            assertEquals(first, deleted(broker::ask).getFirst().topicId());
        }
    }

    @Test
    void whatCannotBeRestoredIsSaid() throws IOException {
        try (RunningBroker broker = RunningBroker.start(data)) {
            UUID id = broker.create("orders", 1);
            assertRefused(
                    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                    "No deleted topic 'orders'",
                    restore(broker::ask, "orders", Uuids.ZERO, null));
            assertRefused(ErrorCode.UNKNOWN_TOPIC_ID, Uuids.text(id), restore(broker::ask, null, id, null));
            delete(broker::ask, "orders");
            assertRefused(
                    ErrorCode.INVALID_TOPIC_EXCEPTION,
                    "contains characters",
                    restore(broker::ask, "orders", Uuids.ZERO, "a b"));
            assertEquals(1, deleted(broker::ask).size());
            assertEquals(0, restore(broker::ask, "orders", Uuids.ZERO, null).errorCode());
        }
    }

    @Test
    void clientsAreNotToldOfApisThatKafkaDoesNotHave() throws IOException {
        try (RunningBroker broker = RunningBroker.start(data)) {
            ApiVersionsResponse response =
                    broker.ask(new ApiVersionsRequest("raw", "1.0", null, -1), 3, ApiVersionsResponse.class);
            assertTrue(response.apiKeys().stream().allMatch(api -> api.apiKey() < 1000), response::toString);
        }
    }

    @Test
    void withoutAWindowNothingIsKept() throws IOException {
        try (RunningBroker broker = RunningBroker.start(data, Map.of("milena.trash.retention.ms", "0"))) {
            broker.create("orders", 1);
            delete(broker::ask, "orders");
            assertEquals(List.of(), deleted(broker::ask));
        }
    }

    @Test
    void whenTheWindowIsOverTheFilesAreGone() throws IOException {
        HandClock clock = new HandClock();
        BrokerSettings settings = BrokerSettings.of(Map.of(
                "listeners",
                "PLAINTEXT://localhost:0",
                "milena.trash.retention.ms",
                "5000",
                "log.retention.check.interval.ms",
                "1000"));
        Environment environment = new Environment(clock, Threads.system(), new Random(1));
        try (Broker broker = Broker.start(settings, data, new SocketNetwork(settings.sockets()), environment);
                RawClient client = new RawClient(broker.address())) {
            // Given
            CreateTopicsRequest create = CreateTopicsRequest.builder()
                    .topics(List.of(CreatableTopic.builder()
                            .name("orders")
                            .numPartitions(2)
                            .replicationFactor((short) 1)
                            .build()))
                    .build();
            UUID id = client.ask(create, 7, CreateTopicsResponse.class)
                    .topics()
                    .getFirst()
                    .topicId();
            new TopicClient(client, "orders", id).append(Batches.ofRecords(3));
            delete(client::ask, "orders");
            assertEquals(1, deleted(client::ask).size());
            // When
            clock.advanceMs(5000);
            // Then
            Deadline patience = Deadline.afterMs(Clock.system(), 60_000);
            while (isLeft() && !patience.isPast()) {
                clock.advanceMs(1000);
                deleted(client::ask);
            }
            assertEquals(List.of(), deleted(client::ask));
            assertEquals(false, isLeft());
        }
    }

    private boolean isLeft() throws IOException {
        try (Stream<Path> entries = Files.list(data)) {
            return entries.anyMatch(entry -> entry.getFileName().toString().contains("delete"));
        }
    }
}
