package io.milena.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.milena.protocol.ErrorCode;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What those who fetch are told. The leader's log: epoch 0 from 0, epoch 2 from 5, epoch 4 from 8 to 10; it leads epoch 5 from 10. */
class ServeTest {
    private final Replica replica = new Replica();

    @BeforeEach
    void lead() {
        replica.holding(10, 0);
        replica.epochs.put(2, 5L);
        replica.epochs.put(4, 8L);
        replica.assigned(1, 5, 0, 1, 2);
    }

    private void fetch(int leaderEpoch, long offset, int lastFetchedEpoch) {
        replica.serve(new FollowerFetch(2, 102, leaderEpoch, offset, lastFetchedEpoch, 0, Long.MAX_VALUE));
    }

    @ParameterizedTest
    @CsvSource({"4, FENCED_LEADER_EPOCH", "6, UNKNOWN_LEADER_EPOCH"})
    void anotherLeaderEpochIsRefused(int epoch, ErrorCode error) {
        fetch(epoch, 10, 4);
        replica.assertRefused(error);
    }

    @Test
    void whoDoesNotLeadDoesNotServe() {
        replica.assigned(2, 6, 1, 1, 2);
        fetch(6, 10, 4);
        replica.assertRefused(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void aReplicaThatTheLeaderDoesNotKnowYetComesAgain() {
        replica.serve(new FollowerFetch(9, 109, 5, 10, 4, 0, 0));
        replica.assertRefused(ErrorCode.UNKNOWN_LEADER_EPOCH);
        replica.serve(new FollowerFetch(9, 109, -1, 10, 4, 0, 0));
        replica.assertRefused(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    @ParameterizedTest
    @CsvSource({"10, 4", "8, 2", "9, 4", "3, 0", "5, 0", "6, 2", "0, -1", "10, -1", "10, 5"})
    void whoHasTheSameRecordsReadsOnToTheEnd(long offset, int lastFetchedEpoch) {
        fetch(5, offset, lastFetchedEpoch);
        assertEquals(new Answer.MayRead(10, replica.state.highWatermark(), 0, Answer.Urgency.CAN_WAIT), replica.answer);
        assertEquals(offset, replica.leader().followers().getFirst().endOffset());
    }

    @ParameterizedTest
    @CsvSource({"12, 4, 4, 10", "9, 3, 2, 8", "9, 2, 2, 8", "7, 1, 0, 5", "6, 0, 0, 5", "11, 5, 5, 10"})
    void whoHasOthersIsToldWhereToMeet(long offset, int lastFetchedEpoch, int epoch, long end) {
        Leader before = replica.leader();
        fetch(5, offset, lastFetchedEpoch);
        assertEquals(new Answer.Diverging(new EpochEnd(epoch, end), 0, 0), replica.answer);
        assertSame(before, replica.state, "it has not shown that it has anything");
    }

    @Test
    void anEpochThatHasNoRecordsYetEndsWhereItBegan() {
        replica.assigned(1, 9, 1, 1, 2);
        fetch(9, 11, 7);
        assertEquals(new Answer.Diverging(new EpochEnd(4, 10), 0, 0), replica.answer);
        replica.appends(2);
        fetch(9, 11, 7);
        assertEquals(new Answer.Diverging(new EpochEnd(4, 10), 0, 0), replica.answer);
        fetch(9, 11, 9);
        assertEquals(
                new Answer.MayRead(12, 0, 0, Answer.Urgency.CAN_WAIT).endOffset(),
                ((Answer.MayRead) replica.answer).endOffset());
    }

    @ParameterizedTest
    @CsvSource({"2, 0", "2, -1", "11, -1", "10, 6"})
    void whatIsNotInTheLogIsOutOfRange(long offset, int lastFetchedEpoch) {
        replica.startOffset = 3;
        fetch(5, offset, lastFetchedEpoch);
        replica.assertRefused(ErrorCode.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void aFollowerThatDoesNotKnowTheHighWatermarkIsToldAtOnce() {
        replica.serve(new FollowerFetch(2, 102, 5, 10, 4, 0, 0));
        assertEquals(new Answer.MayRead(10, 10, 0, Answer.Urgency.BRINGS_HIGH_WATERMARK), replica.answer);
        replica.serve(new FollowerFetch(2, 102, 5, 10, 4, 0, 10));
        assertEquals(new Answer.MayRead(10, 10, 0, Answer.Urgency.CAN_WAIT), replica.answer);
    }

    private Answer consumer(int leaderEpoch, long offset, int lastFetchedEpoch, ConsumerFetch.Source source) {
        return new ConsumerFetch(leaderEpoch, offset, lastFetchedEpoch, source).check(replica.state, replica);
    }

    @Test
    void consumersReadToTheHighWatermark() {
        fetch(5, 8, 2);
        Answer readable = new Answer.MayRead(8, 8, 0, Answer.Urgency.CAN_WAIT);
        assertEquals(readable, consumer(-1, 3, -1, ConsumerFetch.Source.LEADER));
        assertEquals(
                readable, consumer(5, 9, 4, ConsumerFetch.Source.LEADER), "what is not committed yet is not an error");
        assertEquals(new Answer.Diverging(new EpochEnd(2, 8), 8, 0), consumer(5, 9, 3, ConsumerFetch.Source.LEADER));
        assertEquals(
                new Answer.Refused(ErrorCode.FENCED_LEADER_EPOCH), consumer(4, 3, -1, ConsumerFetch.Source.LEADER));
        assertEquals(
                new Answer.Refused(ErrorCode.OFFSET_OUT_OF_RANGE), consumer(5, 11, -1, ConsumerFetch.Source.LEADER));
    }

    @Test
    void followersServeThoseWhoWereSentToThem() {
        replica.assigned(2, 6, 1, 1, 2);
        assertEquals(
                new Answer.Refused(ErrorCode.NOT_LEADER_OR_FOLLOWER), consumer(6, 0, -1, ConsumerFetch.Source.LEADER));
        replica.handle(new Command.FetchAnswered(next(), new FetchAnswer.Nothing(7, 0)));
        assertEquals(
                new Answer.MayRead(7, 7, 0, Answer.Urgency.CAN_WAIT),
                consumer(6, 0, -1, ConsumerFetch.Source.ANY_REPLICA));
    }

    private FetchPosition next() {
        FetchPosition next = replica.follower().nextFetch(replica.now());
        assertNotNull(next);
        return next;
    }

    @Test
    void consumersAreSentToAnInSyncReplicaInTheirRackThatHasTheOffset() {
        assertEquals(OptionalInt.empty(), preferred("rack2", 3), "it has not fetched");
        fetch(5, 10, 4);
        replica.serve(new FollowerFetch(3, 103, 5, 9, 4, 0, 0));
        assertEquals(OptionalInt.of(2), preferred("rack2", 3));
        assertEquals(OptionalInt.empty(), preferred("rack2", 11));
        assertEquals(OptionalInt.empty(), preferred("rack3", 3), "not in sync");
        assertEquals(OptionalInt.empty(), preferred("rack1", 3), "the leader is there");
        assertEquals(OptionalInt.empty(), preferred("", 3));
        replica.standing(2, Brokers.Standing.FENCED);
        assertEquals(OptionalInt.empty(), preferred("rack2", 3));
    }

    private OptionalInt preferred(String rack, long offset) {
        return PreferredReplica.choose(replica.leader(), offset, rack, replica::broker);
    }
}
