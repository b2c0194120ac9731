package io.milena.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.FetchResponse.PartitionData;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceResponse;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatchBuilder;
import io.milena.records.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetching: sizes, waiting, errors and sessions, as KIP-227 and KIP-516 have them. */
class FetchTest {
    private static final int VERSION = 16;
    private static final int NO_SESSION = -1;
    private static final int NEW_SESSION = 0;

    @TempDir
    Path folder = Path.of("");

    private RunningBroker broker;
    private UUID topic = new UUID(0, 0);

    @BeforeEach
    void start() throws IOException {
        broker = RunningBroker.start(folder);
        topic = broker.create("t", 2);
    }

    @AfterEach
    void stop() throws IOException {
        broker.close();
    }

    private void produce(int partition, int valueBytes) throws IOException {
        ByteBuffer batch = new RecordBatchBuilder()
                .append(1, null, ByteBuffer.allocate(valueBytes))
                .build()
                .buffer();
        ProduceRequest request = ProduceRequest.builder()
                .transactionalId(null)
                .acks((short) -1)
                .timeoutMs(30_000)
                .topicData(List.of(ProduceRequest.TopicProduceData.builder()
                        .name("t")
                        .partitionData(List.of(ProduceRequest.PartitionProduceData.builder()
                                .index(partition)
                                .records(new Payload.InMemory(batch))
                                .build()))
                        .build()))
                .build();
        ProduceResponse response = broker.ask(request, 12, ProduceResponse.class);
        assertEquals(
                0,
                response.responses().getFirst().partitionResponses().getFirst().errorCode());
    }

    private static FetchRequest.FetchPartition from(int partition, long offset, int bytesMax) {
        return FetchRequest.FetchPartition.builder()
                .partition(partition)
                .fetchOffset(offset)
                .partitionMaxBytes(bytesMax)
                .build();
    }

    private FetchRequest.Builder request(FetchRequest.FetchPartition... partitions) {
        return FetchRequest.builder()
                .maxWaitMs(0)
                .minBytes(0)
                .maxBytes(1 << 20)
                .sessionEpoch(NO_SESSION)
                .topics(
                        partitions.length == 0
                                ? List.of()
                                : List.of(FetchRequest.FetchTopic.builder()
                                        .topicId(topic)
                                        .partitions(List.of(partitions))
                                        .build()));
    }

    private FetchResponse fetch(FetchRequest.Builder request) throws IOException {
        return broker.ask(request.build(), VERSION, FetchResponse.class);
    }

    private static List<PartitionData> partitions(FetchResponse response) {
        List<PartitionData> all = new ArrayList<>();
        response.responses().forEach(each -> all.addAll(each.partitions()));
        return all;
    }

    private static int batches(PartitionData data) {
        int count = 0;
        if (data.records() instanceof Payload.InMemory(ByteBuffer bytes)) {
            for (RecordBatch batch : RecordBatches.of(bytes)) {
                assertTrue(batch.isIntact());
                count++;
            }
        }
        return count;
    }

    @Test
    void wholeBatchesComeUpToTheSizeAskedForAndAtLeastOne() throws IOException {
        for (int i = 0; i < 5; i++) {
            produce(0, 1_000);
        }
        assertEquals(5, batches(partitions(fetch(request(from(0, 0, 1 << 20)))).getFirst()));
        assertEquals(2, batches(partitions(fetch(request(from(0, 0, 2_500)))).getFirst()));
        assertEquals(1, batches(partitions(fetch(request(from(0, 3, 1)))).getFirst()));
        assertEquals(1, batches(partitions(fetch(request(from(0, 4, 1 << 20)))).getFirst()));
    }

    @Test
    void theSizeOfTheWholeResponseCountsForAllPartitions() throws IOException {
        produce(0, 1_000);
        produce(1, 1_000);
        List<PartitionData> both = partitions(
                fetch(request(from(0, 0, 1 << 20), from(1, 0, 1 << 20)).maxBytes(1_200)));
        assertEquals(1, both.stream().mapToInt(FetchTest::batches).sum());
    }

    @Test
    void whoWaitsIsAnsweredWhenARecordComes() throws IOException {
        FetchRequest waiting =
                request(from(0, 0, 1 << 20)).maxWaitMs(3_600_000).minBytes(1).build();
        try (RunningBroker.Connection consumer = broker.connect()) {
            consumer.send(waiting, VERSION);
            produce(0, 10);
            FetchResponse answer = consumer.receive(waiting, VERSION, FetchResponse.class);
            assertEquals(1, batches(partitions(answer).getFirst()));
        }
    }

    @Test
    void anOffsetThatIsNotThereIsOutOfRange() throws IOException {
        produce(0, 10);
        assertEquals(
                ErrorCode.OFFSET_OUT_OF_RANGE.code(),
                partitions(fetch(request(from(0, 2, 1000)))).getFirst().errorCode());
        assertEquals(
                ErrorCode.NONE.code(),
                partitions(fetch(request(from(0, 1, 1000)))).getFirst().errorCode());
    }

    @Test
    void aTopicIdThatNobodyHasIsUnknown() throws IOException {
        topic = new UUID(1, 2);
        assertEquals(
                ErrorCode.UNKNOWN_TOPIC_ID.code(),
                partitions(fetch(request(from(0, 0, 1000)))).getFirst().errorCode());
    }

    @Test
    void aSessionAnswersOnlyWhatHasChanged() throws IOException {
        produce(0, 10);
        FetchResponse full = fetch(request(from(0, 0, 1000), from(1, 0, 1000)).sessionEpoch(NEW_SESSION));
        int session = full.sessionId();
        assertNotEquals(0, session);
        assertEquals(2, partitions(full).size());

        // Nothing new: partition 0 has been read to its end, as the next request says
        FetchResponse idle = fetch(request(from(0, 1, 1000)).sessionId(session).sessionEpoch(1));
        assertEquals(0, partitions(idle).size());

        // A record for partition 1, which the request does not name again
        produce(1, 10);
        FetchResponse changed = fetch(request().sessionId(session).sessionEpoch(2));
        assertEquals(1, partitions(changed).size());
        assertEquals(1, partitions(changed).getFirst().partitionIndex());

        // Forgotten
        produce(1, 10);
        FetchResponse forgotten = fetch(request()
                .sessionId(session)
                .sessionEpoch(3)
                .forgottenTopicsData(List.of(FetchRequest.ForgottenTopic.builder()
                        .topicId(topic)
                        .partitions(List.of(1))
                        .build())));
        assertEquals(0, partitions(forgotten).size());
    }

    @Test
    void aSessionThatIsNotKnownOrNotInStepIsAnError() throws IOException {
        int session = fetch(request(from(0, 0, 1000)).sessionEpoch(NEW_SESSION)).sessionId();
        assertEquals(
                ErrorCode.INVALID_FETCH_SESSION_EPOCH.code(),
                fetch(request().sessionId(session).sessionEpoch(5)).errorCode());
        assertEquals(
                ErrorCode.FETCH_SESSION_ID_NOT_FOUND.code(),
                fetch(request().sessionId(session + 1).sessionEpoch(1)).errorCode());
    }

    @Test
    void aSessionCanBeEnded() throws IOException {
        int session = fetch(request(from(0, 0, 1000)).sessionEpoch(NEW_SESSION)).sessionId();
        assertEquals(
                0, fetch(request().sessionId(session).sessionEpoch(NO_SESSION)).errorCode());
        assertEquals(
                ErrorCode.FETCH_SESSION_ID_NOT_FOUND.code(),
                fetch(request().sessionId(session).sessionEpoch(1)).errorCode());
    }
}
