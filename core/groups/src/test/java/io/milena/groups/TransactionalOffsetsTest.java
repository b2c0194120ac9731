package io.milena.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.milena.protocol.message.TxnOffsetCommitRequest;
import io.milena.protocol.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.milena.protocol.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.milena.protocol.message.TxnOffsetCommitResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Offsets that are committed with transactions: pending until a marker, then committed or forgotten. */
class TransactionalOffsetsTest {
    private static final short VERSION = 5;

    private record Logged(
            CoordinatorRecord record, @Nullable Producer producer) {}

    private final List<Logged> log = new ArrayList<>();
    private GroupShard shard = elected();

    private static GroupShard elected() {
        GroupShard shard = new GroupShard(GroupSettings.defaults());
        shard.elected(0);
        return shard;
    }

    private ErrorCode handle(Command command) {
        Decision decision = shard.handle(command, 1);
        for (CoordinatorRecord record : decision.records()) {
            log.add(new Logged(record, decision.producer()));
            replay(shard, log.getLast());
        }
        Effect.Reply reply = (Effect.Reply) decision.effects().getFirst();
        return reply.response() instanceof TxnOffsetCommitResponse commit
                ? ErrorCode.of(
                        commit.topics().getFirst().partitions().getFirst().errorCode())
                : ErrorCode.NONE;
    }

    private static void replay(GroupShard shard, Logged logged) {
        shard.replay(
                logged.record.key(),
                logged.record.value(),
                logged.producer == null ? null : Long.valueOf(logged.producer.id()));
    }

    private ErrorCode commit(long producerId, long offset) {
        return commit(producerId, offset, -1, "");
    }

    private ErrorCode commit(long producerId, long offset, int generation, String memberId) {
        TxnOffsetCommitRequest request = TxnOffsetCommitRequest.builder()
                .transactionalId("id")
                .groupId("g")
                .producerId(producerId)
                .producerEpoch((short) 0)
                .generationIdOrMemberEpoch(generation)
                .memberId(memberId)
                .topics(List.of(new TxnOffsetCommitRequestTopic(
                        "orders", Uuids.ZERO, List.of(new TxnOffsetCommitRequestPartition(0, offset, -1, null)))))
                .build();
        return handle(new Command.CommitTransactionalOffsets(new RequestContext(1, VERSION, "", "/"), request));
    }

    private long committed() {
        return partition(shard.offsets(Requests.fetch("g", "orders", 0))).committedOffset();
    }

    private ErrorCode stable() {
        return ErrorCode.of(
                partition(shard.stableOffsets(Requests.fetch("g", "orders", 0))).errorCode());
    }

    private static OffsetFetchResponsePartitions partition(
            io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup group) {
        return group.topics().getFirst().partitions().getFirst();
    }

    @Test
    void anOffsetIsSeenWhenItsTransactionIsCommitted() {
        assertEquals(ErrorCode.NONE, commit(7, 12));
        assertEquals(-1, committed());
        assertEquals(ErrorCode.UNSTABLE_OFFSET_COMMIT, stable());

        shard.committed(7);

        assertEquals(12, committed());
        assertEquals(ErrorCode.NONE, stable());
        assertNotNull(shard.groups().group("g"));
    }

    @Test
    void anOffsetIsForgottenWhenItsTransactionIsAborted() {
        commit(7, 12);
        shard.aborted(7);
        assertEquals(-1, committed());
        assertEquals(ErrorCode.NONE, stable());
        shard.committed(7);
        assertEquals(-1, committed());
    }

    @Test
    void theMarkerOfAnotherProducerChangesNothing() {
        commit(7, 12);
        shard.committed(8);
        shard.aborted(8);
        assertEquals(ErrorCode.UNSTABLE_OFFSET_COMMIT, stable());
    }

    @Test
    void theLaterRecordWinsNotTheLaterMarker() {
        commit(7, 12);
        commit(8, 20);
        shard.committed(8);
        assertEquals(20, committed());
        assertEquals(ErrorCode.NONE, stable());
        shard.committed(7);
        assertEquals(20, committed());
    }

    @Test
    void anEarlierTransactionThatCommitsFirstIsFollowedByTheLater() {
        commit(7, 12);
        commit(8, 20);
        shard.committed(7);
        assertEquals(12, committed());
        assertEquals(ErrorCode.UNSTABLE_OFFSET_COMMIT, stable());
        shard.committed(8);
        assertEquals(20, committed());
    }

    @Test
    void aDeletedGroupDoesNotComeBackWithAMarker() {
        commit(6, 5);
        shard.committed(6);
        commit(7, 12);
        handle(new Command.DeleteGroup(new RequestContext(2, (short) 2, "", "/"), "g"));
        shard.committed(7);
        assertEquals(-1, committed());
    }

    @Test
    void pendingOffsetsAreThereAfterLoading() {
        commit(7, 12);
        GroupShard loaded = new GroupShard(GroupSettings.defaults());
        log.forEach(logged -> replay(loaded, logged));
        loaded.elected(0);
        shard = loaded;
        assertEquals(-1, committed());
        assertEquals(ErrorCode.UNSTABLE_OFFSET_COMMIT, stable());
        shard.committed(7);
        assertEquals(12, committed());
    }

    @Test
    void whoNamesAMemberOrAGenerationHasToBeRight() {
        assertEquals(ErrorCode.ILLEGAL_GENERATION, commit(7, 12, 3, "somebody"));
        commit(6, 5);
        shard.committed(6);
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, commit(7, 12, 3, "somebody"));
        assertEquals(5, committed());
    }
}
