package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.BrokerHeartbeatResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BrokerHeartbeatsTest {
    private final TestCluster cluster = TestCluster.of(3).topic(0, 1, 2);

    private List<Integer> ended() {
        return cluster.liveness.ended(cluster.image, cluster.nowMs);
    }

    @Test
    void aBrokerIsUnfencedWhenItHasReadItsOwnRegistration() {
        cluster.register(TestCluster.registration(7, new UUID(7, 7)).build());
        BrokerHeartbeatResponse early = cluster.heartbeat(
                cluster.beat(7).currentMetadataOffset(cluster.epoch(7) - 1).build());
        assertTrue(early.isFenced());
        assertFalse(early.isCaughtUp());
        BrokerHeartbeatResponse wantsToStay =
                cluster.heartbeat(cluster.beat(7).wantFence(true).build());
        assertTrue(wantsToStay.isFenced());
        BrokerHeartbeatResponse ready = cluster.heartbeat(7);
        assertFalse(ready.isFenced());
        assertTrue(ready.isCaughtUp());
        assertTrue(cluster.image.isActive(7));
    }

    @Test
    void whoIsUnknownOrFromAnEarlierStartIsRefused() {
        assertEquals(
                ErrorCode.BROKER_ID_NOT_REGISTERED.code(), cluster.heartbeat(9).errorCode());
        assertEquals(
                ErrorCode.STALE_BROKER_EPOCH.code(),
                cluster.heartbeat(cluster.beat(1).brokerEpoch(99).build()).errorCode());
    }

    @Test
    void aBrokerThatIsSilentForAWholeSessionIsFenced() {
        cluster.nowMs += TestCluster.SESSION_MS - 1;
        assertEquals(List.of(), ended());
        cluster.heartbeat(0);
        cluster.heartbeat(2);
        cluster.nowMs += 1;
        assertEquals(List.of(1), ended());
        cluster.fence(1);
        assertEquals(List.of(), ended());
        assertEquals(cluster.nowMs - 1 + TestCluster.SESSION_MS, cluster.liveness.nextDeadlineMs(cluster.image));
    }

    @Test
    void aSlowBrokerIsNotADeadOne() {
        for (int beat = 0; beat < 20; beat++) {
            cluster.nowMs += TestCluster.SESSION_MS - 1;
            for (int id = 0; id < 3; id++) {
                assertEquals(List.of(), ended());
                cluster.heartbeat(id);
            }
        }
        assertEquals("leader 0 epoch 0 isr 0,1,2", cluster.story());
    }

    @Test
    void aBrokenConnectionFencesAfterAShortGrace() {
        cluster.liveness.connectionBroke(0, cluster.epoch(0), cluster.nowMs);
        assertEquals(cluster.nowMs + TestCluster.GRACE_MS, cluster.liveness.nextDeadlineMs(cluster.image));
        cluster.nowMs += TestCluster.GRACE_MS - 1;
        assertEquals(List.of(), ended());
        cluster.nowMs += 1;
        assertEquals(List.of(0), ended());
    }

    @Test
    void whoComesBackOnAnotherConnectionStays() {
        cluster.liveness.connectionBroke(0, cluster.epoch(0), cluster.nowMs);
        cluster.liveness.connectionBroke(1, cluster.epoch(1) - 1, cluster.nowMs); // of an earlier start
        cluster.nowMs += TestCluster.GRACE_MS - 1;
        cluster.heartbeat(0);
        cluster.nowMs += 1;
        assertEquals(List.of(), ended());
    }

    @Test
    void aControllerThatHasSleptFencesNobodyForIt() {
        long deadline = cluster.liveness.nextDeadlineMs(cluster.image);
        cluster.nowMs = deadline + TestCluster.SESSION_MS;
        assertEquals(List.of(), ended());
        cluster.heartbeat(0);
        cluster.nowMs = cluster.liveness.nextDeadlineMs(cluster.image);
        assertEquals(List.of(0, 1, 2), ended());
    }

    @Test
    void aNewControllerGivesEveryoneAFullSession() {
        cluster.fence(2);
        cluster.nowMs += 10 * TestCluster.SESSION_MS;
        cluster.liveness.reset(cluster.image, cluster.nowMs);
        cluster.nowMs += TestCluster.SESSION_MS - 1;
        assertEquals(List.of(), ended());
        cluster.nowMs += 1;
        assertEquals(List.of(0, 1), ended());
    }

    @Test
    void whoWasNotHeardOfByANewControllerAndIsGoneIsFencedAfterAShortGrace() {
        cluster.liveness.reset(cluster.image, cluster.nowMs);
        cluster.heartbeat(1);
        cluster.liveness.isGone(0, cluster.epoch(0), cluster.nowMs);
        cluster.liveness.isGone(1, cluster.epoch(1), cluster.nowMs); // who has been heard of is there
        cluster.liveness.isGone(2, cluster.epoch(2), cluster.nowMs);
        cluster.nowMs += TestCluster.GRACE_MS - 1;
        cluster.heartbeat(2); // nobody may have listened where the controller looked
        cluster.nowMs += 1;
        assertEquals(List.of(0), ended());
    }

    @Test
    void whoLeadsSomethingGoesWhenTheOthersKnowItsSuccessor() {
        BrokerHeartbeatResponse first =
                cluster.heartbeat(cluster.beat(0).wantShutDown(true).build());
        assertFalse(first.shouldShutDown());
        assertEquals("leader 1 epoch 1 isr 1,2", cluster.story());
        assertTrue(cluster.image.isUnfenced(0));

        long decided = cluster.lastOffset();
        assertFalse(
                cluster.heartbeat(cluster.beat(0).wantShutDown(true).build()).shouldShutDown());
        cluster.heartbeat(cluster.beat(1).currentMetadataOffset(decided).build());
        assertFalse(
                cluster.heartbeat(cluster.beat(0).wantShutDown(true).build()).shouldShutDown());
        cluster.heartbeat(cluster.beat(2).currentMetadataOffset(decided).build());
        BrokerHeartbeatResponse last =
                cluster.heartbeat(cluster.beat(0).wantShutDown(true).build());
        assertTrue(last.shouldShutDown());
        assertTrue(last.isFenced());
        assertFalse(cluster.image.isUnfenced(0));
    }

    @Test
    void whoLeadsNothingGoesAtOnce() {
        assertTrue(cluster.heartbeat(cluster.beat(2).wantShutDown(true).build()).shouldShutDown());
        assertEquals("leader 0 epoch 0 isr 0,1", cluster.story());
    }

    @Test
    void whoIsFencedGoesAtOnce() {
        cluster.fence(0);
        assertTrue(cluster.heartbeat(cluster.beat(0).wantShutDown(true).build()).shouldShutDown());
    }

    @Test
    void whoWantsToBeFencedIs() {
        assertTrue(cluster.heartbeat(cluster.beat(0).wantFence(true).build()).isFenced());
        assertEquals("leader 1 epoch 1 isr 1,2", cluster.story());
    }
}
