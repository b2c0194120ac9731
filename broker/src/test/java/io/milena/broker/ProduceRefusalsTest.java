package io.milena.broker;

import static io.milena.broker.TopicClient.BY_ID;
import static io.milena.broker.TopicClient.BY_NAME;
import static io.milena.broker.TopicClient.data;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.ProduceRequest.PartitionProduceData;
import io.milena.protocol.message.ProduceResponse.BatchIndexAndErrorMessage;
import io.milena.protocol.message.ProduceResponse.PartitionProduceResponse;
import io.milena.records.Compression;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused is refused as Apache Kafka does, leaves no trace, and takes nothing else in its request with it. */
@Timeout(120)
class ProduceRefusalsTest {
    private static final int MAGIC_AT = 16;
    private static final int ATTRIBUTES_AT = 21;
    private static final int MESSAGE_BYTES_MAX = 500;

    @TempDir
    private Path data;

    private RunningBroker broker;
    private TopicClient topic;

    @BeforeEach
    void start() throws IOException {
        broker = RunningBroker.start(data);
        UUID id = broker.create("orders", 3, "max.message.bytes=" + MESSAGE_BYTES_MAX);
        topic = new TopicClient(broker.connect(), "orders", id);
    }

    @AfterEach
    void stop() throws IOException {
        topic.client().close();
        broker.close();
    }

    private static ErrorCode error(PartitionProduceResponse response) {
        return ErrorCode.of(response.errorCode());
    }

    static Stream<Arguments> refusals() {
        ByteBuffer one = Batches.ofRecords(1);
        ByteBuffer two = ByteBuffer.allocate(2 * one.remaining())
                .put(one.duplicate())
                .put(one.duplicate())
                .flip();
        ByteBuffer isControl = Batches.ofRecords(1);
        isControl.put(ATTRIBUTES_AT + 1, (byte) 0x20);
        return Stream.of(
                Arguments.of("a wrong checksum", Batches.corrupt(Batches.ofRecords(3)), ErrorCode.CORRUPT_MESSAGE),
                Arguments.of("attributes that were changed behind the checksum", isControl, ErrorCode.CORRUPT_MESSAGE),
                Arguments.of("too large", Batches.ofBytes(MESSAGE_BYTES_MAX), ErrorCode.MESSAGE_TOO_LARGE),
                Arguments.of("magic 0", Batches.ofRecords(1).put(MAGIC_AT, (byte) 0), ErrorCode.INVALID_RECORD),
                Arguments.of("magic 1", Batches.ofRecords(1).put(MAGIC_AT, (byte) 1), ErrorCode.INVALID_RECORD),
                Arguments.of("magic 3", Batches.ofRecords(1).put(MAGIC_AT, (byte) 3), ErrorCode.INVALID_RECORD),
                Arguments.of("two batches", two, ErrorCode.INVALID_RECORD),
                Arguments.of("no batch", ByteBuffer.allocate(0), ErrorCode.INVALID_RECORD),
                Arguments.of("base offset 7", Batches.ofRecords(1).putLong(0, 7), ErrorCode.INVALID_RECORD));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void aRefusedBatchLeavesNoTraceAndTheOthersAreAppended(String fault, ByteBuffer batch, ErrorCode expected)
            throws IOException {
        List<PartitionProduceResponse> responses = topic.produce(
                -1,
                BY_ID,
                data(0, Batches.ofRecords(2)),
                data(1, batch),
                data(2, Batches.ofRecords(3)),
                data(3, Batches.ofRecords(1)));
        assertEquals(
                List.of(ErrorCode.NONE, expected, ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION),
                responses.stream().map(ProduceRefusalsTest::error).toList());
        assertEquals(-1, responses.get(1).baseOffset());
        assertEquals(2, topic.append(0, Batches.ofRecords(1)));
        assertEquals(0, topic.append(1, Batches.ofRecords(1)), "offset of the first batch that is good");
        assertEquals(3, topic.append(2, Batches.ofRecords(1)));
    }

    @ParameterizedTest
    @ValueSource(shorts = {5, 2, -2, Short.MIN_VALUE, Short.MAX_VALUE})
    void acknowledgementsThatDoNotExistAreRefusedForEveryPartition(short acks) throws IOException {
        List<PartitionProduceResponse> responses =
                topic.produce(acks, BY_ID, data(0, Batches.ofRecords(1)), data(1, Batches.ofRecords(1)));
        assertEquals(
                List.of(ErrorCode.INVALID_REQUIRED_ACKS, ErrorCode.INVALID_REQUIRED_ACKS),
                responses.stream().map(ProduceRefusalsTest::error).toList());
        assertEquals(0, topic.append(0, Batches.ofRecords(1)));
    }

    @Test
    void anUnknownTopicIsNamedByWhatItWasAskedWith() throws IOException {
        TopicClient nobodys = new TopicClient(topic.client(), "nobodys", new UUID(1, 2));
        PartitionProduceData batch = data(0, Batches.ofRecords(1));
        assertEquals(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                error(nobodys.produce(-1, BY_NAME, batch).getFirst()));
        assertEquals(
                ErrorCode.UNKNOWN_TOPIC_ID,
                error(nobodys.produce(-1, BY_ID, batch).getFirst()));
        assertEquals(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                error(topic.produce(-1, BY_ID, data(-1, Batches.ofRecords(1))).getFirst()));
    }

    @Test
    void absentRecordsAreRefused() throws IOException {
        assertEquals(
                ErrorCode.INVALID_RECORD,
                error(topic.produce(-1, BY_ID, new PartitionProduceData(0, (Payload) null))
                        .getFirst()));
    }

    @Test
    void aBatchWithoutAKeyIsRefusedWhereTheTopicIsCompacted() throws IOException {
        UUID id = broker.create("compacted", 1, "cleanup.policy=compact");
        TopicClient compacted = new TopicClient(topic.client(), "compacted", id);
        PartitionProduceResponse refused = compacted.produce(Batches.ofRecords(2));
        assertEquals(ErrorCode.INVALID_RECORD, error(refused));
        assertEquals(
                List.of(0, 1),
                refused.recordErrors().stream()
                        .map(BatchIndexAndErrorMessage::batchIndex)
                        .toList());
        assertEquals(0, refused.logStartOffset());
    }

    @Test
    void zstdIsRefusedInVersionsOfTheRequestThatAreOlder() throws IOException {
        PartitionProduceData batch = data(0, Batches.compressed(Compression.ZSTD, 10));
        assertEquals(
                ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
                error(topic.produce(-1, 6, batch).getFirst()));
        assertEquals(ErrorCode.NONE, error(topic.produce(-1, 7, batch).getFirst()));
    }

    @Test
    void withoutAcknowledgementARefusalEndsTheConnection() throws IOException {
        try (RawClient client = broker.connect()) {
            client.send(topic.produceRequest(0, data(0, Batches.corrupt(Batches.ofRecords(1)))), BY_ID);
            client.assertClosedWithoutAnAnswer();
        }
        assertEquals(0, topic.append(Batches.ofRecords(1)));
    }

    /** Where the topic has a compression of its own, its limit holds for what is stored. */
    @Test
    void aBatchThatIsTooLargeOnceItIsStoredAsTheTopicWantsIsRefused() throws IOException {
        UUID id = broker.create("plain", 1, "compression.type=uncompressed", "max.message.bytes=" + MESSAGE_BYTES_MAX);
        TopicClient plain = new TopicClient(topic.client(), "plain", id);
        ByteBuffer small = Batches.compressed(Compression.GZIP, 10 * MESSAGE_BYTES_MAX);
        assertEquals(true, small.remaining() < MESSAGE_BYTES_MAX);
        assertEquals(ErrorCode.MESSAGE_TOO_LARGE, error(plain.produce(small)));
        assertEquals(0, plain.append(Batches.compressed(Compression.GZIP, 10)));
    }
}
