package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AssignReplicasToDirsRequest;
import io.milena.protocol.message.AssignReplicasToDirsRequest.DirectoryData;
import io.milena.protocol.message.AssignReplicasToDirsRequest.PartitionData;
import io.milena.protocol.message.AssignReplicasToDirsRequest.TopicData;
import io.milena.protocol.message.AssignReplicasToDirsResponse;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Given a partition on brokers 0 and 1 of three. */
class DirectoryAssignmentsTest {
    private static final UUID HOME = new UUID(101, 2);
    private final TestCluster cluster = TestCluster.of(3).topic(0, 1);

    private AssignReplicasToDirsResponse assign(int broker, long epoch, UUID topic, int index, UUID directory) {
        Outcome<AssignReplicasToDirsResponse> outcome = new DirectoryAssignments(cluster.settings)
                .assign(
                        cluster.image,
                        new AssignReplicasToDirsRequest(
                                broker,
                                epoch,
                                List.of(new DirectoryData(
                                        directory, List.of(new TopicData(topic, List.of(new PartitionData(index))))))));
        cluster.replay(outcome.records());
        return outcome.answer();
    }

    private long epoch(int broker) {
        return Objects.requireNonNull(cluster.image.broker(broker)).brokerEpoch();
    }

    private ErrorCode assign(int broker, UUID topic, int index) {
        return ErrorCode.of(assign(broker, epoch(broker), topic, index, HOME)
                .directories()
                .getFirst()
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .errorCode());
    }

    @Test
    void theDirectoryOfOneReplicaIsNotedAndNothingElseChanges() {
        String before = cluster.story();
        List<UUID> others = cluster.partition().directories();
        assertEquals(ErrorCode.NONE, assign(1, TestCluster.TOPIC, 0));
        assertEquals(List.of(others.getFirst(), HOME), cluster.partition().directories());
        assertEquals(before, cluster.story());
    }

    @Test
    void whatIsInADirectoryThatDoesNotWorkIsLedByAnother() {
        cluster.heartbeat(
                cluster.beat(0).offlineLogDirs(List.of(new UUID(100, 1))).build());
        assertEquals("leader 0 epoch 0 isr 0,1", cluster.story());
        assign(0, epoch(0), TestCluster.TOPIC, 0, new UUID(100, 1));
        assertEquals("leader 1 epoch 1 isr 1", cluster.story());
        assertEquals(
                ErrorCode.INELIGIBLE_REPLICA.code(),
                cluster.alterIsr(cluster.partition(), List.of(1, 0)).errorCode());
        assign(0, epoch(0), TestCluster.TOPIC, 0, new UUID(100, 2));
        cluster.alterIsr(cluster.partition(), List.of(1, 0));
        assertEquals("leader 1 epoch 1 isr 1,0", cluster.story());
    }

    @Test
    void whatIsNotThereOrNotTheBrokersIsRefused() {
        assertEquals(ErrorCode.UNKNOWN_TOPIC_ID, assign(1, new UUID(9, 9), 0));
        assertEquals(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, assign(1, TestCluster.TOPIC, 7));
        assertEquals(ErrorCode.NOT_LEADER_OR_FOLLOWER, assign(2, TestCluster.TOPIC, 0));
    }

    @Test
    void aBrokerOfAnotherEpochIsRefused() {
        assertEquals(
                ErrorCode.STALE_BROKER_EPOCH.code(),
                assign(1, epoch(1) + 1, TestCluster.TOPIC, 0, HOME).errorCode());
    }
}
