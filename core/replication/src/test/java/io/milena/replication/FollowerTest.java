package io.milena.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a follower does. Its log: epoch 0 from 0, epoch 3 from 5 to 10; it follows broker 2 in epoch 4. */
class FollowerTest {
    private final Replica replica = new Replica();
    private FetchPosition here = new FetchPosition(2, 4, 10, 3, 0, 0);

    @BeforeEach
    void follow() {
        replica.holding(10, 0);
        replica.epochs.put(3, 5L);
        replica.assigned(2, 4, 0, 1, 2);
    }

    private @Nullable FetchPosition next() {
        return replica.follower().nextFetch(replica.now());
    }

    private void answer(FetchAnswer answer) {
        replica.handle(new Command.FetchAnswered(here, answer));
    }

    private FollowerPhase phase() {
        return replica.follower().phase();
    }

    @Test
    void fetchesFromTheEndOfItsLog() {
        assertTrue(replica.does(Effect.FetchAgain.class));
        assertEquals(here, next());
    }

    @Test
    void fetchesAgainWhenWhatItGotIsForced() {
        var batches = new FetchAnswer.Batches(12, 0);
        answer(batches);
        assertEquals(new Effect.Append(batches), replica.effect(Effect.Append.class));
        replica.endOffset = 14;
        replica.epochs.put(4, 10L);
        replica.handle(new Command.BatchesAppended(batches));
        assertTrue(replica.does(Effect.Force.class));
        assertEquals(12, replica.state.highWatermark());
        assertNull(next(), "the offset of a fetch tells what is forced");
        replica.forcedEndOffset = 14;
        replica.handle(new Command.LogMoved());
        assertTrue(replica.does(Effect.FetchAgain.class));
        assertEquals(new FetchPosition(2, 4, 14, 4, 0, 12), next());
    }

    @Test
    void itsHighWatermarkIsNeverAboveItsEndAndDoesNotGoBack() {
        answer(new FetchAnswer.Nothing(100, 0));
        assertEquals(10, replica.state.highWatermark());
        answer(new FetchAnswer.Nothing(3, 0));
        assertEquals(10, replica.state.highWatermark(), "a new leader may not know yet");
    }

    @Test
    void itsStartFollowsTheLeadersUpToTheHighWatermark() {
        answer(new FetchAnswer.Nothing(6, 8));
        assertEquals(6, replica.effect(Effect.MoveStart.class).offset());
    }

    @Test
    void anAnswerToAnotherFetchMeansNothing() {
        ReplicaState before = replica.state;
        for (FetchPosition sent : List.of(
                new FetchPosition(2, 3, 10, 3, 0, 0),
                new FetchPosition(2, 4, 9, 3, 0, 0),
                new FetchPosition(2, 4, 10, 0, 0, 0))) {
            for (FetchAnswer answer : List.of(
                    new FetchAnswer.Batches(9, 0),
                    new FetchAnswer.Diverging(new EpochEnd(0, 2)),
                    new FetchAnswer.Refused(ErrorCode.OFFSET_OUT_OF_RANGE))) {
                replica.handle(new Command.FetchAnswered(sent, answer));
                assertSame(before, replica.state);
                assertEquals(List.of(), replica.effects);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 8, 8", "0, 3, 3", "0, 7, 5", "2, 8, 5", "1, 4, 5"})
    void truncatesToWhatBothHave(int leadersEpoch, long leadersEnd, long expected) {
        answer(new FetchAnswer.Diverging(new EpochEnd(leadersEpoch, leadersEnd)));
        assertEquals(expected, replica.effect(Effect.Truncate.class).offset());
        assertEquals(new FollowerPhase.Truncating(), phase());
        assertNull(next());
        replica.endOffset = expected;
        replica.forcedEndOffset = expected;
        replica.epochs.values().removeIf(start -> start >= expected);
        replica.handle(new Command.Truncated());
        assertEquals(new FetchPosition(2, 4, expected, 0 == replica.latestEpoch() ? 0 : 3, 0, 0), next());
    }

    @Test
    void aDivergenceThatIsNoneIsNotTriedForEver() {
        answer(new FetchAnswer.Diverging(new EpochEnd(3, 10)));
        assertEquals(new FollowerPhase.BackingOff(ErrorCode.UNKNOWN_SERVER_ERROR, replica.nowMs + 100), phase());
    }

    @Test
    void saysSoWhenItGivesUpWhatWasCommitted() {
        answer(new FetchAnswer.Nothing(9, 0));
        answer(new FetchAnswer.Diverging(new EpochEnd(3, 7)));
        assertTrue(replica.does(Effect.Note.class));
        assertEquals(7, replica.state.highWatermark());
    }

    @ParameterizedTest
    @CsvSource({"0, 7, Truncate, 7", "0, 0, StartAnew, 0", "12, 20, StartAnew, 12"})
    void outOfRangeItGoesWhereTheLeaderIs(long leadersStart, long leadersEnd, String effect, long offset) {
        answer(new FetchAnswer.Refused(ErrorCode.OFFSET_OUT_OF_RANGE));
        assertEquals(new Effect.AskOffsets(2, 4), replica.effect(Effect.AskOffsets.class));
        assertNull(next());
        replica.handle(new Command.OffsetsAnswered(3, leadersStart, leadersEnd));
        assertEquals(new FollowerPhase.AskingOffsets(), phase(), "of another epoch");
        replica.handle(new Command.OffsetsAnswered(4, leadersStart, leadersEnd));
        Effect expected = effect.equals("Truncate") ? new Effect.Truncate(offset) : new Effect.StartAnew(offset);
        assertEquals(List.of(expected), replica.effects);
        assertEquals(new FollowerPhase.Truncating(), phase());
    }

    @Test
    void outOfRangeForAMomentOnlyItTriesAgain() {
        answer(new FetchAnswer.Refused(ErrorCode.OFFSET_OUT_OF_RANGE));
        replica.handle(new Command.OffsetsAnswered(4, 3, 20));
        assertEquals(new FollowerPhase.BackingOff(ErrorCode.OFFSET_OUT_OF_RANGE, replica.nowMs + 100), phase());
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "NOT_LEADER_OR_FOLLOWER",
                "UNKNOWN_LEADER_EPOCH",
                "UNKNOWN_TOPIC_OR_PARTITION",
                "NETWORK_EXCEPTION",
                "KAFKA_STORAGE_ERROR",
                "CORRUPT_MESSAGE"
            })
    void afterAnErrorItWaits(ErrorCode error) {
        answer(new FetchAnswer.Refused(error));
        assertEquals(
                replica.nowMs + 100, replica.effect(Effect.LookAgainAt.class).atMs());
        assertNull(next());
        replica.nowMs += 100;
        replica.handle(new Command.Tick());
        assertTrue(replica.does(Effect.FetchAgain.class));
        assertEquals(here, next());
        answer(new FetchAnswer.Nothing(4, 0));
        assertEquals(new FollowerPhase.Fetching(), phase());
    }

    @Test
    void whatCannotBeAppendedIsFetchedAgainLater() {
        answer(new FetchAnswer.Batches(12, 0));
        replica.handle(new Command.AppendFailed(ErrorCode.CORRUPT_MESSAGE));
        assertEquals(new FollowerPhase.BackingOff(ErrorCode.CORRUPT_MESSAGE, replica.nowMs + 100), phase());
    }

    @Test
    void fencedItWaitsForTheAssignmentThatTheLeaderKnows() {
        answer(new FetchAnswer.Refused(ErrorCode.FENCED_LEADER_EPOCH));
        replica.nowMs += 1_000_000;
        assertNull(next());
        replica.assigned(2, 4, 1, 1, 2, 3);
        assertNull(next(), "the same epoch");
        replica.assigned(2, 5, 2, 1, 2, 3);
        assertEquals(new FetchPosition(2, 5, 10, 3, 0, 0), next());
    }

    @Test
    void withoutALeaderItWaits() {
        replica.assigned(Assignment.NO_LEADER, 5, 1, 1, 2);
        assertNull(next());
        assertEquals(new FollowerPhase.AwaitingAssignment(), phase());
    }

    @Test
    void anOlderAssignmentIsNotTaken() {
        replica.assigned(3, 6, 5, 1, 3);
        replica.assigned(1, 4, 1, 1, 2);
        assertEquals(3, replica.follower().assignment().leader());
    }

    @Test
    void leadsWhenItIsElectedWithTheHighWatermarkThatItKnows() {
        answer(new FetchAnswer.Nothing(6, 0));
        replica.assigned(1, 5, 1, 1, 2);
        assertEquals(6, replica.leader().highWatermark());
        assertEquals(10, replica.leader().epochStartOffset());
        assertEquals(5, replica.leader().leadingSinceEpoch());
        assertTrue(replica.effects.contains(new Effect.Wake(Effect.Wake.ALL)));
    }

    @Test
    void leadsOnlyWhenTheTruncationIsOver() {
        answer(new FetchAnswer.Diverging(new EpochEnd(3, 8)));
        replica.assigned(1, 5, 1, 1, 2);
        assertFalse(replica.state instanceof Leader, "where its log ends is not known yet");
        assertEquals(ErrorCode.NOT_LEADER_OR_FOLLOWER, replica.state.admit());
        replica.endOffset = 8;
        replica.forcedEndOffset = 8;
        replica.handle(new Command.Truncated());
        assertEquals(8, replica.leader().epochStartOffset());
    }

    @Test
    void leavesOnlyWhenTheTruncationIsOver() {
        answer(new FetchAnswer.Diverging(new EpochEnd(3, 8)));
        replica.handle(new Command.Assign(new Assignment(2, 4, 1, List.of(2, 3), List.of(2, 3))));
        assertTrue(replica.state instanceof Follower);
        replica.handle(new Command.Truncated());
        assertTrue(replica.state instanceof Detached);
    }

    @Test
    void doesNotLeadAnEpochOfAnEarlierLife() {
        Replica reborn = new Replica().holding(10, 4);
        reborn.assigned(1, 4, 3, 1, 2);
        assertEquals(new FollowerPhase.AwaitingAssignment(), reborn.follower().phase());
        assertTrue(reborn.does(Effect.Note.class));
        reborn.assigned(1, 5, 4, 1, 2);
        assertTrue(reborn.state instanceof Leader);
    }

    @Test
    void aloneItGoesOnInItsEpoch() {
        Replica reborn = new Replica().holding(10, 4);
        reborn.handle(new Command.Assign(new Assignment(1, 4, 3, List.of(1), List.of(1))));
        assertEquals(10, reborn.leader().highWatermark());
    }
}
