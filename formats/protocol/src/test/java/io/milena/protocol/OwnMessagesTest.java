package io.milena.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.message.DescribeGroupEventsRequest;
import io.milena.protocol.message.DescribeGroupEventsResponse;
import io.milena.protocol.message.DescribeGroupEventsResponse.GroupEvent;
import io.milena.protocol.message.DescribeLagRequest;
import io.milena.protocol.message.DescribeLagRequest.LagPlace;
import io.milena.protocol.message.DescribeLagResponse;
import io.milena.protocol.message.DescribeLagResponse.LagThere;
import io.milena.protocol.message.DescribeMeasurementsRequest;
import io.milena.protocol.message.DescribeMeasurementsResponse;
import io.milena.protocol.message.DescribeMeasurementsResponse.MeasuredMetric;
import io.milena.protocol.message.DescribeMeasurementsResponse.MeasuredValue;
import io.milena.protocol.message.DescribeTrashRequest;
import io.milena.protocol.message.DescribeTrashResponse;
import io.milena.protocol.message.DescribeTrashResponse.TrashReplicas;
import io.milena.protocol.message.DescribeTrashResponse.TrashSetting;
import io.milena.protocol.message.DescribeTrashResponse.TrashTopic;
import io.milena.protocol.message.FormQuorumRequest;
import io.milena.protocol.message.FormQuorumResponse;
import io.milena.protocol.message.ListConfigChangesRequest;
import io.milena.protocol.message.ListConfigChangesResponse;
import io.milena.protocol.message.ListConfigChangesResponse.ConfigChange;
import io.milena.protocol.message.ListDeletedTopicsRequest;
import io.milena.protocol.message.ListDeletedTopicsResponse;
import io.milena.protocol.message.ListDeletedTopicsResponse.DeletedTopic;
import io.milena.protocol.message.ListRefusedRequestsRequest;
import io.milena.protocol.message.ListRefusedRequestsResponse;
import io.milena.protocol.message.ListRefusedRequestsResponse.RefusedRequests;
import io.milena.protocol.message.RestoreTopicRequest;
import io.milena.protocol.message.RestoreTopicResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The messages that Kafka does not have: no oracle knows them, so they are read back, cut, damaged, and compared with bytes written by hand. */
class OwnMessagesTest {
    private static final UUID ID = new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L);

    private static final ListDeletedTopicsResponse LISTING = ListDeletedTopicsResponse.builder()
            .topics(List.of(
                    new DeletedTopic("orders", ID, 3, 1L << 40, 1_767_225_600_000L, 1_767_312_000_000L),
                    new DeletedTopic("orders", new UUID(9, 9), 100_000, 0, 0, Long.MAX_VALUE)))
            .build();

    private static final List<ApiMessage> MESSAGES = List.of(
            ListDeletedTopicsRequest.builder().build(),
            LISTING,
            ListDeletedTopicsResponse.builder()
                    .errorCode((short) 56)
                    .errorMessage("the disk is gone")
                    .build(),
            FormQuorumRequest.builder().clusterId("abc").host("here").port(9093).build(),
            FormQuorumRequest.builder().clusterId("abc").build(),
            FormQuorumResponse.builder()
                    .errorCode((short) 42)
                    .errorMessage("it is one already")
                    .build(),
            RestoreTopicRequest.builder().name("orders").build(),
            RestoreTopicRequest.builder().topicId(ID).newName("orders.old").build(),
            new RestoreTopicResponse(0, (short) 0, null, "orders.old", ID, 3),
            RestoreTopicResponse.builder()
                    .errorCode((short) 36)
                    .errorMessage("taken")
                    .build(),
            new DescribeGroupEventsRequest("order-processor"),
            DescribeGroupEventsResponse.builder()
                    .isComplete(true)
                    .events(List.of(new GroupEvent(
                            1_767_225_600_000L, "member-left", 7, 2, "a-1", "a", "the consumer is being closed")))
                    .build(),
            new ListConfigChangesRequest((byte) 2, "orders"),
            ListConfigChangesResponse.builder()
                    .changes(List.of(
                            new ConfigChange(9, 0, "retention.ms", null, "60000"),
                            new ConfigChange(1L << 40, 1_767_225_600_000L, "retention.ms", "60000", null)))
                    .build(),
            new DescribeMeasurementsRequest(List.of("kafka_log_log_size", "milena_request_duration_seconds")),
            DescribeMeasurementsResponse.builder()
                    .metrics(List.of(
                            new MeasuredMetric(
                                    "kafka_log_log_size",
                                    List.of(new MeasuredValue(List.of("orders", "0"), 0.5, List.of()))),
                            new MeasuredMetric(
                                    "milena_request_duration_seconds",
                                    List.of(new MeasuredValue(List.of("Fetch"), 1e9, List.of(3L, 1L << 40))))))
                    .build(),
            new DescribeLagRequest(List.of(new LagPlace("orders", ID, 7, 1L << 40))),
            DescribeLagResponse.builder()
                    .lags(List.of(new LagThere(5, 1500), new LagThere(-1, -1)))
                    .build(),
            ListRefusedRequestsRequest.builder().build(),
            ListRefusedRequestsResponse.builder()
                    .refusals(List.of(
                            new RefusedRequests(
                                    "a", "/::1", "Produce", "MESSAGE_TOO_LARGE", "orders", ID, 3, "", 1L << 40, 1, 2),
                            RefusedRequests.builder().subject("g").build()))
                    .build(),
            DescribeTrashRequest.builder().build(),
            new DescribeTrashRequest(ID, (byte) 1, 7, 1L << 40),
            DescribeTrashResponse.builder()
                    .topics(List.of(
                            TrashTopic.builder().name("orders").isOwn(true).build(),
                            new TrashTopic(
                                    "orders",
                                    ID,
                                    2,
                                    5,
                                    1L << 40,
                                    1_767_225_600_000L,
                                    1_767_312_000_000L,
                                    false,
                                    List.of(new TrashSetting("retention.ms", "60000")),
                                    List.of(
                                            new TrashReplicas(List.of(1, 2, 3), List.of(2)),
                                            new TrashReplicas(List.of(2), List.of())),
                                    List.of(0))))
                    .build());

    @Test
    void comeBackAsTheyWereSent() {
        for (ApiMessage message : MESSAGES) {
            byte[] bytes = Twin.write(message, (short) 0);
            assertEquals(message, read(message, bytes));
        }
    }

    @Test
    void standInTheirFrames() {
        RestoreTopicRequest request = RestoreTopicRequest.builder().topicId(ID).build();
        RequestFrame frame = RequestFrame.peek(frame(RequestFrame.encode(42, "milena-cli", (short) 0, request)));
        assertEquals(ApiKey.RESTORE_TOPIC, frame.key());
        assertEquals(new RequestFrame.Decoded("milena-cli", request), frame.decode());

        ByteBuffer answer = frame(ResponseFrame.encode(42, LISTING, (short) 0));
        assertEquals(LISTING, ResponseFrame.decode(answer, ApiKey.LIST_DELETED_TOPICS, (short) 0, 42));
    }

    @Test
    void areTheBytesThatTheSchemasSay() {
        // name: length + 1, the letters; id; no new name; no tagged fields
        byte[] expected = {
            4, 'a', 'b', 'c', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 0, 0,
        };
        byte[] bytes =
                Twin.write(RestoreTopicRequest.builder().name("abc").topicId(ID).build(), (short) 0);
        assertEquals(Arrays.toString(expected), Arrays.toString(bytes));
    }

    @Test
    void everyCutIsNoticed() {
        for (ApiMessage message : MESSAGES) {
            byte[] whole = Twin.write(message, (short) 0);
            for (int length = 0; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                assertThrows(MalformedMessageException.class, () -> read(message, cut));
            }
        }
    }

    @Test
    void damageIsReadOrRefused() {
        SplittableRandom random = new SplittableRandom(7);
        int refused = 0;
        for (int round = 0; round < 500; round++) {
            for (ApiMessage message : MESSAGES) {
                byte[] damaged = Twin.write(message, (short) 0);
                for (int flips = random.nextInt(4); flips >= 0; flips--) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                }
                try {
                    read(message, damaged);
                } catch (MalformedMessageException expected) {
                    refused++; // the only error that there may be
                }
            }
        }
        assertTrue(refused > 500, "only " + refused + " were refused");
    }

    private static ApiMessage read(ApiMessage like, byte[] bytes) {
        WireReader in = new WireReader(ByteBuffer.wrap(bytes));
        ApiKey key = like.apiKey();
        boolean isRequest = like.getClass().getSimpleName().endsWith("Request");
        return isRequest ? key.readRequest(in, (short) 0) : key.readResponse(in, (short) 0);
    }

    /** Without its size. */
    private static ByteBuffer frame(List<Payload> parts) {
        ByteBuffer all = ByteBuffer.allocate(
                parts.stream().mapToInt(Payload::sizeInBytes).sum());
        parts.forEach(part -> {
            if (part instanceof Payload.InMemory(ByteBuffer bytes)) {
                all.put(bytes.duplicate());
            }
        });
        all.flip();
        all.position(Integer.BYTES);
        return all.slice();
    }
}
