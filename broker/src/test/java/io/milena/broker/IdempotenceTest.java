package io.milena.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.InitProducerIdRequest;
import io.milena.protocol.message.InitProducerIdResponse;
import io.milena.protocol.message.ProduceResponse.PartitionProduceResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A producer that repeats itself is recognised, whatever became of the broker meanwhile; all batches have three records. */
@Timeout(120)
class IdempotenceTest {
    private static final int RECORDS = 3;
    private static final int EPOCH = 4;

    @TempDir
    private Path data;

    @TempDir
    private Path copy;

    private RunningBroker broker;
    private TopicClient topic;
    private long producerId;

    @BeforeEach
    void start() throws IOException {
        broker = RunningBroker.start(data);
        UUID id = broker.create("orders", 1);
        topic = new TopicClient(broker.connect(), "orders", id);
        producerId = initProducerId(-1, -1).producerId();
    }

    @AfterEach
    void stop() throws IOException {
        topic.client().close();
        broker.close();
    }

    private InitProducerIdResponse initProducerId(long id, int epoch) throws IOException {
        InitProducerIdRequest request = InitProducerIdRequest.builder()
                .transactionalId(null)
                .producerId(id)
                .producerEpoch((short) epoch)
                .build();
        return broker.ask(request, 5, InitProducerIdResponse.class);
    }

    private PartitionProduceResponse produce(int epoch, int sequence) throws IOException {
        return topic.produce(Batches.of(producerId, epoch, sequence, RECORDS));
    }

    private void assertAppendedAt(long offset, int epoch, int sequence) throws IOException {
        PartitionProduceResponse response = produce(epoch, sequence);
        assertEquals(ErrorCode.NONE, ErrorCode.of(response.errorCode()));
        assertEquals(offset, response.baseOffset());
    }

    private void assertRefused(ErrorCode error, int epoch, int sequence) throws IOException {
        PartitionProduceResponse response = produce(epoch, sequence);
        assertEquals(error, ErrorCode.of(response.errorCode()));
        assertEquals(-1, response.baseOffset());
    }

    private void produceEightBatches() throws IOException {
        for (int i = 0; i < 8; i++) {
            assertAppendedAt((long) i * RECORDS, EPOCH, i * RECORDS);
        }
    }

    /** After eight batches. What is asked here appends nothing, so it can be asked again. */
    private void assertProducerIsKnown() throws IOException {
        for (int i = 3; i < 8; i++) {
            PartitionProduceResponse again = produce(EPOCH, i * RECORDS);
            assertEquals(ErrorCode.NONE, ErrorCode.of(again.errorCode()));
            assertEquals((long) i * RECORDS, again.baseOffset());
            assertEquals(0, again.logStartOffset());
        }
        int next = 8 * RECORDS;
        assertRefused(ErrorCode.DUPLICATE_SEQUENCE_NUMBER, EPOCH, 2 * RECORDS);
        assertRefused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, EPOCH, next + 1);
        assertRefused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, EPOCH, next - 1);
        assertRefused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, EPOCH + 1, next);
        assertRefused(ErrorCode.INVALID_PRODUCER_EPOCH, EPOCH - 1, next);
        assertRefused(ErrorCode.INVALID_PRODUCER_EPOCH, EPOCH - 1, 0);
    }

    @Test
    void theLastFiveBatchesAreAnsweredAgainAndNotAppended() throws IOException {
        produceEightBatches();
        assertProducerIsKnown();
        assertAppendedAt(8 * RECORDS, EPOCH, 8 * RECORDS);
    }

    @Test
    void aRestartForgetsNothing() throws IOException {
        produceEightBatches();
        stop();
        broker = RunningBroker.start(data);
        topic = new TopicClient(broker.connect(), "orders", topic.id());
        assertProducerIsKnown();
        assertAppendedAt(8 * RECORDS, EPOCH, 8 * RECORDS);
    }

    /** The directory as it lies there while the broker runs is what a killed broker leaves. */
    @Test
    void aBrokerThatDiesForgetsNothing() throws IOException {
        produceEightBatches();
        copyDirectory();
        stop();
        broker = RunningBroker.start(copy);
        topic = new TopicClient(broker.connect(), "orders", topic.id());
        assertProducerIsKnown();
        assertAppendedAt(8 * RECORDS, EPOCH, 8 * RECORDS);
    }

    private void copyDirectory() throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            for (Path from : all.filter(path -> !path.equals(data)).toList()) {
                Files.copy(from, copy.resolve(data.relativize(from)));
            }
        }
    }

    @Test
    void aNewEpochStartsAtZeroAndEndsTheOldOne() throws IOException {
        assertAppendedAt(0, EPOCH, 0);
        assertAppendedAt(3, EPOCH + 1, 0);
        assertRefused(ErrorCode.INVALID_PRODUCER_EPOCH, EPOCH, 3);
        assertAppendedAt(6, EPOCH + 1, 3);
        assertAppendedAt(3, EPOCH + 1, 0);
    }

    @Test
    void aProducerThatIsNotKnownMayStartAnywhere() throws IOException {
        assertAppendedAt(0, EPOCH, 100);
        assertAppendedAt(3, EPOCH, 103);
    }

    @Test
    void sequencesGoOnFromZeroAfterTheLargest() throws IOException {
        int beforeTheEnd = Integer.MAX_VALUE - 1;
        assertAppendedAt(0, EPOCH, beforeTheEnd);
        assertAppendedAt(0, EPOCH, beforeTheEnd);
        assertRefused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, EPOCH, 0);
        assertAppendedAt(3, EPOCH, 1);
    }

    @Test
    void aDuplicateHasTheTimestampOfTheFirst() throws IOException {
        assertAppendedAt(0, EPOCH, 0);
        assertEquals(Batches.TIMESTAMP_MS + RECORDS - 1, produce(EPOCH, 0).logAppendTimeMs());
    }

    @Test
    void aDuplicateOfABatchThatTheBrokerStampedHasTheBrokersTime() throws IOException {
        UUID id = broker.create("stamped", 1, "message.timestamp.type=LogAppendTime");
        TopicClient stamped = new TopicClient(topic.client(), "stamped", id);
        long first = stamped.produce(Batches.of(producerId, EPOCH, 0, RECORDS)).logAppendTimeMs();
        assertEquals(
                first,
                stamped.produce(Batches.of(producerId, EPOCH, 0, RECORDS)).logAppendTimeMs());
    }

    @Test
    void anIdWithoutAnEpochOrAnEpochWithoutAnIdIsRefused() throws IOException {
        List<InitProducerIdResponse> refused = List.of(initProducerId(producerId, -1), initProducerId(-1, 0));
        for (InitProducerIdResponse response : refused) {
            assertEquals(ErrorCode.INVALID_REQUEST, ErrorCode.of(response.errorCode()));
            assertEquals(-1, response.producerId());
        }
        assertEquals(producerId + 1, initProducerId(-1, -1).producerId());
    }

    @Test
    void noIdIsGivenTwiceAlsoAfterARestart() throws IOException {
        long second = initProducerId(-1, -1).producerId();
        stop();
        broker = RunningBroker.start(data);
        topic = new TopicClient(broker.connect(), "orders", topic.id());
        long third = initProducerId(-1, -1).producerId();
        assertEquals(3, Set.of(producerId, second, third).size());
    }
}
