package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AlterPartitionRequest;
import io.milena.protocol.message.AlterPartitionResponse;
import io.milena.protocol.record.PartitionRecord;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Given partition t-0 on brokers 0, 1 and 2 at leader epoch 1, led by 1, with 1 and 2 in sync, and 3 and 4 elsewhere. */
class IsrChangesTest {
    private final TestCluster cluster = TestCluster.of(5).topic(0, 1, 2);

    IsrChangesTest() {
        cluster.fence(0);
        cluster.unfence(0);
        assertEquals("leader 1 epoch 1 isr 1,2", cluster.story());
    }

    @Test
    void theIsrShrinksAndGrows() {
        AlterPartitionResponse.PartitionData shrunk = cluster.alterIsr(cluster.partition(), List.of(1));
        assertEquals(
                AlterPartitionResponse.PartitionData.builder()
                        .partitionIndex(0)
                        .leaderId(1)
                        .leaderEpoch(1)
                        .isr(List.of(1))
                        .partitionEpoch(2)
                        .build(),
                shrunk);
        assertEquals("leader 1 epoch 1 isr 1", cluster.story());
        cluster.alterIsr(cluster.partition(), List.of(1, 0, 2));
        assertEquals("leader 1 epoch 1 isr 1,0,2", cluster.story());
        assertEquals(3, cluster.partition().partitionEpoch());
    }

    @Test
    void whatIsSoAlreadyIsConfirmedWithoutARecord() {
        int records = cluster.log.size();
        AlterPartitionResponse.PartitionData same = cluster.alterIsr(cluster.partition(), List.of(1, 2));
        assertEquals(ErrorCode.NONE.code(), same.errorCode());
        assertEquals(1, same.partitionEpoch());
        assertEquals(records, cluster.log.size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        1 | 2 | 1 | 1,2   | 0 | NOT_CONTROLLER
        1 | 1 | 2 | 1,2   | 0 | NOT_CONTROLLER
        1 | 0 | 1 | 1,2   | 0 | FENCED_LEADER_EPOCH
        2 | 1 | 1 | 1,2   | 0 | INVALID_REQUEST
        1 | 1 | 0 | 1,2   | 0 | INVALID_UPDATE_VERSION
        1 | 1 | 1 | 2     | 0 | INVALID_REQUEST
        1 | 1 | 1 | 1,1   | 0 | INVALID_REQUEST
        1 | 1 | 1 | 1,3   | 0 | INVALID_REQUEST
        1 | 1 | 1 | ""    | 0 | INVALID_REQUEST
        1 | 1 | 1 | 1     | 1 | INVALID_REQUEST
        1 | 1 | 1 | 1,2   | 2 | INVALID_REQUEST
        1 | 1 | 1 | 1,2,0 | 0 | NONE
        """)
    void whoDoesNotKnowThePartitionAsItIsIsRefused(
            int broker, int leaderEpoch, int partitionEpoch, String isr, byte recoveryState, ErrorCode expected) {
        List<Integer> ids = isr.isEmpty()
                ? List.of()
                : List.of(isr.split(",")).stream().map(Integer::valueOf).toList();
        AlterPartitionResponse.PartitionData answer = cluster.alter(
                broker,
                TestCluster.TOPIC,
                cluster.change(cluster.partition(), ids)
                        .leaderEpoch(leaderEpoch)
                        .partitionEpoch(partitionEpoch)
                        .leaderRecoveryState(recoveryState)
                        .build());
        assertEquals(expected.code(), answer.errorCode());
    }

    @Test
    void whoIsFencedOrGoingIsNotInSync() {
        cluster.fence(2);
        assertEquals(
                ErrorCode.INELIGIBLE_REPLICA.code(),
                cluster.alterIsr(cluster.partition(), List.of(1, 2)).errorCode());
        cluster.replay(cluster.changes.beginShutdown(cluster.image, 0));
        assertEquals(
                ErrorCode.INELIGIBLE_REPLICA.code(),
                cluster.alterIsr(cluster.partition(), List.of(1, 0)).errorCode());
    }

    @Test
    void aReplicaOfAnEarlierStartIsNotInSync() {
        PartitionRecord partition = cluster.partition();
        AlterPartitionRequest.PartitionData late = AlterPartitionRequest.PartitionData.builder()
                .partitionIndex(0)
                .leaderEpoch(partition.leaderEpoch())
                .partitionEpoch(partition.partitionEpoch())
                .newIsrWithEpochs(List.of(
                        new AlterPartitionRequest.BrokerState(1, cluster.epoch(1)),
                        new AlterPartitionRequest.BrokerState(0, cluster.epoch(0) + 1)))
                .build();
        assertEquals(
                ErrorCode.INELIGIBLE_REPLICA.code(),
                cluster.alter(1, TestCluster.TOPIC, late).errorCode());
    }

    @Test
    void olderRequestsNameNoEpochs() {
        PartitionRecord partition = cluster.partition();
        var request = new AlterPartitionRequest(
                1,
                cluster.epoch(1),
                List.of(new AlterPartitionRequest.TopicData(
                        TestCluster.TOPIC,
                        List.of(AlterPartitionRequest.PartitionData.builder()
                                .leaderEpoch(partition.leaderEpoch())
                                .partitionEpoch(partition.partitionEpoch())
                                .newIsr(List.of(1))
                                .build()))));
        cluster.replay(new IsrChanges(cluster.settings)
                .alter(cluster.image, request, (short) 2)
                .records());
        assertEquals("leader 1 epoch 1 isr 1", cluster.story());
    }

    @Test
    void whatIsUnknownIsRefused() {
        AlterPartitionRequest.PartitionData change =
                cluster.change(cluster.partition(), List.of(1)).build();
        assertEquals(
                ErrorCode.UNKNOWN_TOPIC_ID.code(),
                cluster.alter(1, new UUID(5, 5), change).errorCode());
        assertEquals(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code(),
                cluster.alter(
                                1,
                                TestCluster.TOPIC,
                                change.toBuilder().partitionIndex(7).build())
                        .errorCode());
        var stale = new AlterPartitionRequest(1, cluster.epoch(1) - 1, List.of());
        assertEquals(
                ErrorCode.STALE_BROKER_EPOCH.code(),
                new IsrChanges(cluster.settings)
                        .alter(cluster.image, stale, (short) 3)
                        .answer()
                        .errorCode());
    }

    @Test
    void aLeaderThatHasRecoveredSaysSo() {
        TestCluster unclean = TestCluster.of(2)
                .topic(
                        "t",
                        TestCluster.TOPIC,
                        Map.of("unclean.leader.election.enable", "true"),
                        List.of(List.of(0, 1)));
        unclean.fence(1);
        unclean.fence(0);
        unclean.unfence(1);
        assertEquals("leader 1 epoch 2 isr 1 recovering", unclean.story());
        unclean.unfence(0);
        PartitionRecord partition = unclean.partition();
        AlterPartitionRequest.PartitionData tooSoon = unclean.change(partition, List.of(1, 0))
                .leaderRecoveryState((byte) 1)
                .build();
        assertEquals(
                ErrorCode.INVALID_REQUEST.code(),
                unclean.alter(1, TestCluster.TOPIC, tooSoon).errorCode());
        unclean.alterIsr(partition, List.of(1));
        assertEquals("leader 1 epoch 2 isr 1", unclean.story());
    }
}
