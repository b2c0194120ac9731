package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.record.BrokerRegistrationChangeRecord;
import io.milena.protocol.record.PartitionChangeRecord;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Given a partition on brokers 0, 1 and 2; when brokers come and go; then this is who leads it and who is in sync. */
class BrokerChangesTest {
    private static final Map<String, String> MIN_TWO = Map.of("min.insync.replicas", "2");

    private static TestCluster withMinTwo() {
        return TestCluster.of(3)
                .withEligibleLeaders()
                .topic("t", TestCluster.TOPIC, Map.copyOf(MIN_TWO), List.of(List.of(0, 1, 2)));
    }

    @Test
    void theNextReplicaInSyncLeadsWhenTheLeaderIsFenced() {
        TestCluster cluster = TestCluster.of(3).topic(0, 1, 2);
        assertEquals("leader 0 epoch 0 isr 0,1,2", cluster.story());
        cluster.fence(0);
        assertEquals("leader 1 epoch 1 isr 1,2", cluster.story());
        cluster.fence(1);
        assertEquals("leader 2 epoch 2 isr 2", cluster.story());
    }

    @Test
    void aFencedFollowerLeavesTheIsrAndTheEpochStays() {
        TestCluster cluster = TestCluster.of(3).topic(0, 1, 2);
        cluster.fence(2);
        assertEquals("leader 0 epoch 0 isr 0,1", cluster.story());
        assertEquals(1, cluster.partition().partitionEpoch());
    }

    @Test
    void theLastOneInSyncStaysInTheIsrAndLeadsAgain() {
        TestCluster cluster = TestCluster.of(3).topic(0, 1, 2);
        cluster.fence(0);
        cluster.fence(1);
        cluster.fence(2);
        assertEquals("leader -1 epoch 3 isr 2", cluster.story());
        cluster.unfence(1);
        assertEquals("leader -1 epoch 3 isr 2", cluster.story());
        cluster.unfence(2);
        assertEquals("leader 2 epoch 4 isr 2", cluster.story());
    }

    @Test
    void anyOfThoseThatDieTogetherMayLeadAgain() {
        TestCluster cluster = TestCluster.of(3).topic(0, 1, 2);
        cluster.fence(0, 1, 2);
        assertEquals("leader -1 epoch 1 isr 0,1,2", cluster.story());
        cluster.unfence(1);
        assertEquals("leader 1 epoch 2 isr 0,1,2", cluster.story());
    }

    @Test
    void whoWasInSyncStaysEligibleWhileTheIsrIsTooSmall() {
        TestCluster cluster = withMinTwo();
        cluster.fence(0);
        assertEquals("leader 1 epoch 1 isr 1,2", cluster.story());
        cluster.fence(1);
        assertEquals("leader 2 epoch 2 isr 2 elr 1", cluster.story());
        cluster.fence(2);
        assertEquals("leader -1 epoch 3 isr  elr 1,2 last 2", cluster.story());
        cluster.unfence(0);
        assertEquals("leader -1 epoch 3 isr  elr 1,2 last 2", cluster.story());
        cluster.unfence(1);
        assertEquals("leader 1 epoch 4 isr 1 elr 2", cluster.story());
        cluster.alterIsr(cluster.partition(), List.of(1, 0));
        assertEquals("leader 1 epoch 4 isr 1,0", cluster.story());
    }

    @Test
    void besideALeaderThatConfirmsAloneNobodyIsEligible() {
        TestCluster cluster = TestCluster.of(3).withEligibleLeaders().topic(0, 1, 2);
        cluster.fence(0, 1, 2);
        assertEquals("leader -1 epoch 1 isr  elr 0,1,2 last 0", cluster.story());
        cluster.unfence(1);
        assertEquals("leader 1 epoch 2 isr 1", cluster.story());
        cluster.fence(1);
        cluster.unfence(0);
        assertEquals("leader -1 epoch 3 isr  elr 1 last 1", cluster.story());
    }

    @Test
    void whoWasShutDownUncleanlyIsNotEligible() {
        TestCluster cluster = withMinTwo();
        cluster.fence(0, 1);
        cluster.fence(2);
        assertEquals("leader -1 epoch 2 isr  elr 0,1,2 last 2", cluster.story());
        cluster.nowMs += TestCluster.SESSION_MS;
        cluster.register(TestCluster.registration(0, new UUID(9, 9)).build());
        assertEquals("leader -1 epoch 2 isr  elr 1,2 last 2", cluster.story());
        long previous = cluster.epoch(1);
        cluster.register(TestCluster.registration(1, new UUID(9, 8))
                .previousBrokerEpoch(previous)
                .build());
        assertEquals("leader -1 epoch 2 isr  elr 1,2 last 2", cluster.story());
    }

    @Test
    void theLastLeaderLeadsWhenNobodyIsEligibleAnyMore() {
        TestCluster cluster = withMinTwo();
        cluster.fence(0);
        cluster.fence(1);
        cluster.fence(2);
        cluster.nowMs += TestCluster.SESSION_MS;
        for (int id = 0; id < 3; id++) {
            cluster.register(TestCluster.registration(id, new UUID(9, id)).build());
        }
        assertEquals("leader -1 epoch 3 isr  last 2", cluster.story());
        cluster.unfence(1);
        assertEquals("leader -1 epoch 3 isr  last 2", cluster.story());
        cluster.unfence(2);
        assertEquals("leader 2 epoch 4 isr 2 recovering", cluster.story());
    }

    @Test
    void anybodyLeadsWhereUncleanElectionsAreAllowed() {
        TestCluster cluster = TestCluster.of(3)
                .topic(
                        "t",
                        TestCluster.TOPIC,
                        Map.of("unclean.leader.election.enable", "true"),
                        List.of(List.of(0, 1, 2)));
        cluster.fence(1);
        cluster.fence(2);
        cluster.fence(0);
        assertEquals("leader -1 epoch 1 isr 0", cluster.story());
        cluster.unfence(2);
        assertEquals("leader 2 epoch 2 isr 2 recovering", cluster.story());
    }

    @Test
    void whoGoesHandsItsLeadershipOverFirst() {
        TestCluster cluster = TestCluster.of(3).topic(0, 1, 2);
        cluster.replay(cluster.changes.beginShutdown(cluster.image, 0));
        assertEquals("leader 1 epoch 1 isr 1,2", cluster.story());
        assertTrue(cluster.image.isUnfenced(0));
        assertEquals(List.of(), cluster.changes.beginShutdown(cluster.image, 0));
    }

    @Test
    void whoIsUnregisteredKeepsItsReplicasAndLeadsNothing() {
        TestCluster cluster = TestCluster.of(3).topic(0, 1, 2);
        cluster.replay(cluster.registrations
                .unregister(cluster.image, cluster.liveness, 0)
                .records());
        assertNull(cluster.image.broker(0));
        assertEquals("leader 1 epoch 1 isr 1,2", cluster.story());
        assertEquals(List.of(0, 1, 2), cluster.partition().replicas());
    }

    @Test
    void aLostDirectoryCostsWhatIsInIt() {
        TestCluster cluster = TestCluster.of(3).topic(0, 1, 2);
        UUID lost = new UUID(100, 1);
        List<UUID> homes = List.of(lost, Controller.UNASSIGNED_DIRECTORY, Controller.UNASSIGNED_DIRECTORY);
        cluster.replay(List.of(PartitionChangeRecord.builder()
                .topicId(TestCluster.TOPIC)
                .partitionId(0)
                .directories(homes)
                .build()));
        cluster.replay(cluster.changes.loseDirectories(cluster.image, 0, List.of(new UUID(100, 2))));
        assertEquals("leader 0 epoch 0 isr 0,1,2", cluster.story());
        cluster.heartbeat(cluster.beat(0).offlineLogDirs(List.of(lost)).build());
        assertEquals("leader 1 epoch 1 isr 1,2", cluster.story());
        assertTrue(!cluster.image.isUnfenced(0), "a broker without any directory serves nothing");
    }

    @Test
    void onlyPartitionsOfTheBrokerAreChanged() {
        TestCluster cluster = TestCluster.of(4)
                .topic("t", TestCluster.TOPIC, Map.of(), List.of(List.of(0, 1), List.of(2, 3), List.of(3, 0)));
        var records = cluster.changes.fence(cluster.image, List.of(0, 0, 77));
        assertEquals(3, records.size());
        assertTrue(records.getFirst() instanceof BrokerRegistrationChangeRecord);
        assertEquals(0, ((PartitionChangeRecord) records.get(1)).partitionId());
        assertEquals(2, ((PartitionChangeRecord) records.get(2)).partitionId());
        cluster.replay(records);
        assertEquals(List.of(), cluster.changes.fence(cluster.image, List.of(0)));
    }
}
