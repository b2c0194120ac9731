package io.milena.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.InitProducerIdRequest;
import io.milena.protocol.message.InitProducerIdResponse;
import io.milena.protocol.message.ListOffsetsRequest;
import io.milena.protocol.message.ListOffsetsResponse;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceResponse;
import io.milena.protocol.message.ProduceResponse.PartitionProduceResponse;
import io.milena.records.RecordBatchBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the broker appends and what it refuses, down to the bytes; what it answers is what Apache Kafka answers. */
class ProduceTest {
    private static final int VERSION = 12;
    private static final long NOW_MS = 1_700_000_000_000L;

    @TempDir
    Path folder = Path.of("");

    private RunningBroker broker;

    @BeforeEach
    void start() throws IOException {
        broker = RunningBroker.start(folder);
        broker.create("t", 2);
    }

    @AfterEach
    void stop() throws IOException {
        broker.close();
    }

    private static ByteBuffer batch(String... values) {
        RecordBatchBuilder builder = new RecordBatchBuilder();
        for (String value : values) {
            builder.append(NOW_MS, null, ByteBuffer.wrap(value.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        }
        return builder.build().buffer();
    }

    private static ByteBuffer sequenced(long producerId, int epoch, int sequence) {
        return new RecordBatchBuilder()
                .producer(producerId, (short) epoch, sequence)
                .append(NOW_MS, null, ByteBuffer.wrap(new byte[] {1}))
                .build()
                .buffer();
    }

    private static ProduceRequest request(int acks, String topic, ByteBuffer... partitions) {
        List<ProduceRequest.PartitionProduceData> data = new ArrayList<>();
        for (int i = 0; i < partitions.length; i++) {
            data.add(ProduceRequest.PartitionProduceData.builder()
                    .index(i)
                    .records(new Payload.InMemory(partitions[i]))
                    .build());
        }
        return ProduceRequest.builder()
                .transactionalId(null)
                .acks((short) acks)
                .timeoutMs(30_000)
                .topicData(List.of(ProduceRequest.TopicProduceData.builder()
                        .name(topic)
                        .partitionData(data)
                        .build()))
                .build();
    }

    private List<PartitionProduceResponse> produce(int acks, String topic, ByteBuffer... partitions)
            throws IOException {
        return broker.ask(request(acks, topic, partitions), VERSION, ProduceResponse.class)
                .responses()
                .getFirst()
                .partitionResponses();
    }

    private PartitionProduceResponse produce(ByteBuffer batch) throws IOException {
        return produce(-1, "t", batch).getFirst();
    }

    private static ErrorCode error(PartitionProduceResponse response) {
        return ErrorCode.of(response.errorCode());
    }

    private long end(int partition) throws IOException {
        ListOffsetsRequest.ListOffsetsPartition asked = ListOffsetsRequest.ListOffsetsPartition.builder()
                .partitionIndex(partition)
                .timestamp(-1)
                .build();
        return broker.ask(
                        ListOffsetsRequest.builder()
                                .replicaId(-1)
                                .topics(List.of(new ListOffsetsRequest.ListOffsetsTopic("t", List.of(asked))))
                                .build(),
                        7,
                        ListOffsetsResponse.class)
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .offset();
    }

    @Test
    void offsetsGoOnFromBatchToBatch() throws IOException {
        assertEquals(0, produce(batch("a", "b")).baseOffset());
        assertEquals(2, produce(batch("c")).baseOffset());
        assertEquals(3, end(0));
    }

    @Test
    void aBatchWithAWrongChecksumIsRefusedAndTheOtherPartitionIsNot() throws IOException {
        ByteBuffer corrupt = batch("a");
        corrupt.put(corrupt.limit() - 1, (byte) (corrupt.get(corrupt.limit() - 1) + 1));
        List<PartitionProduceResponse> answers = produce(-1, "t", corrupt, batch("b"));
        assertEquals(ErrorCode.CORRUPT_MESSAGE, error(answers.get(0)));
        assertEquals(ErrorCode.NONE, error(answers.get(1)));
        assertEquals(0, end(0));
        assertEquals(1, end(1));
    }

    @Test
    void aBatchLargerThanTheTopicAllowsIsRefused() throws IOException {
        broker.create("small", 1, "max.message.bytes=100");
        assertEquals(
                ErrorCode.MESSAGE_TOO_LARGE,
                error(produce(-1, "small", batch("x".repeat(100))).getFirst()));
    }

    @Test
    void anOlderMagicIsRefused() throws IOException {
        assertEquals(ErrorCode.INVALID_RECORD, error(produce(batch("a").put(16, (byte) 1))));
    }

    @Test
    void twoBatchesForOnePartitionAreRefused() throws IOException {
        ByteBuffer one = batch("a");
        ByteBuffer two = ByteBuffer.allocate(2 * one.remaining())
                .put(one.duplicate())
                .put(one.duplicate())
                .flip();
        assertEquals(ErrorCode.INVALID_RECORD, error(produce(two)));
        assertEquals(0, end(0));
    }

    @Test
    void acknowledgementsThatDoNotExistAreRefused() throws IOException {
        assertEquals(
                ErrorCode.INVALID_REQUIRED_ACKS,
                error(produce(5, "t", batch("a")).getFirst()));
        assertEquals(0, end(0));
    }

    @Test
    void aTopicThatDoesNotExistIsNotCreated() throws IOException {
        assertEquals(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                error(produce(-1, "nowhere", batch("a")).getFirst()));
    }

    @Test
    void withoutAcknowledgementNothingIsAnsweredAndTheRecordIsThere() throws IOException {
        broker.send(request(0, "t", batch("a")), VERSION);
        assertEquals(1, end(0)); // the next answer on this connection is that of the next request
    }

    @Test
    void theLastFiveBatchesOfAProducerAreRecognisedAlsoAfterARestart() throws IOException {
        long id = producerId();
        for (int sequence = 0; sequence < 8; sequence++) {
            assertEquals(sequence, produce(sequenced(id, 0, sequence)).baseOffset());
        }
        assertDuplicates(id);
        broker.close();
        broker = RunningBroker.start(folder);
        assertDuplicates(id);
        assertEquals(8, produce(sequenced(id, 0, 8)).baseOffset());
    }

    private void assertDuplicates(long id) throws IOException {
        for (int sequence = 3; sequence < 8; sequence++) {
            PartitionProduceResponse again = produce(sequenced(id, 0, sequence));
            assertEquals(ErrorCode.NONE, error(again));
            assertEquals(sequence, again.baseOffset());
        }
        assertEquals(8, end(0));
    }

    @Test
    void gapsAndOldEpochsOfAProducerAreRefused() throws IOException {
        long id = producerId();
        produce(sequenced(id, 1, 0));
        assertEquals(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, error(produce(sequenced(id, 1, 2))));
        assertEquals(ErrorCode.INVALID_PRODUCER_EPOCH, error(produce(sequenced(id, 0, 1))));
        assertEquals(1, end(0));
        assertEquals(1, produce(sequenced(id, 1, 1)).baseOffset());
    }

    @Test
    void everyProducerGetsAnIdOfItsOwnAlsoAfterARestart() throws IOException {
        long first = producerId();
        long second = producerId();
        assertNotEquals(first, second);
        broker.close();
        broker = RunningBroker.start(folder);
        long third = producerId();
        assertNotEquals(first, third);
        assertNotEquals(second, third);
    }

    private long producerId() throws IOException {
        InitProducerIdResponse response = broker.ask(
                InitProducerIdRequest.builder().transactionalId(null).build(), 4, InitProducerIdResponse.class);
        assertEquals(ErrorCode.NONE, ErrorCode.of(response.errorCode()));
        return response.producerId();
    }

    @Test
    void anErrorCarriesNoOffset() throws IOException {
        PartitionProduceResponse refused = produce(batch("a").put(16, (byte) 1));
        assertEquals(-1, refused.baseOffset());
        assertNull(produce(batch("a")).errorMessage());
    }
}
