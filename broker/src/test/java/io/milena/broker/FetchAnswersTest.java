package io.milena.broker;

import static io.milena.broker.TopicClient.BY_ID;
import static io.milena.broker.TopicClient.BY_NAME;
import static io.milena.broker.TopicClient.bytes;
import static io.milena.broker.TopicClient.error;
import static io.milena.broker.TopicClient.fetchFrom;
import static io.milena.broker.TopicClient.only;
import static io.milena.broker.TopicClient.partitions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.DeleteRecordsRequest;
import io.milena.protocol.message.DeleteRecordsRequest.DeleteRecordsPartition;
import io.milena.protocol.message.DeleteRecordsRequest.DeleteRecordsTopic;
import io.milena.protocol.message.DeleteRecordsResponse;
import io.milena.protocol.message.DeleteTopicsRequest;
import io.milena.protocol.message.DeleteTopicsResponse;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.FetchResponse.PartitionData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How much a fetch without a session gets, how long it waits for that, and which errors it hears. */
@Timeout(120)
class FetchAnswersTest {
    private static final int FOR_EVER_MS = Integer.MAX_VALUE;

    @TempDir
    private Path data;

    private RunningBroker broker;
    private TopicClient topic;

    /** What one batch of {@link #appendBatches} takes in the log. */
    private int batchBytes;

    @BeforeEach
    void start() throws IOException {
        broker = RunningBroker.start(data);
        UUID id = broker.create("orders", 3);
        topic = new TopicClient(broker.connect(), "orders", id);
    }

    @AfterEach
    void stop() throws IOException {
        topic.client().close();
        broker.close();
    }

    private void appendBatches(int partition, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            batchBytes = Batches.ofBytes(1000).remaining();
            topic.append(partition, Batches.ofBytes(1000));
        }
    }

    private static int size(PartitionData partition) {
        Payload records = partition.records();
        assertNotNull(records);
        return records.sizeInBytes();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6, 7, 11, BY_NAME, BY_ID, 18})
    void everyVersionGetsTheSameRecords(int version) throws IOException {
        topic.append(Batches.ofRecords(3));
        PartitionData partition = only(topic.fetch(topic.fetchRequest(fetchFrom(0, 0)), version));
        assertEquals(ErrorCode.NONE, error(partition));
        assertEquals(3, partition.highWatermark());
        assertEquals(3, partition.lastStableOffset());
        assertEquals(Batches.ofRecords(3).remaining(), size(partition));
    }

    /** The limits are not hard: a batch that is larger than any of them is still given, or nobody could get past it. */
    @ParameterizedTest
    @CsvSource({"0,2147483647", "1,2147483647", "2147483647,0", "2147483647,1", "0,0", "-1,-1"})
    void theFirstBatchIsGivenWhateverTheLimits(int partitionBytesMax, int bytesMax) throws IOException {
        appendBatches(0, 3);
        FetchResponse response = topic.fetch(topic.fetchRequest(fetchFrom(0, 1).toBuilder()
                        .partitionMaxBytes(partitionBytesMax)
                        .build())
                .maxBytes(bytesMax));
        assertEquals(batchBytes, size(only(response)));
    }

    @Test
    void theFirstPartitionWithRecordsTakesTheLimitFromTheOthers() throws IOException {
        appendBatches(1, 3);
        appendBatches(2, 3);
        FetchRequest.Builder all = topic.fetchRequest(fetchFrom(0, 0), fetchFrom(1, 0), fetchFrom(2, 0));
        assertEquals(
                List.of(0, batchBytes, 0),
                partitions(topic.fetch(all.maxBytes(1))).stream()
                        .map(FetchAnswersTest::size)
                        .toList());
        assertEquals(
                List.of(0, 3 * batchBytes, batchBytes),
                partitions(topic.fetch(all.maxBytes(5 * batchBytes - 1))).stream()
                        .map(FetchAnswersTest::size)
                        .toList());
        assertEquals(6 * batchBytes, bytes(topic.fetch(all.maxBytes(6 * batchBytes))));
    }

    @Test
    void nothingIsWaitedForWhenEnoughIsThere() throws IOException {
        appendBatches(0, 1);
        appendBatches(1, 1);
        FetchRequest.Builder both =
                topic.fetchRequest(fetchFrom(0, 0), fetchFrom(1, 0)).maxWaitMs(FOR_EVER_MS);
        assertEquals(2 * batchBytes, bytes(topic.fetch(both.minBytes(2 * batchBytes))));
        assertEquals(
                0,
                bytes(topic.fetch(topic.fetchRequest(fetchFrom(0, 1))
                        .maxWaitMs(FOR_EVER_MS)
                        .minBytes(0))));
    }

    @Test
    void moreThanMayBeSentIsNotWaitedFor() throws IOException {
        appendBatches(0, 2);
        FetchRequest.Builder greedy = topic.fetchRequest(fetchFrom(0, 0))
                .maxWaitMs(FOR_EVER_MS)
                .minBytes(1 << 20)
                .maxBytes(batchBytes);
        assertEquals(batchBytes, bytes(topic.fetch(greedy)));
    }

    @Test
    void whatIsThereIsGivenWhenTheWaitIsOver() throws IOException {
        appendBatches(0, 1);
        FetchRequest.Builder patient =
                topic.fetchRequest(fetchFrom(0, 0)).maxWaitMs(50).minBytes(1 << 20);
        assertEquals(batchBytes, bytes(topic.fetch(patient)));
    }

    @Test
    void aWaitingConsumerIsAnsweredWhenTheLastByteItWantsIsThere() throws IOException {
        appendBatches(0, 1);
        FetchRequest waiting = topic.fetchRequest(fetchFrom(0, 0), fetchFrom(1, 0))
                .maxWaitMs(FOR_EVER_MS)
                .minBytes(4 * batchBytes)
                .build();
        try (RawClient consumer = broker.connect()) {
            consumer.send(waiting, BY_ID);
            appendBatches(1, 2);
            appendBatches(0, 1);
            assertEquals(4 * batchBytes, bytes(consumer.receive(waiting, BY_ID, FetchResponse.class)));
        }
    }

    @Test
    void aWaitingConsumerHearsThatItsTopicIsDeleted() throws IOException {
        FetchRequest waiting =
                topic.fetchRequest(fetchFrom(0, 0)).maxWaitMs(FOR_EVER_MS).build();
        try (RawClient consumer = broker.connect()) {
            consumer.send(waiting, BY_ID);
            DeleteTopicsResponse deleted = broker.ask(
                    DeleteTopicsRequest.builder()
                            .topicNames(List.of("orders"))
                            .timeoutMs(30_000)
                            .build(),
                    5,
                    DeleteTopicsResponse.class);
            assertEquals(0, deleted.responses().getFirst().errorCode());
            assertEquals(
                    ErrorCode.UNKNOWN_TOPIC_ID, error(only(consumer.receive(waiting, BY_ID, FetchResponse.class))));
        }
    }

    @Test
    void anErrorIsNotWaitedFor() throws IOException {
        FetchResponse response =
                topic.fetch(topic.fetchRequest(fetchFrom(0, 0), fetchFrom(1, 1)).maxWaitMs(FOR_EVER_MS));
        assertEquals(
                List.of(ErrorCode.NONE, ErrorCode.OFFSET_OUT_OF_RANGE),
                partitions(response).stream().map(TopicClient::error).toList());
    }

    @Test
    void offsetsBeforeTheStartAndBehindTheEndAreOutOfRange() throws IOException {
        appendBatches(0, 4);
        deleteRecordsBefore(2);
        for (long offset : new long[] {-1, 0, 1, 5, Long.MAX_VALUE, Long.MIN_VALUE}) {
            PartitionData partition = only(topic.fetch(topic.fetchRequest(fetchFrom(0, offset))));
            assertEquals(ErrorCode.OFFSET_OUT_OF_RANGE, error(partition));
            assertEquals(-1, partition.highWatermark());
            assertEquals(-1, partition.logStartOffset());
        }
        PartitionData first = only(topic.fetch(topic.fetchRequest(fetchFrom(0, 2))));
        assertEquals(2, first.logStartOffset());
        assertEquals(2 * batchBytes, size(first));
        assertEquals(0, size(only(topic.fetch(topic.fetchRequest(fetchFrom(0, 4))))));
    }

    private void deleteRecordsBefore(long offset) throws IOException {
        DeleteRecordsRequest request = DeleteRecordsRequest.builder()
                .topics(List.of(new DeleteRecordsTopic("orders", List.of(new DeleteRecordsPartition(0, offset)))))
                .build();
        DeleteRecordsResponse response = broker.ask(request, 2, DeleteRecordsResponse.class);
        assertEquals(0, response.topics().getFirst().partitions().getFirst().errorCode());
    }

    @ParameterizedTest
    @CsvSource({"-1,NONE", "0,NONE", "1,UNKNOWN_LEADER_EPOCH", "2147483647,UNKNOWN_LEADER_EPOCH"})
    void aLeaderEpochThatIsNotOursIsAnError(int epoch, ErrorCode expected) throws IOException {
        appendBatches(0, 1);
        FetchResponse response = topic.fetch(topic.fetchRequest(
                fetchFrom(0, 0).toBuilder().currentLeaderEpoch(epoch).build()));
        assertEquals(expected, error(only(response)));
    }

    @Test
    void anUnknownTopicIsNamedByWhatItWasAskedWith() throws IOException {
        TopicClient nobodys = new TopicClient(topic.client(), "nobodys", new UUID(1, 2));
        assertEquals(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                error(only(nobodys.fetch(nobodys.fetchRequest(fetchFrom(0, 0)), BY_NAME))));
        assertEquals(
                ErrorCode.UNKNOWN_TOPIC_ID, error(only(nobodys.fetch(nobodys.fetchRequest(fetchFrom(0, 0)), BY_ID))));
    }
}
