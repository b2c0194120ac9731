package io.milena.broker.transactions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.broker.api.OtherBrokers;
import io.milena.broker.partitions.Partitions;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.WriteTxnMarkersRequest;
import io.milena.protocol.message.WriteTxnMarkersRequest.WritableTxnMarker;
import io.milena.protocol.message.WriteTxnMarkersResponse;
import io.milena.protocol.message.WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult;
import io.milena.protocol.message.WriteTxnMarkersResponse.WritableTxnMarkerResult;
import io.milena.protocol.message.WriteTxnMarkersResponse.WritableTxnMarkerTopicResult;
import io.milena.runtime.Threads;
import io.milena.transactions.Outcome;
import io.milena.transactions.Producer;
import io.milena.transactions.TopicPartition;
import io.milena.transactions.TransactionVersion;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.Test;

/** What becomes of markers that other brokers have to write. */
class MarkersTest {
    private static final Marker MARKER =
            new Marker(new Producer(7, (short) 1), TransactionVersion.TV2, 3, Outcome.COMMIT);

    private final Map<Integer, WritableTxnMarker> asked = new ConcurrentSkipListMap<>();

    /** Partitions 0, 1 and 2 of a topic, led by brokers 2, 3 and 2. */
    private Markers markers(ErrorCode answer) {
        Partitions partitions = new Partitions(1);
        for (int index = 0; index < 3; index++) {
            partitions.addElsewhere("t", new UUID(1, 1), index, index == 1 ? 3 : 2);
        }
        OtherBrokers others = new OtherBrokers() {
            @Override
            public <R extends ApiMessage> R ask(int brokerId, ApiMessage request, int version, Class<R> response)
                    throws IOException {
                WritableTxnMarker marker =
                        ((WriteTxnMarkersRequest) request).markers().getFirst();
                asked.put(brokerId, marker);
                if (answer == ErrorCode.NETWORK_EXCEPTION) {
                    throw new IOException("it is gone");
                }
                return response.cast(new WriteTxnMarkersResponse(List.of(new WritableTxnMarkerResult(
                        marker.producerId(),
                        marker.topics().stream()
                                .map(topic -> new WritableTxnMarkerTopicResult(
                                        topic.name(),
                                        topic.partitionIndexes().stream()
                                                .map(index ->
                                                        new WritableTxnMarkerPartitionResult(index, answer.code()))
                                                .toList()))
                                .toList()))));
            }
        };
        return new Markers(
                (where, marker) -> MarkerWriter.Written.refused(ErrorCode.NOT_LEADER_OR_FOLLOWER),
                partitions,
                others,
                Threads.system());
    }

    private Map<TopicPartition, ErrorCode> write(ErrorCode answer) throws InterruptedException {
        return markers(answer)
                .write(
                        List.of(new TopicPartition("t", 0), new TopicPartition("t", 1), new TopicPartition("t", 2)),
                        MARKER);
    }

    private WritableTxnMarker told(int broker) {
        return Objects.requireNonNull(asked.get(broker));
    }

    private static Map<TopicPartition, ErrorCode> all(ErrorCode error) {
        return Map.of(
                new TopicPartition("t", 0),
                error,
                new TopicPartition("t", 1),
                error,
                new TopicPartition("t", 2),
                error);
    }

    @Test
    void eachLeaderIsAskedOnceForAllOfIts() throws Exception {
        assertEquals(all(ErrorCode.NONE), write(ErrorCode.NONE));
        assertEquals(List.of(0, 2), told(2).topics().getFirst().partitionIndexes());
        assertEquals(List.of(1), told(3).topics().getFirst().partitionIndexes());
        assertEquals(3, told(3).coordinatorEpoch());
        assertEquals(2, told(3).transactionVersion());
    }

    /** Its leader may not have heard of the topic yet: taken for deleted, the transaction would stay open there. */
    @Test
    void aLeaderThatDoesNotKnowThePartitionIsAskedAgain() throws Exception {
        assertEquals(all(ErrorCode.NOT_LEADER_OR_FOLLOWER), write(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
    }

    @Test
    void whatIsNotAnsweredIsNotKnownToBeWritten() throws Exception {
        assertEquals(all(ErrorCode.NETWORK_EXCEPTION), write(ErrorCode.NETWORK_EXCEPTION));
    }
}
