package io.milena.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is committed, and what producers with {@code acks=all} are told. */
class HighWatermarkTest {
    private static final ReplicationSettings ONE = new ReplicationSettings(1_000, 1, 100);

    private final Replica replica = new Replica();

    private Replicated replicated(int epoch, long endOffset) {
        return replica.state.replicated(new Appended(epoch, endOffset), replica.settings);
    }

    private static Replicated over(ErrorCode error) {
        return new Replicated.Over(error);
    }

    @Test
    void isWhatAllInSyncReplicasHaveForced() {
        replica.assigned(1, 0, 0, 1, 2, 3);
        replica.appends(10);
        replica.fetchedBy(2, 10);
        assertEquals(0, replica.state.highWatermark(), "nothing is known of 3");
        replica.fetchedBy(3, 4);
        assertEquals(4, replica.state.highWatermark());
        assertTrue(replica.effects.contains(new Effect.Wake(4)));
        assertEquals(new Replicated.NotYet(), replicated(0, 5));
        assertEquals(over(ErrorCode.NONE), replicated(0, 4));
    }

    @Test
    void isNotAheadOfTheLeadersOwnDisk() {
        replica.assigned(1, 0, 0, 1, 2);
        replica.endOffset = 10;
        replica.fetchedBy(2, 10);
        assertEquals(0, replica.state.highWatermark());
        replica.forcedEndOffset = 7;
        replica.handle(new Command.LogMoved());
        assertEquals(7, replica.state.highWatermark());
    }

    @Test
    void waitsForOneThatMayJoinAndNotForOneThatMayNot() {
        replica.assigned(1, 0, 0, 1, 2);
        replica.appends(10);
        replica.fetchedBy(2, 10);
        replica.fetchedBy(3, 10);
        replica.handle(new Command.ProposalAnswered(
                replica.effect(Effect.Propose.class).proposal(),
                new ProposalOutcome.Refused(ErrorCode.INELIGIBLE_REPLICA)));
        replica.appends(5);
        replica.fetchedBy(2, 15);
        assertEquals(10, replica.state.highWatermark(), "3 has been caught up");
        replica.standing(3, Brokers.Standing.FENCED);
        replica.handle(new Command.LogMoved());
        assertEquals(15, replica.state.highWatermark());
    }

    @Test
    void standsStillWhileTooFewAreInSync() {
        replica.assigned(1, 0, 0, 1);
        replica.appends(10);
        assertEquals(0, replica.state.highWatermark());
        assertEquals(ErrorCode.NOT_ENOUGH_REPLICAS, replica.state.admitAll(replica.settings));
        assertEquals(ErrorCode.NONE, replica.state.admit(), "acks=1 is taken");
        replica.assigned(1, 0, 1, 1, 2);
        replica.fetchedBy(2, 10);
        assertEquals(10, replica.state.highWatermark());
    }

    @Test
    void aTopicCannotDemandMoreReplicasThanItHas() {
        replica.settings = new ReplicationSettings(1_000, 5, 100);
        replica.assigned(1, 0, 0, 1, 2, 3);
        assertEquals(ErrorCode.NONE, replica.state.admitAll(replica.settings));
    }

    @Test
    void aReplicaThatLeavesAfterTheAppendIsNotEnough() {
        replica.settings = ONE;
        replica.assigned(1, 0, 0, 1, 2);
        replica.appends(3);
        replica.standing(2, Brokers.Standing.FENCED);
        replica.assigned(1, 0, 1, 1);
        assertEquals(3, replica.state.highWatermark());
        replica.settings = new ReplicationSettings(1_000, 2, 100);
        assertEquals(over(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND), replicated(0, 3));
    }

    @Test
    void neverGoesBack() {
        replica.assigned(1, 0, 0, 1, 2);
        replica.appends(10);
        replica.fetchedBy(2, 10);
        replica.fetchedBy(2, 3);
        assertEquals(10, replica.state.highWatermark(), "a fetch that was overtaken");
        replica.assigned(1, 1, 1, 1, 2, 3);
        assertEquals(10, replica.state.highWatermark());
    }

    @Test
    void aWaitEndsWhenTheLeaderChangesAndDoesNotComeBack() {
        replica.assigned(1, 0, 0, 1, 2);
        replica.appends(3);
        replica.assigned(2, 1, 1, 1, 2);
        assertEquals(over(ErrorCode.NOT_LEADER_OR_FOLLOWER), replicated(0, 3));
        replica.assigned(1, 2, 2, 1, 2);
        replica.fetchedBy(2, 3);
        assertEquals(3, replica.state.highWatermark());
        assertEquals(over(ErrorCode.NOT_LEADER_OR_FOLLOWER), replicated(0, 3), "it may have been truncated meanwhile");
        assertEquals(over(ErrorCode.NONE), replicated(2, 3));
    }

    @Test
    void aWaitGoesOnWhenTheSameLeaderIsElectedAgain() {
        replica.assigned(1, 0, 0, 1, 2);
        replica.appends(3);
        replica.assigned(1, 1, 1, 1, 2);
        assertEquals(new Replicated.NotYet(), replicated(0, 3));
        replica.fetchedBy(2, 3);
        assertEquals(over(ErrorCode.NONE), replicated(0, 3));
    }

    @Test
    void whatFollowersHadCountsInTheNextEpochButNotAfterAMissingOne() {
        replica.assigned(1, 0, 0, 1, 2, 3);
        replica.appends(10);
        replica.fetchedBy(2, 10);
        replica.assigned(1, 1, 1, 1, 2, 3);
        replica.fetchedBy(3, 10);
        assertEquals(10, replica.state.highWatermark());
        replica.appends(5);
        replica.fetchedBy(2, 15);
        replica.assigned(1, 3, 3, 1, 2, 3);
        replica.fetchedBy(3, 15);
        assertEquals(10, replica.state.highWatermark(), "2 may have truncated in epoch 2");
    }

    @Test
    void consumersAreToldNoLatestOffsetBeforeItIsKnownHowFarEarlierLeadersWere() {
        replica.holding(8, 0).assigned(1, 1, 0, 1, 2);
        assertEquals(ErrorCode.OFFSET_NOT_AVAILABLE, replica.leader().latestOffsetError());
        replica.fetchedBy(2, 8);
        assertEquals(ErrorCode.NONE, replica.leader().latestOffsetError());
    }

    @Test
    void recordsAreDeletedWhenAllThatLiveHaveDeletedThem() {
        replica.holding(8, 0).assigned(1, 1, 0, 1, 2, 3);
        replica.serve(new FollowerFetch(2, 102, 1, 8, -1, 5, Long.MAX_VALUE));
        replica.serve(new FollowerFetch(3, 103, 1, 8, -1, 2, Long.MAX_VALUE));
        replica.startOffset = 6;
        assertEquals(2, replica.leader().lowWatermark(replica, replica::broker));
        replica.standing(3, Brokers.Standing.FENCED);
        assertEquals(5, replica.leader().lowWatermark(replica, replica::broker));
    }

    @Test
    void aFailedDiskEndsAllWaits() {
        replica.assigned(1, 0, 0, 1, 2);
        replica.appends(3);
        replica.handle(new Command.LogFailed());
        assertEquals(over(ErrorCode.KAFKA_STORAGE_ERROR), replicated(0, 3));
        assertEquals(ErrorCode.KAFKA_STORAGE_ERROR, replica.state.admit());
        replica.assigned(1, 5, 5, 1, 2);
        assertFalse(replica.state instanceof Leader, "not before a new start");
        replica.handle(new Command.Serve(new FollowerFetch(2, 102, 5, 3, 0, 0, 0)));
        assertEquals(List.of(), replica.effects);
        replica.assertRefused(ErrorCode.KAFKA_STORAGE_ERROR);
    }
}
