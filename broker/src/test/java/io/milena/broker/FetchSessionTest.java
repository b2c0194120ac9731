package io.milena.broker;

import static io.milena.broker.TopicClient.BY_ID;
import static io.milena.broker.TopicClient.BY_NAME;
import static io.milena.broker.TopicClient.error;
import static io.milena.broker.TopicClient.fetchFrom;
import static io.milena.broker.TopicClient.only;
import static io.milena.broker.TopicClient.partitions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchRequest.FetchPartition;
import io.milena.protocol.message.FetchRequest.FetchTopic;
import io.milena.protocol.message.FetchRequest.ForgottenTopic;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.FetchResponse.PartitionData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetch sessions (KIP-227): what is told once is not told again, and who is out of step is told so. */
@Timeout(120)
class FetchSessionTest {
    private static final int NEW = 0;
    private static final int END = -1;
    private static final int FOR_EVER_MS = Integer.MAX_VALUE;
    private static final int SESSIONS_MAX = 3;

    @TempDir
    private Path data;

    private RunningBroker broker;
    private TopicClient topic;

    @BeforeEach
    void start() throws IOException {
        broker = RunningBroker.start(
                data, Map.of("max.incremental.fetch.session.cache.slots", Integer.toString(SESSIONS_MAX)));
        UUID id = broker.create("orders", 3);
        topic = new TopicClient(broker.connect(), "orders", id);
    }

    @AfterEach
    void stop() throws IOException {
        topic.client().close();
        broker.close();
    }

    private int open(int version, FetchPartition... partitions) throws IOException {
        FetchResponse response = topic.fetch(topic.fetchRequest(partitions).sessionEpoch(NEW), version);
        assertEquals(ErrorCode.NONE.code(), response.errorCode());
        assertEquals(partitions.length, partitions(response).size());
        assertNotEquals(0, response.sessionId());
        return response.sessionId();
    }

    private FetchRequest.Builder next(int session, int epoch, FetchPartition... partitions) {
        return topic.fetchRequest(partitions).sessionId(session).sessionEpoch(epoch);
    }

    private ForgottenTopic forgotten(Integer... partitions) {
        return new ForgottenTopic(topic.name(), topic.id(), List.of(partitions));
    }

    private static void assertRefused(ErrorCode error, FetchResponse response) {
        assertEquals(error, ErrorCode.of(response.errorCode()));
        assertEquals(0, response.sessionId());
        assertEquals(List.of(), response.responses());
    }

    @ParameterizedTest
    @ValueSource(ints = {7, BY_NAME, BY_ID, 18})
    void aSessionTellsOnlyWhatIsNew(int version) throws IOException {
        topic.append(0, Batches.ofRecords(2));
        int session = open(version, fetchFrom(0, 0), fetchFrom(1, 0), fetchFrom(2, 0));

        FetchResponse nothing = topic.fetch(next(session, 1, fetchFrom(0, 2)), version);
        assertEquals(session, nothing.sessionId());
        assertEquals(List.of(), nothing.responses());

        topic.append(2, Batches.ofRecords(1));
        PartitionData news = only(topic.fetch(next(session, 2), version));
        assertEquals(2, news.partitionIndex());
        assertEquals(1, news.highWatermark());

        // Until the client says that it has them, the records come again.
        assertEquals(2, only(topic.fetch(next(session, 3), version)).partitionIndex());
        assertEquals(
                List.of(),
                topic.fetch(next(session, 4, fetchFrom(2, 1)), version).responses());
    }

    @Test
    void aForgottenPartitionIsNotFetchedAndMayComeBack() throws IOException {
        int session = open(BY_ID, fetchFrom(0, 0), fetchFrom(1, 0));
        topic.append(1, Batches.ofRecords(1));
        assertEquals(
                List.of(),
                topic.fetch(next(session, 1).forgottenTopicsData(List.of(forgotten(1))))
                        .responses());
        assertEquals(1, only(topic.fetch(next(session, 2, fetchFrom(1, 0)))).partitionIndex());
    }

    /** Nothing can come, so nothing is waited for; and the client starts over. */
    @Test
    void aSessionWithoutPartitionsEndsAtOnce() throws IOException {
        int session = open(BY_ID, fetchFrom(0, 0), fetchFrom(1, 0));
        FetchResponse last = topic.fetch(
                next(session, 1).forgottenTopicsData(List.of(forgotten(0, 1))).maxWaitMs(FOR_EVER_MS));
        assertEquals(ErrorCode.NONE, ErrorCode.of(last.errorCode()));
        assertEquals(0, last.sessionId());
        assertRefused(ErrorCode.FETCH_SESSION_ID_NOT_FOUND, topic.fetch(next(session, 2, fetchFrom(0, 0))));
    }

    @Test
    void anErrorIsToldEveryTimeUntilItIsOver() throws IOException {
        int session = open(BY_ID, fetchFrom(0, 5));
        for (int epoch = 1; epoch < 4; epoch++) {
            assertEquals(ErrorCode.OFFSET_OUT_OF_RANGE, error(only(topic.fetch(next(session, epoch)))));
        }
        assertEquals(ErrorCode.NONE, error(only(topic.fetch(next(session, 4, fetchFrom(0, 0))))));
        assertEquals(List.of(), topic.fetch(next(session, 5)).responses());
    }

    @Test
    void aPartitionThatGaveRecordsGoesBehindTheOthers() throws IOException {
        for (int partition = 0; partition < 3; partition++) {
            topic.append(partition, Batches.ofBytes(100));
        }
        FetchResponse first = topic.fetch(topic.fetchRequest(fetchFrom(0, 0), fetchFrom(1, 0), fetchFrom(2, 0))
                .maxBytes(1)
                .sessionEpoch(NEW));
        int session = first.sessionId();
        assertEquals(0, partitions(first).getFirst().partitionIndex());
        for (int round = 1; round < 7; round++) {
            FetchResponse response = topic.fetch(next(session, round).maxBytes(1));
            PartitionData gave = partitions(response).stream()
                    .filter(partition ->
                            partition.records() != null && partition.records().sizeInBytes() > 0)
                    .findFirst()
                    .orElseThrow();
            assertEquals(round % 3, gave.partitionIndex());
        }
    }

    @Test
    void anEpochOutOfStepIsRefusedAndTheSessionLives() throws IOException {
        int session = open(BY_ID, fetchFrom(0, 0));
        for (int epoch : new int[] {2, 100, Integer.MAX_VALUE, -2}) {
            assertRefused(ErrorCode.INVALID_FETCH_SESSION_EPOCH, topic.fetch(next(session, epoch)));
        }
        assertEquals(session, topic.fetch(next(session, 1)).sessionId());
        assertRefused(ErrorCode.INVALID_FETCH_SESSION_EPOCH, topic.fetch(next(session, 1)));
        assertEquals(session, topic.fetch(next(session, 2)).sessionId());
    }

    @Test
    void aSessionThatNobodyHasIsRefused() throws IOException {
        int session = open(BY_ID, fetchFrom(0, 0));
        assertRefused(ErrorCode.FETCH_SESSION_ID_NOT_FOUND, topic.fetch(next(session ^ 1, 1)));
        assertRefused(ErrorCode.FETCH_SESSION_ID_NOT_FOUND, topic.fetch(next(0, 1, fetchFrom(0, 0))));
    }

    @Test
    void aSessionOfNamesDoesNotGoOnWithIds() throws IOException {
        int ofNames = open(BY_NAME, fetchFrom(0, 0));
        assertRefused(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR, topic.fetch(next(ofNames, 1), BY_ID));
        int ofIds = open(BY_ID, fetchFrom(0, 0));
        assertRefused(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR, topic.fetch(next(ofIds, 1), BY_NAME));
    }

    @Test
    void aClientThatEndsItsSessionOrStartsAnotherGivesTheOldOneUp() throws IOException {
        int ended = open(BY_ID, fetchFrom(0, 0));
        FetchResponse last = topic.fetch(next(ended, END, fetchFrom(0, 0)));
        assertEquals(0, last.sessionId());
        assertEquals(ErrorCode.NONE, error(only(last)));
        assertRefused(ErrorCode.FETCH_SESSION_ID_NOT_FOUND, topic.fetch(next(ended, 1)));

        int replaced = open(BY_ID, fetchFrom(0, 0));
        int fresh = topic.fetch(next(replaced, NEW, fetchFrom(0, 0))).sessionId();
        assertNotEquals(replaced, fresh);
        assertRefused(ErrorCode.FETCH_SESSION_ID_NOT_FOUND, topic.fetch(next(replaced, 1)));
        assertEquals(fresh, topic.fetch(next(fresh, 1)).sessionId());
    }

    @Test
    void theSessionThatWasUsedLongestAgoGivesWay() throws IOException {
        int first = open(BY_ID, fetchFrom(0, 0));
        int second = open(BY_ID, fetchFrom(0, 0));
        int third = open(BY_ID, fetchFrom(0, 0));
        topic.fetch(next(first, 1));
        int fourth = open(BY_ID, fetchFrom(0, 0));
        assertRefused(ErrorCode.FETCH_SESSION_ID_NOT_FOUND, topic.fetch(next(second, 1)));
        assertEquals(first, topic.fetch(next(first, 2)).sessionId());
        assertEquals(third, topic.fetch(next(third, 1)).sessionId());
        assertEquals(fourth, topic.fetch(next(fourth, 1)).sessionId());
    }

    @Test
    void anUnknownTopicIdIsAnErrorOfItsPartitionsOnly() throws IOException {
        UUID nobodys = new UUID(1, 2);
        FetchResponse response = topic.fetch(topic.fetchRequest()
                .sessionEpoch(NEW)
                .topics(List.of(
                        new FetchTopic("", nobodys, List.of(fetchFrom(0, 0), fetchFrom(1, 0))),
                        new FetchTopic("", topic.id(), List.of(fetchFrom(0, 0), fetchFrom(9, 0))))));
        assertEquals(ErrorCode.NONE, ErrorCode.of(response.errorCode()));
        assertEquals(nobodys, response.responses().getFirst().topicId());
        assertEquals(
                List.of(
                        ErrorCode.UNKNOWN_TOPIC_ID,
                        ErrorCode.UNKNOWN_TOPIC_ID,
                        ErrorCode.NONE,
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION),
                partitions(response).stream().map(TopicClient::error).toList());
    }
}
