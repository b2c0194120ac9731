package io.milena.broker.replicas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchRequest.FetchPartition;
import io.milena.protocol.message.FetchRequest.FetchTopic;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.FetchResponse.LeaderIdAndEpoch;
import io.milena.protocol.message.FetchResponse.NodeEndpoint;
import io.milena.protocol.message.FetchResponse.PartitionData;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which broker a consumer reads from, and what it is told by another one. */
@Timeout(60)
class ConsumerFetchTest {
    private final ScriptedCluster cluster = new ScriptedCluster(1, 3);

    private static FetchRequest from(long offset, int leaderEpoch, String rack) {
        return FetchRequest.builder()
                .maxWaitMs(5_000)
                .minBytes(1)
                .maxBytes(1 << 20)
                .rackId(rack)
                .sessionEpoch(-1)
                .topics(List.of(FetchTopic.builder()
                        .topicId(ScriptedCluster.TOPIC)
                        .partitions(List.of(FetchPartition.builder()
                                .partition(0)
                                .currentLeaderEpoch(leaderEpoch)
                                .fetchOffset(offset)
                                .partitionMaxBytes(1 << 20)
                                .build()))
                        .build()))
                .build();
    }

    private static PartitionData partition(FetchResponse response) {
        return response.responses().getFirst().partitions().getFirst();
    }

    private static int bytes(FetchResponse response) {
        return Objects.requireNonNull(partition(response).records()).sizeInBytes();
    }

    @Test
    void aConsumerIsSentToTheInSyncReplicaOfItsRackAndReadsThere() {
        // Given
        ReplicationTest.produce(cluster, 1, "a");
        cluster.world.runFor(1_000);
        // When
        FetchResponse fromLeader = cluster.fetch(1, from(0, 0, ScriptedCluster.rack(3)));
        FetchResponse fromFollower = cluster.fetch(3, from(0, 0, ScriptedCluster.rack(3)));
        // Then
        assertEquals(3, partition(fromLeader).preferredReadReplica());
        assertEquals(0, bytes(fromLeader));
        assertEquals(ErrorCode.NONE.code(), partition(fromFollower).errorCode());
        assertEquals(1, partition(fromFollower).highWatermark());
        assertTrue(bytes(fromFollower) > 0);
    }

    @Test
    void aConsumerOfTheLeadersRackOrOfNoneReadsFromTheLeader() {
        // Given
        ReplicationTest.produce(cluster, 1, "a");
        // When
        for (String rack : List.of("", ScriptedCluster.rack(1), "elsewhere")) {
            FetchResponse response = cluster.fetch(1, from(0, 0, rack));
            // Then
            assertEquals(-1, partition(response).preferredReadReplica(), rack);
            assertTrue(bytes(response) > 0, rack);
        }
    }

    @Test
    void whoWaitsAtAFollowerIsAnsweredWhenTheRecordIsCommitted() {
        // Given
        ReplicationTest.produce(cluster, 1, "a");
        cluster.world.environment().threads().start("producer", () -> {
            try {
                cluster.world.clock().sleepMs(1_000);
                ReplicationTest.append(cluster, 1, "b", true);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        // When
        long before = cluster.world.clock().millis();
        FetchResponse response = cluster.fetch(2, from(1, 0, ""));
        // Then
        assertTrue(bytes(response) > 0);
        assertTrue(cluster.world.clock().millis() - before < 2_000, "it waited until the end");
    }

    @Test
    void whoBelievesInAnEarlierLeaderIsToldTheTrueOne() {
        // Given
        ReplicationTest.produce(cluster, 1, "a");
        cluster.elect(2, List.of(1, 2, 3));
        cluster.world.runFor(1_000);
        // When
        FetchResponse response = cluster.fetch(1, from(0, 0, ""));
        // Then
        assertEquals(ErrorCode.FENCED_LEADER_EPOCH.code(), partition(response).errorCode());
        assertEquals(new LeaderIdAndEpoch(2, 1), partition(response).currentLeader());
        assertEquals(List.of(new NodeEndpoint(2, "broker2", 9092, "rack2")), response.nodeEndpoints());
    }
}
