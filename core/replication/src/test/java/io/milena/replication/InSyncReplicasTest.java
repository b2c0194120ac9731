package io.milena.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which changes of the ISR a leader proposes, and what it makes of the controller's answers. */
class InSyncReplicasTest {
    private final Replica replica = new Replica();

    @BeforeEach
    void leadWithTenRecords() {
        replica.settings = new ReplicationSettings(1_000, 1, 100);
        replica.holding(10, 0).assigned(1, 1, 7, 1, 2);
        replica.fetchedBy(2, 10);
    }

    private Proposal proposal() {
        return replica.effect(Effect.Propose.class).proposal();
    }

    private Proposal joining() {
        replica.fetchedBy(3, 10);
        return proposal();
    }

    private void answer(Proposal proposal, ProposalOutcome outcome) {
        replica.handle(new Command.ProposalAnswered(proposal, outcome));
    }

    private void refuse(Proposal proposal, ErrorCode error) {
        answer(proposal, new ProposalOutcome.Refused(error));
    }

    @Test
    void oneThatHasAllIsProposedWithItsLife() {
        Proposal proposal = joining();
        assertEquals(
                new Proposal(
                        1,
                        7,
                        List.of(new Proposal.Member(1, 101), new Proposal.Member(2, 102), new Proposal.Member(3, 103)),
                        List.of(3)),
                proposal);
        assertEquals(List.of(1, 2), replica.leader().isr());
        assertEquals(List.of(1, 2, 3), replica.leader().maximalIsr());
        replica.fetchedBy(3, 10);
        assertFalse(replica.does(Effect.Propose.class), "one at a time");
    }

    @Test
    void onlyOneThatMayBeElectedWithoutLossIsProposed() {
        replica.fetchedBy(3, 9);
        assertFalse(replica.does(Effect.Propose.class), "below the high watermark");
        replica.standing(3, Brokers.Standing.FENCED);
        replica.fetchedBy(3, 10);
        assertFalse(replica.does(Effect.Propose.class), "fenced");
        replica.standing(3, Brokers.Standing.SHUTTING_DOWN);
        replica.fetchedBy(3, 10);
        assertFalse(replica.does(Effect.Propose.class), "about to stop");
        replica.standing(3, Brokers.Standing.ACTIVE);
        replica.serve(new FollowerFetch(3, 104, 1, 10, -1, 0, 0));
        assertFalse(replica.does(Effect.Propose.class), "a life that the metadata do not know yet");
        replica.serve(new FollowerFetch(3, 50, 1, 10, -1, 0, 0));
        replica.assertRefused(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        replica.fetchedBy(3, 10);
        assertTrue(replica.does(Effect.Propose.class));
    }

    @Test
    void aNewLeaderTakesOnlyWhoHasAllThatItHadWhenItWasElected() {
        Replica elected = new Replica().holding(10, 0);
        elected.assigned(1, 1, 0, 1, 2);
        elected.fetchedBy(3, 9);
        assertEquals(0, elected.state.highWatermark(), "nothing is known of 2");
        assertFalse(elected.does(Effect.Propose.class), "what is committed may lie above the high watermark");
        elected.fetchedBy(3, 10);
        assertTrue(elected.does(Effect.Propose.class));
    }

    @Test
    void whoIsBehindForTooLongIsProposedToLeaveAndCountsUntilThat() {
        replica.appends(5);
        replica.nowMs += 1_000;
        replica.handle(new Command.Tick());
        assertFalse(replica.does(Effect.Propose.class));
        replica.nowMs += 1;
        replica.handle(new Command.Tick());
        Proposal proposal = proposal();
        assertEquals(List.of(new Proposal.Member(1, 101)), proposal.members());
        assertEquals(10, replica.state.highWatermark());
        answer(proposal, new ProposalOutcome.Accepted(1, 8, List.of(1)));
        assertEquals(15, replica.state.highWatermark());
        assertEquals(List.of(1), replica.leader().isr());
    }

    @Test
    void whoHasAllIsInSyncHoweverLongAgoItHasFetched() {
        replica.nowMs += 1_000_000;
        replica.handle(new Command.Tick());
        assertFalse(replica.does(Effect.Propose.class));
    }

    @Test
    void whoIsAlwaysALittleBehindIsInSync() {
        for (int round = 0; round < 10; round++) {
            replica.appends(5);
            replica.nowMs += 400;
            replica.fetchedBy(2, replica.endOffset - 5);
        }
        replica.handle(new Command.Tick());
        assertFalse(replica.does(Effect.Propose.class), "it had all that there was a fetch ago");
    }

    @Test
    void whatIsAcceptedIsInSync() {
        answer(joining(), new ProposalOutcome.Accepted(1, 8, List.of(1, 2, 3)));
        assertEquals(List.of(1, 2, 3), replica.leader().isr());
        assertEquals(8, replica.leader().assignment().partitionEpoch());
        assertEquals(new IsrChange.None(), replica.leader().change());
    }

    @Test
    void whatWasSoAnywayIsAcceptedToo() {
        answer(joining(), new ProposalOutcome.Accepted(1, 7, List.of(1, 2, 3)));
        assertEquals(new IsrChange.None(), replica.leader().change());
    }

    @Test
    void anAnswerOfAnotherEpochOrOlderThanTheMetadataChangesNothing() {
        Proposal proposal = joining();
        replica.assigned(1, 1, 9, 1, 2);
        answer(proposal, new ProposalOutcome.Accepted(1, 8, List.of(1, 2, 3)));
        answer(proposal, new ProposalOutcome.Accepted(2, 12, List.of(1, 2, 3)));
        refuse(proposal, ErrorCode.INVALID_UPDATE_VERSION);
        assertEquals(List.of(1, 2), replica.leader().isr());
        assertEquals(9, replica.leader().assignment().partitionEpoch());
        assertEquals(new IsrChange.None(), replica.leader().change());
    }

    @ParameterizedTest
    @EnumSource(names = {"INELIGIBLE_REPLICA", "OPERATION_NOT_ATTEMPTED"})
    void whatWasSurelyNotDoneIsOver(ErrorCode error) {
        refuse(joining(), error);
        assertEquals(List.of(1, 2), replica.leader().maximalIsr());
        assertTrue(replica.leader().change() instanceof IsrChange.None);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "FENCED_LEADER_EPOCH",
                "INVALID_UPDATE_VERSION",
                "NEW_LEADER_ELECTED",
                "INVALID_REQUEST",
                "UNKNOWN_TOPIC_OR_PARTITION",
                "UNKNOWN_TOPIC_ID"
            })
    void whoDoesNotKnowTheLatestWaitsForIt(ErrorCode error) {
        refuse(joining(), error);
        assertEquals(List.of(1, 2, 3), replica.leader().maximalIsr());
        replica.fetchedBy(3, 10);
        replica.nowMs += 5_000;
        replica.handle(new Command.Tick());
        assertFalse(replica.does(Effect.Propose.class));
        replica.assigned(1, 1, 8, 1, 2);
        assertEquals(List.of(1, 2), replica.leader().maximalIsr());
    }

    @ParameterizedTest
    @EnumSource(names = {"NOT_CONTROLLER", "UNKNOWN_SERVER_ERROR", "REQUEST_TIMED_OUT", "STALE_BROKER_EPOCH"})
    void otherErrorsAreTriedAgain(ErrorCode error) {
        Proposal proposal = joining();
        refuse(proposal, error);
        assertEquals(new Effect.Propose(proposal, 2), replica.effect(Effect.Propose.class));
        answer(proposal, new ProposalOutcome.Unanswered());
        assertEquals(new Effect.Propose(proposal, 3), replica.effect(Effect.Propose.class));
        assertEquals(List.of(1, 2, 3), replica.leader().maximalIsr());
    }

    @Test
    void aRefusalAfterALostAttemptProvesNothingForAWhile() {
        Proposal proposal = joining();
        answer(proposal, new ProposalOutcome.Unanswered());
        refuse(proposal, ErrorCode.INELIGIBLE_REPLICA);
        assertEquals(List.of(1, 2, 3), replica.leader().maximalIsr());
        assertEquals(
                replica.nowMs + 1_000, replica.effect(Effect.LookAgainAt.class).atMs());
        replica.fetchedBy(2, 10);
        replica.fetchedBy(3, 10);
        replica.handle(new Command.Tick());
        assertEquals(List.of(1, 2, 3), replica.leader().maximalIsr());
        replica.nowMs += 1_000;
        replica.handle(new Command.Tick());
        assertEquals(List.of(1, 2), replica.leader().maximalIsr());
    }

    @Test
    void aLateAcceptanceCountsEvenInDoubt() {
        Proposal proposal = joining();
        answer(proposal, new ProposalOutcome.Unanswered());
        refuse(proposal, ErrorCode.INELIGIBLE_REPLICA);
        answer(proposal, new ProposalOutcome.Accepted(1, 8, List.of(1, 2, 3)));
        assertEquals(List.of(1, 2, 3), replica.leader().isr());
    }

    @Test
    void newsThatAreKnownDoNotEndWhatIsProposed() {
        Proposal proposal = joining();
        replica.assigned(1, 1, 7, 1, 2);
        assertEquals(List.of(1, 2, 3), replica.leader().maximalIsr());
        assertEquals(1, ((IsrChange.InFlight) replica.leader().change()).attempt());
        answer(proposal, new ProposalOutcome.Accepted(1, 8, List.of(1, 2, 3)));
        assertEquals(List.of(1, 2, 3), replica.leader().isr());
    }

    @Test
    void newsThatAreKnownTellWhichReplicasWereRemoved() {
        joining();
        replica.handle(new Command.Assign(new Assignment(1, 1, 7, List.of(1, 2), List.of(1, 2))));
        assertEquals(
                List.of(1, 2), replica.leader().maximalIsr(), "nobody accepts a proposal with a replica that is none");
        replica.fetchedBy(3, 10);
        replica.assertRefused(ErrorCode.UNKNOWN_LEADER_EPOCH);
    }
}
