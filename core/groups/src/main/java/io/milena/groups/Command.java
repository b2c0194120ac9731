package io.milena.groups;

import io.milena.protocol.message.ConsumerGroupHeartbeatRequest;
import io.milena.protocol.message.HeartbeatRequest;
import io.milena.protocol.message.JoinGroupRequest;
import io.milena.protocol.message.LeaveGroupRequest;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetDeleteRequest;
import io.milena.protocol.message.SyncGroupRequest;
import io.milena.protocol.message.TxnOffsetCommitRequest;
import java.util.List;
import java.util.UUID;

/**
 * What may change a shard. Requests are answered by an {@link Effect.Reply} with their token: in the decision on the command itself, or,
 * for joins and syncs, in a later one. The host has authorized them, and has answered for topics that it does not know.
 */
public sealed interface Command {
    /** @param newMemberUuid random; becomes part of the member id when the group gives one */
    record JoinGroup(RequestContext context, JoinGroupRequest request, UUID newMemberUuid) implements Command {}

    record SyncGroup(RequestContext context, SyncGroupRequest request) implements Command {}

    record Heartbeat(RequestContext context, HeartbeatRequest request) implements Command {}

    record LeaveGroup(RequestContext context, LeaveGroupRequest request) implements Command {}

    /** @param newMemberUuid random; becomes the id of a member that joins without one */
    record ConsumerHeartbeat(RequestContext context, ConsumerGroupHeartbeatRequest request, UUID newMemberUuid)
            implements Command {}

    /** Topics carry their name in every version, and their id if the host knows it: it is recorded, and both are answered. */
    record CommitOffsets(RequestContext context, OffsetCommitRequest request) implements Command {}

    /** As {@link CommitOffsets}, with a transaction of which the group's partition is a part, as the host knows. */
    record CommitTransactionalOffsets(RequestContext context, TxnOffsetCommitRequest request) implements Command {}

    record DeleteOffsets(RequestContext context, OffsetDeleteRequest request) implements Command {}

    /** One group of a DeleteGroups request: the answer is a whole response with this one result. */
    record DeleteGroup(RequestContext context, String groupId) implements Command {}

    /**
     * The topics exist no more, and neither do the offsets committed for them. Has no answer.
     *
     * @param keptUntilMs until when a topic can be restored, and gets them back; where that is over, they are gone for good
     */
    record ForgetTopics(List<DeletedTopic> topics, long keptUntilMs) implements Command {
        public ForgetTopics {
            topics = List.copyOf(topics);
        }
    }

    /** @param id keeps apart the offsets of a new topic with the old name */
    record DeletedTopic(String name, UUID id) {}

    /** What was kept of topics that are there again is theirs. Has no answer. */
    record RestoreOffsets() implements Command {}

    /** A timer set by {@link Effect.SetTimer} has come to its time. Late, double and cancelled ones do no harm. */
    record TimerFired(TimerKey key) implements Command {}
}
