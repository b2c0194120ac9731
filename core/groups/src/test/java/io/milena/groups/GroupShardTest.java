package io.milena.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.MalformedMessageException;
import io.milena.protocol.WireWriter;
import io.milena.protocol.message.HeartbeatRequest;
import io.milena.protocol.message.HeartbeatResponse;
import io.milena.protocol.message.JoinGroupResponse;
import io.milena.protocol.message.OffsetCommitResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The shard towards its host. */
class GroupShardTest {
    private static final RequestContext CONTEXT = new RequestContext(1, (short) 8, "client", "/127.0.0.1");

    private final GroupShard shard = new GroupShard(GroupSettings.defaults());

    @Test
    void aGroupLivesWhereKafkaPutsIt() {
        assertEquals(2, GroupShard.partitionFor("a", 5));
        // "polygenelubricants" hashes to Integer.MIN_VALUE, which has no absolute value.
        assertEquals(Integer.MIN_VALUE, "polygenelubricants".hashCode());
        assertEquals(0, GroupShard.partitionFor("polygenelubricants", 50));
        // Negative hashes count by their absolute value, not by their lower bits.
        assertEquals(-1_129_616_173, "order-processor".hashCode());
        assertEquals(23, GroupShard.partitionFor("order-processor", 50));
    }

    @Test
    void nothingIsDecidedBeforeElection() {
        Command command =
                new Command.Heartbeat(CONTEXT, HeartbeatRequest.builder().build());
        assertThrows(IllegalStateException.class, () -> shard.handle(command, 0));
    }

    @Test
    void aCommitIsSeenWhenItIsReplayedNotWhenItIsDecided() {
        shard.elected(0);

        Decision decision =
                shard.handle(new Command.CommitOffsets(CONTEXT, Requests.commit("g", "", -1, "orders", 5)), 10);

        assertEquals(1, decision.records().size());
        assertEquals(-1, committed());
        decision.records().forEach(shard::replay);
        assertEquals(5, committed());
    }

    @Test
    void aFailedCommitIsAnsweredPartitionByPartition() {
        shard.elected(0);
        Decision decision =
                shard.handle(new Command.CommitOffsets(CONTEXT, Requests.commit("g", "", -1, "orders", 5)), 10);

        Decision instead = shard.appendFailed(decision, ErrorCode.REQUEST_TIMED_OUT, 11);

        assertEquals(List.of(), instead.records());
        Effect.Reply reply = (Effect.Reply) instead.effects().getFirst();
        OffsetCommitResponse response = (OffsetCommitResponse) reply.response();
        assertEquals(
                ErrorCode.COORDINATOR_NOT_AVAILABLE.code(),
                response.topics().getFirst().partitions().getFirst().errorCode());
        assertEquals(-1, committed());
    }

    @Test
    void everyRequestCanBeRefusedWithoutAShard() {
        ErrorCode error = ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
        for (short version = 2; version <= 9; version++) {
            RequestContext context = new RequestContext(1, version, "client", "/127.0.0.1");
            Refusals.of(new Command.JoinGroup(context, Requests.join("g", "m", "range"), new UUID(0, 1)), error)
                    .write(new WireWriter(), version);
            ApiMessage commit =
                    Refusals.of(new Command.CommitOffsets(context, Requests.commit("g", "m", 1, "orders", 5)), error);
            commit.write(new WireWriter(), version);
            assertEquals(
                    error.code(),
                    ((OffsetCommitResponse) commit)
                            .topics()
                            .getFirst()
                            .partitions()
                            .getFirst()
                            .errorCode());
        }
        assertEquals(
                new HeartbeatResponse(0, ErrorCode.NONE.code()),
                Refusals.of(new Command.Heartbeat(CONTEXT, Requests.heartbeat("g", "m", 1)), error));
        assertEquals(
                new HeartbeatResponse(0, ErrorCode.NOT_COORDINATOR.code()),
                Refusals.of(
                        new Command.Heartbeat(CONTEXT, Requests.heartbeat("g", "m", 1)), ErrorCode.NOT_COORDINATOR));
    }

    @Test
    void wordsOfClientsCannotForgeLinesOfTheLog() {
        shard.elected(0);
        RequestContext context = new RequestContext(1, (short) 3, "evil\nERROR", "/127.0.0.1");

        Decision decision = shard.handle(
                new Command.JoinGroup(
                        context,
                        Requests.join("g", "", "range").toBuilder()
                                .reason("x\r\n" + "y".repeat(9_000))
                                .build(),
                        new UUID(0, 1)),
                0);

        Effect.Note note = decision.effects().stream()
                .filter(Effect.Note.class::isInstance)
                .map(Effect.Note.class::cast)
                .findFirst()
                .orElseThrow();
        assertEquals(1, note.text().lines().count());
        assertTrue(note.text().length() <= 500);
    }

    @Test
    void timersThatFireEarlyLateOrForNobodyDoNoHarm() {
        shard.elected(0);
        for (TimerKey key : List.of(
                new TimerKey.JoinRound("nobody"),
                new TimerKey.SyncRound("nobody"),
                new TimerKey.Session("nobody", "at all"))) {
            assertEquals(new Decision(List.of(), List.of()), shard.handle(new Command.TimerFired(key), 1));
        }
        // A session's timer that fires too early is set again.
        Decision promised =
                shard.handle(new Command.JoinGroup(CONTEXT, Requests.join("g", "", "range"), new UUID(0, 1)), 10);
        Effect.SetTimer timer = (Effect.SetTimer) promised.effects().getFirst();
        assertEquals(10_010, timer.atMs());
        assertEquals(
                List.of(timer),
                shard.handle(new Command.TimerFired(timer.key()), 10_009).effects());
        shard.handle(new Command.TimerFired(timer.key()), 10_010);
        assertEquals(List.of(), List.copyOf(shard.groups().all()), "the promise was all that the group had");
    }

    @Test
    void aKnownRecordThatIsDamagedStopsLoading() {
        ByteBuffer key = RecordCodec.groupTombstone("g").key();
        ByteBuffer value = ByteBuffer.wrap(new byte[] {0, 3, 0});
        assertThrows(MalformedMessageException.class, () -> shard.replay(key, value));
        ByteBuffer future = ByteBuffer.wrap(new byte[] {0, 99, 0});
        assertThrows(MalformedMessageException.class, () -> shard.replay(key, future));
    }

    @Test
    void anOldRecordOfAnOffsetIsRead() {
        // Key type 0, value version 0, as in the year 2014: offset, metadata, commit time.
        ByteBuffer key = RecordCodec.offsetTombstone("g", "orders", 0).key();
        ByteBuffer oldKey = ByteBuffer.allocate(key.remaining()).put(key).flip().putShort(0, (short) 0);
        ByteBuffer value = ByteBuffer.allocate(20)
                .putShort((short) 0)
                .putLong(7)
                .putShort((short) 0)
                .putLong(1_234)
                .flip();

        shard.replay(oldKey, value);
        shard.elected(2_000);

        assertEquals(7, committed());
    }

    @Test
    void aGroupThatIsTooFullAfterASettingWasLoweredIsRebalanced() {
        // Given two members in the log
        Client client = new Client(GroupSettings.defaults().withInitialRebalanceDelayMs(0));
        long first = client.joinLater(3, Requests.join("g", "", "range"));
        String id = client.answer(first, JoinGroupResponse.class).memberId();
        client.joinLater(3, Requests.join("g", "", "range"));
        client.join(3, Requests.join("g", id, "range"));
        client.sync(4, Requests.sync("g", id, 1, id));
        client.sync(4, Requests.sync("g", id, 2, id));
        GroupShard small = new GroupShard(GroupSettings.defaults().withMembersMax(1));
        client.host().log().forEach(small::replay);

        // When only one is allowed
        small.elected(1_000);

        ClassicGroup group = small.groups().group("g");
        assertNotNull(group);
        assertEquals("PreparingRebalance", group.state().label());
    }

    @Test
    void onlyTopicsAreReadInASubscription() {
        assertEquals(Set.of("orders"), Subscription.topics(Bytes.copy(Requests.subscription("orders"))));
        byte[] nonsense = {0, 0, 127, 127, 127, 127, 0, 1, 'x'};
        for (int length = 0; length <= nonsense.length; length++) {
            assertEquals(null, Subscription.topics(Arrays.copyOf(nonsense, length)));
        }
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        GroupSettings settings = GroupSettings.defaults();
        assertThrows(IllegalArgumentException.class, () -> settings.withSessionTimeouts(10, 9));
        assertThrows(IllegalArgumentException.class, () -> settings.withMembersMax(0));
        assertThrows(IllegalArgumentException.class, () -> settings.withOffsetsRetention(0, 1));
        assertThrows(IllegalArgumentException.class, () -> settings.withInitialRebalanceDelayMs(-1));
        assertEquals(7L * 24 * 60 * 60 * 1000, settings.offsetsRetentionMs());
    }

    private long committed() {
        return shard.offsets(Requests.fetch("g", "orders", 0))
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .committedOffset();
    }
}
