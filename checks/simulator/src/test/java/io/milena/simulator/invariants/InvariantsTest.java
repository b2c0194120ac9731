package io.milena.simulator.invariants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.milena.simulator.invariants.Sighting.Life;
import io.milena.simulator.invariants.Sighting.Place;
import io.milena.simulator.invariants.Sighting.Role;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Each judge acquits a history in which its promise is kept, and convicts one in which it is broken. */
class InvariantsTest {
    private static final Place PLACE = new Place(new UUID(1, 2), "t", 0);
    private static final Life ONE = new Life(1, 1);
    private static final Life TWO = new Life(2, 1);

    /** A log of batches of one record, each with its checksum. */
    private static BatchLog log(long... checksums) {
        BatchLog log = new BatchLog();
        for (long crc : checksums) {
            log.append(new Batch(log.endOffset(), log.endOffset(), 0, crc, null));
        }
        return log;
    }

    private static Sighting leader(Life life, int epoch, long highWatermark, BatchLog log) {
        return new Sighting(life, PLACE, Role.LEADER, epoch, highWatermark, true, log);
    }

    private static Sighting follower(Life life, int epoch, long highWatermark, BatchLog log) {
        return new Sighting(life, PLACE, Role.FOLLOWER, epoch, highWatermark, false, log);
    }

    private static void assertConvicted(Invariant invariant, Runnable crime) {
        Violation found = assertThrows(Violation.class, crime::run);
        assertEquals(
                invariant.getClass().getSimpleName(),
                String.valueOf(found.getMessage()).split(":")[0]);
    }

    @Test
    void twoLeadersOfOneEpochAreFound() {
        OneLeaderPerEpoch judge = new OneLeaderPerEpoch();
        judge.see(leader(ONE, 1, 0, log()));
        judge.see(leader(TWO, 2, 0, log()));
        judge.see(leader(ONE, 1, 1, log(7)));
        assertConvicted(judge, () -> judge.see(leader(TWO, 1, 0, log())));
    }

    @Test
    void aLeaderThatComesBackIntoItsOldEpochIsFound() {
        OneLeaderPerEpoch judge = new OneLeaderPerEpoch();
        judge.see(leader(ONE, 1, 0, log()));
        assertConvicted(judge, () -> judge.see(leader(new Life(1, 2), 1, 0, log())));
    }

    @Test
    void aHighWatermarkThatGoesBackIsFound() {
        HighWatermarkNeverGoesBack judge = new HighWatermarkNeverGoesBack();
        judge.see(leader(ONE, 1, 2, log(7, 8, 9)));
        judge.see(leader(ONE, 1, 3, log(7, 8, 9)));
        assertConvicted(judge, () -> judge.see(leader(ONE, 1, 2, log(7, 8, 9))));
    }

    @Test
    void aLeaderWithLessThanWasShownIsFound() {
        HighWatermarkNeverGoesBack judge = new HighWatermarkNeverGoesBack();
        judge.see(leader(ONE, 1, 2, log(7, 8)));
        judge.see(new Sighting(TWO, PLACE, Role.LEADER, 2, 1, false, log(7, 8)));
        assertConvicted(judge, () -> judge.see(new Sighting(TWO, PLACE, Role.LEADER, 3, 1, false, log(7))));
    }

    @Test
    void aLatestOffsetBelowWhatWasToldBeforeIsFound() {
        HighWatermarkNeverGoesBack judge = new HighWatermarkNeverGoesBack();
        judge.see(leader(ONE, 1, 2, log(7, 8)));
        assertConvicted(judge, () -> judge.see(leader(TWO, 2, 1, log(7, 8))));
    }

    @Test
    void aFollowersHighWatermarkThatGoesBackIsFoundUnlessItsEndWasTakenAway() {
        HighWatermarkNeverGoesBack judge = new HighWatermarkNeverGoesBack();
        BatchLog log = log(7, 8);
        judge.see(follower(ONE, 1, 2, log));
        log.truncateTo(1);
        judge.see(follower(ONE, 1, 1, log));
        assertConvicted(judge, () -> judge.see(follower(ONE, 1, 0, log)));
    }

    @Test
    void anAcknowledgedBatchThatALaterLeaderLacksIsFound() {
        AcknowledgedIsInEveryLaterLeader judge = new AcknowledgedIsInEveryLaterLeader();
        judge.see(leader(ONE, 1, 2, log(7, 8)));
        judge.acknowledged(PLACE, 1, 8);
        judge.see(leader(TWO, 0, 1, log(7))); // one that was replaced and does not know it
        judge.see(leader(TWO, 2, 1, log(7, 8, 9)));
        assertConvicted(judge, () -> judge.see(leader(new Life(3, 1), 3, 1, log(7, 9))));
    }

    @Test
    void aLeaderThatLosesWhatIsAcknowledgedWhileItLeadsIsFound() {
        AcknowledgedIsInEveryLaterLeader judge = new AcknowledgedIsInEveryLaterLeader();
        judge.see(leader(ONE, 1, 2, log(7, 8)));
        judge.see(leader(TWO, 2, 0, log(7)));
        assertConvicted(judge, () -> judge.acknowledged(PLACE, 1, 8));
    }

    @Test
    void anAcknowledgementBeforeTheCommitIsFound() {
        AcknowledgedIsInEveryLaterLeader judge = new AcknowledgedIsInEveryLaterLeader();
        judge.see(leader(ONE, 1, 1, log(7, 8)));
        judge.acknowledged(PLACE, 0, 7);
        assertConvicted(judge, () -> judge.acknowledged(PLACE, 1, 8));
    }

    @Test
    void whatALeaderCommitsInItsLastStepIsAPromise() {
        AcknowledgedIsInEveryLaterLeader judge = new AcknowledgedIsInEveryLaterLeader();
        judge.see(leader(ONE, 1, 1, log(7, 8)));
        judge.committed(PLACE, 1, 2);
        judge.see(follower(ONE, 1, 2, log(7, 8)));
        judge.acknowledged(PLACE, 1, 8);
        judge.see(leader(ONE, 2, 2, log(7, 8)));
        assertConvicted(judge, () -> judge.see(leader(TWO, 3, 2, log(7, 9))));
    }

    @Test
    void logsThatDisagreeAreFound() {
        LogsAgreeBelowTheHighWatermark judge = new LogsAgreeBelowTheHighWatermark();
        judge.see(leader(ONE, 1, 3, log(7, 8, 9)));
        judge.see(follower(TWO, 1, 2, log(7, 8, 10)));
        assertConvicted(judge, () -> judge.see(follower(TWO, 1, 3, log(7, 8, 10))));
    }

    @Test
    void whatHasEndedDisagreesWithNobody() {
        LogsAgreeBelowTheHighWatermark judge = new LogsAgreeBelowTheHighWatermark();
        judge.see(leader(ONE, 1, 1, log(7)));
        judge.ended(ONE);
        judge.see(leader(TWO, 2, 1, log(8)));
        assertConvicted(judge, () -> judge.see(follower(new Life(1, 2), 2, 1, log(7))));
    }

    @Test
    void anOffsetThatIsGivenTwiceIsFound() {
        AnOffsetIsGivenOnce judge = new AnOffsetIsGivenOnce();
        judge.see(leader(ONE, 1, 1, log(7, 8)));
        judge.ended(ONE);
        judge.see(leader(TWO, 2, 2, log(7, 9)));
        assertConvicted(judge, () -> judge.see(leader(new Life(1, 2), 3, 2, log(7, 8))));
    }

    @Test
    void anAcknowledgementOfSomethingElseIsFound() {
        AnOffsetIsGivenOnce judge = new AnOffsetIsGivenOnce();
        judge.see(leader(ONE, 1, 2, log(7, 8)));
        judge.acknowledged(PLACE, 1, 8);
        assertConvicted(judge, () -> judge.acknowledged(PLACE, 0, 8));
    }

    @Test
    void anAcknowledgementOfWhatNobodyShowsYetIsHeldAgainstWhatIsShownLater() {
        AnOffsetIsGivenOnce judge = new AnOffsetIsGivenOnce();
        judge.see(leader(ONE, 1, 1, log(7, 8)));
        judge.acknowledged(PLACE, 1, 8);
        judge.see(leader(TWO, 2, 1, log(7, 9)));
        assertConvicted(judge, () -> judge.see(leader(TWO, 2, 2, log(7, 9))));
    }

    @Test
    void aGroupsOffsetThatGoesBackIsFound() {
        CommittedOffsetsNeverGoBack judge = new CommittedOffsetsNeverGoBack();
        judge.asked("g", PLACE.toString(), 5);
        find(judge, -1);
        find(judge, 5); // although nobody has heard that it was committed
        assertThrows(Violation.class, () -> find(judge, 4));
    }

    private static void find(CommittedOffsetsNeverGoBack judge, long offset) {
        judge.found("g", PLACE.toString(), offset, judge.least("g", PLACE.toString()));
    }

    @Test
    void anAnswerThatIsOldWhenItComesIsNone() {
        CommittedOffsetsNeverGoBack judge = new CommittedOffsetsNeverGoBack();
        long least = judge.least("g", PLACE.toString());
        judge.asked("g", PLACE.toString(), 5);
        judge.confirmed("g", PLACE.toString(), 5);
        judge.found("g", PLACE.toString(), -1, least);
        assertThrows(Violation.class, () -> find(judge, -1));
    }

    @Test
    void aGroupsOffsetThatNobodyHasCommittedIsFound() {
        CommittedOffsetsNeverGoBack judge = new CommittedOffsetsNeverGoBack();
        judge.asked("g", PLACE.toString(), 5);
        assertThrows(Violation.class, () -> find(judge, 6));
    }

    private static BatchLog transactions(Batch.Part... parts) {
        BatchLog log = new BatchLog();
        for (Batch.Part part : parts) {
            log.append(new Batch(log.endOffset(), log.endOffset(), 0, 7, part));
        }
        return log;
    }

    private static Batch.Part data(long producer) {
        return new Batch.Part(producer, false);
    }

    private static Batch.Part marker(long producer) {
        return new Batch.Part(producer, true);
    }

    @Test
    void aStableOffsetBehindAnOpenTransactionIsFound() {
        LastStableOffsetWaitsForOpenTransactions judge = new LastStableOffsetWaitsForOpenTransactions();
        judge.see(leader(ONE, 1, 4, transactions(data(1), data(2), marker(1), data(3))));
        judge.toldStable(PLACE, 1);
        assertConvicted(judge, () -> judge.toldStable(PLACE, 2));
    }

    @Test
    void aMarkerThatIsNotCommittedEndsNothing() {
        LastStableOffsetWaitsForOpenTransactions judge = new LastStableOffsetWaitsForOpenTransactions();
        BatchLog log = transactions(data(1), marker(1));
        judge.see(leader(ONE, 1, 1, log));
        assertConvicted(judge, () -> judge.toldStable(PLACE, 1));
        judge.see(leader(ONE, 1, 2, log));
        judge.toldStable(PLACE, 2);
    }

    @Test
    void aTransactionThatOpensAgainAfterItsEndWasTakenAwayIsFound() {
        LastStableOffsetWaitsForOpenTransactions judge = new LastStableOffsetWaitsForOpenTransactions();
        BatchLog log = transactions(data(1), marker(1));
        judge.see(leader(ONE, 1, 1, log));
        log.truncateTo(1);
        log.append(new Batch(1, 1, 2, 8, data(2)));
        judge.see(leader(ONE, 2, 2, log));
        assertConvicted(judge, () -> judge.toldStable(PLACE, 1));
    }

    @Test
    void aTransactionThatNobodyHasCommittedIsFoundWhenItIsSeen() {
        AbortedIsNeverSeen judge = new AbortedIsNeverSeen();
        judge.askedToCommit(1);
        judge.seen(1);
        assertThrows(Violation.class, () -> judge.seen(2));
    }

    @Test
    void aTransactionThatIsSeenInOnePartitionOnlyIsFound() {
        TransactionsAreWhole judge = new TransactionsAreWhole();
        judge.wrote(1, 0, 5);
        judge.wrote(1, 1, 7);
        judge.read(0, 0, 6, List.of(new TransactionsAreWhole.Seen(5, 1)));
        judge.read(1, 0, 7, List.of());
        assertThrows(Violation.class, () -> judge.read(1, 7, 8, List.of()));
    }

    @Test
    void aTransactionThatIsConfirmedAndPassedByIsFound() {
        TransactionsAreWhole judge = new TransactionsAreWhole();
        judge.wrote(1, 0, 5);
        judge.read(0, 0, 9, List.of());
        assertThrows(Violation.class, () -> judge.confirmed(1));
    }

    @Test
    void anotherTransactionAtAnOffsetThatWasSeenIsFound() {
        TransactionsAreWhole judge = new TransactionsAreWhole();
        judge.read(0, 0, 6, List.of(new TransactionsAreWhole.Seen(5, 1)));
        judge.read(0, 0, 6, List.of(new TransactionsAreWhole.Seen(5, 1)));
        assertThrows(Violation.class, () -> judge.read(0, 0, 6, List.of(new TransactionsAreWhole.Seen(5, 2))));
    }

    @Test
    void aPartitionThatTwoMembersOwnInOneGenerationIsFound() {
        OneOwnerPerGeneration judge = new OneOwnerPerGeneration();
        judge.given("g", 1, 0, "a");
        judge.given("g", 1, 1, "b");
        judge.given("g", 1, 0, "a");
        judge.given("g", 2, 0, "b");
        judge.given("another", 1, 0, "b");
        assertThrows(Violation.class, () -> judge.given("g", 2, 0, "a"));
    }

    @Test
    void aNumberThatIsCopiedTwiceOrNeverIsFound() {
        EachInputIsCopiedOnce judge = new EachInputIsCopiedOnce();
        EachInputIsCopiedOnce.Reader reader = judge.reader("somewhere");
        reader.see(0, 0);
        reader.see(1, 0);
        reader.see(0, 1);
        assertThrows(Violation.class, () -> reader.see(1, 0));
        assertThrows(Violation.class, () -> reader.see(0, 3));
    }

    @Test
    void anInputThatIsCommittedAndNotCopiedIsFound() {
        EachInputIsCopiedOnce judge = new EachInputIsCopiedOnce();
        judge.reader("somewhere").see(0, 0);
        judge.committed(0, 2);
        assertThrows(Violation.class, () -> judge.check(0, 2));
    }

    @Test
    void anInputThatIsCopiedAndNotCommittedIsFound() {
        EachInputIsCopiedOnce judge = new EachInputIsCopiedOnce();
        judge.reader("somewhere").see(0, 0);
        assertThrows(Violation.class, () -> judge.check(0, 1));
        judge.committed(0, 1);
        judge.check(0, 1);
    }
}
