package io.milena.groups;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupDescribeResponse;
import io.milena.protocol.message.DescribeGroupsResponse.DescribedGroup;
import io.milena.protocol.message.ListGroupsRequest;
import io.milena.protocol.message.ListGroupsResponse.ListedGroup;
import io.milena.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.milena.protocol.record.OffsetCommitValue;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The groups of one partition of {@code __consumer_offsets}, as a state machine: commands in, decisions out. It has no lock, no clock and
 * does no I/O; its host calls it from one thread at a time (or under one lock), with a time that never goes back.
 *
 * <p><b>Loading.</b> A new shard is given every record of its partition by {@link #replay}, then {@link #elected}. Commands and questions
 * are for elected shards only: before, the host answers COORDINATOR_LOAD_IN_PROGRESS, and where it has no shard, NOT_COORDINATOR.
 *
 * <p><b>A command.</b> Without letting another command in between, the host
 * <ol>
 *   <li>calls {@link #handle};
 *   <li>appends the decision's records to the partition; when that fails, it carries out the decision of {@link #appendFailed} instead;
 *   <li>replays the records: now, not when they are durable, so that the next command builds on them;
 *   <li>sets and cancels the timers at once, and keeps the replies until <em>everything appended to the partition so far</em> is durable.
 * </ol>
 * The last point holds for decisions without records and for the answers of {@link #offsets}, {@link #describe} and {@link #list} too:
 * they may tell of records that are appended and not yet durable. So nobody learns of something that a crash takes back, and nothing has
 * to be undone: replies that waited for durability in vain are turned by {@link Refusals#instead} into NOT_COORDINATOR, or go down with the broker.
 *
 * <p><b>Timers.</b> {@link Effect.SetTimer} asks for one {@link Command.TimerFired}. Timers belong to the shard and end with it.
 */
public final class GroupShard {
    private final GroupSettings settings;
    private final Groups groups = new Groups();
    private boolean isElected;
    private long unknownRecordCount;

    public GroupShard(GroupSettings settings) {
        this.settings = settings;
    }

    /** The partition of {@code __consumer_offsets} that a group lives in. */
    public static int partitionFor(String groupId, int partitionCount) {
        int hash = groupId.hashCode();
        return (hash == Integer.MIN_VALUE ? 0 : Math.abs(hash)) % partitionCount;
    }

    /**
     * Takes over one record of the partition, while loading and after each append. The bytes are copied. Records of other kinds of groups
     * are skipped and counted. What was appended in a transaction is told with its producer, and its end by {@link #committed} or {@link #aborted}.
     *
     * @param value null for a tombstone
     */
    public void replay(ByteBuffer key, @Nullable ByteBuffer value) {
        replay(key, value, null);
    }

    /** @param producerId in whose transaction the record was appended; null for none */
    public void replay(ByteBuffer key, @Nullable ByteBuffer value, @Nullable Long producerId) {
        switch (RecordCodec.read(key, value)) {
            case StoredRecord.Offset offset -> replay(offset, producerId);
            case StoredRecord.Group group -> replay(group);
            case StoredRecord.OfConsumerGroup record -> replay(record);
            case StoredRecord.Unknown ignored -> unknownRecordCount++;
        }
    }

    public void replay(CoordinatorRecord record) {
        replay(record.key(), record.value());
    }

    /** Takes over the marker that commits the transaction of a producer: its offsets are committed, as if they were from now on. */
    public void committed(long producerId) {
        groups.pending().commit(producerId).forEach(this::keep);
    }

    /** Takes over the marker that aborts the transaction of a producer. */
    public void aborted(long producerId) {
        groups.pending().abort(producerId);
    }

    private void replay(StoredRecord.Offset record, @Nullable Long producerId) {
        OffsetKey key = new OffsetKey(record.groupId(), record.topic(), record.partition());
        if (producerId != null && record.value() != null) {
            groups.pending().put(producerId, key, record.value());
            return;
        }
        if (KeptOffsets.isNameOfOne(record.topic())) {
            keepForRestoration(key, record.value());
            return;
        }
        groups.pending().supersede(key);
        if (record.value() == null) {
            groups.offsets().remove(record.groupId(), record.topic(), record.partition());
        } else {
            keep(key, record.value());
        }
    }

    private void keepForRestoration(OffsetKey key, @Nullable OffsetCommitValue value) {
        if (value == null) {
            groups.kept().remove(key);
        } else {
            groups.kept().put(key, value);
        }
    }

    private void keep(OffsetKey key, OffsetCommitValue value) {
        groups.offsets().put(key.groupId(), key.topic(), key.partition(), value);
        if (isElected && groups.group(key.groupId()) == null && groups.consumerGroup(key.groupId()) == null) {
            groups.keep(new ClassicGroup(key.groupId(), value.commitTimestamp()));
        }
    }

    private void replay(StoredRecord.Group record) {
        if (record.value() == null) {
            groups.stored().remove(record.groupId());
            groups.drop(record.groupId());
        } else {
            groups.stored().put(record.groupId(), record.value());
        }
    }

    private void replay(StoredRecord.OfConsumerGroup record) {
        ConsumerGroup group = groups.consumerGroup(record.groupId());
        if (record.change() instanceof ConsumerChange.End) {
            groups.dropConsumerGroup(record.groupId());
            return;
        }
        if (group == null) {
            group = new ConsumerGroup(record.groupId());
            groups.keep(group);
        }
        if (record.change() instanceof ConsumerChange.OfEpoch) {
            groups.drop(record.groupId()); // a classic group of that name has become this one
        }
        group.replay(record.change());
    }

    /**
     * Gives the topics of the cluster, as they are from now on. Consumer groups whose topics have changed are assigned anew with the next heartbeat of a member.
     *
     * @param topics the same object as before where nothing has changed
     */
    public void topics(Topics topics) {
        groups.setTopics(topics);
    }

    /** Whether there is something to be done by {@link Command.RestoreOffsets}. A host that has it done before anything else shows nobody a restored topic without its offsets. */
    public boolean hasOffsetsToRestore() {
        return groups.kept().hasAnyOf(groups.topics());
    }

    /** Everything is replayed and commands may come: the members of all groups get a fresh session. */
    public Decision elected(long nowMs) {
        Turn turn = new Turn(settings, nowMs);
        isElected = true;
        groups.stored().forEach((groupId, value) -> groups.keep(StoredGroup.restore(groupId, value)));
        groups.allConsumerGroups().forEach(groups::dropIfUnused);
        for (String groupId : groups.offsets().groupIds()) {
            if (groups.group(groupId) == null && groups.consumerGroup(groupId) == null) {
                groups.keep(new ClassicGroup(groupId, nowMs));
            }
        }
        groups.all().forEach(group -> resume(group, turn));
        groups.allConsumerGroups().forEach(group -> new ConsumerRebalance(group, groups.topics(), turn).resume());
        turn.setTimer(new TimerKey.OffsetExpiry(), nowMs + settings.offsetsRetentionCheckMs());
        return turn.decision();
    }

    private void resume(ClassicGroup group, Turn turn) {
        Rebalance rebalance = new Rebalance(group, turn);
        group.members().forEach(rebalance::extendSession);
        if (group.members().size() > settings.membersMax()) {
            rebalance.begin("more members than group.max.size");
        }
    }

    /**
     * The partition goes to another broker: answers all requests that wait here. Afterwards the shard is to be thrown away, and its timers
     * with it.
     */
    public Decision resigned(long nowMs) {
        Turn turn = new Turn(settings, nowMs);
        groups.all().forEach(group -> new Rebalance(group, turn).resign());
        groups.clearLive();
        isElected = false;
        return turn.decision();
    }

    /** Decides. What it decides about records takes effect when they are replayed. */
    public Decision handle(Command command, long nowMs) {
        if (!isElected) {
            throw new IllegalStateException("a command for a shard that is not elected: " + command);
        }
        Turn turn = new Turn(settings, nowMs);
        switch (command) {
            case Command.JoinGroup join -> JoinGroupHandler.handle(join, groups, turn);
            case Command.SyncGroup sync -> SyncGroupHandler.handle(sync, groups, turn);
            case Command.Heartbeat heartbeat -> HeartbeatHandler.handle(heartbeat, groups, turn);
            case Command.ConsumerHeartbeat heartbeat -> ConsumerHeartbeatHandler.handle(heartbeat, groups, turn);
            case Command.LeaveGroup leave -> LeaveGroupHandler.handle(leave, groups, turn);
            case Command.CommitOffsets commit -> CommitOffsetsHandler.handle(commit, groups, turn);
            case Command.CommitTransactionalOffsets commit ->
                CommitTransactionalOffsetsHandler.handle(commit, groups, turn);
            case Command.DeleteOffsets delete -> DeleteOffsetsHandler.handle(delete, groups, turn);
            case Command.DeleteGroup delete -> DeleteGroupHandler.handle(delete, groups, turn);
            case Command.ForgetTopics forget -> DeletionHandler.forget(forget, groups, turn);
            case Command.RestoreOffsets ignored -> DeletionHandler.restore(groups, turn);
            case Command.TimerFired fired -> fired(fired.key(), turn);
        }
        return turn.decision();
    }

    private void fired(TimerKey key, Turn turn) {
        switch (key) {
            case TimerKey.Session session -> SessionHandler.fired(session, groups, turn);
            case TimerKey.Revocation revocation -> ConsumerTimeoutHandler.fired(revocation, groups, turn);
            case TimerKey.OffsetExpiry ignored -> ExpiryHandler.fired(groups, turn);
            case TimerKey.JoinRound round -> {
                ClassicGroup group = groups.group(round.groupId());
                if (group != null) {
                    new Rebalance(group, turn).joinTimerFired();
                }
            }
            case TimerKey.SyncRound round -> {
                ClassicGroup group = groups.group(round.groupId());
                if (group != null) {
                    new Rebalance(group, turn).syncTimerFired();
                }
            }
        }
    }

    /**
     * The records of a decision could not be appended, so they must not be replayed. The decision returned takes the place of the failed
     * one: its replies carry the error, and a group whose round could not be recorded starts another.
     *
     * @param error the log's, e.g. KAFKA_STORAGE_ERROR; clients are told what it means for a group
     */
    public Decision appendFailed(Decision failed, ErrorCode error, long nowMs) {
        Turn turn = new Turn(settings, nowMs);
        ErrorCode told = Refusals.forClient(error);
        for (Effect effect : failed.effects()) {
            turn.carryOut(
                    effect instanceof Effect.Reply reply
                            ? new Effect.Reply(reply.token(), Refusals.instead(reply.response(), told))
                            : effect);
        }
        for (CoordinatorRecord record : failed.records()) {
            if (RecordCodec.read(record.key(), record.value()) instanceof StoredRecord.Group stored) {
                ClassicGroup group = groups.group(stored.groupId());
                if (group != null) {
                    new Rebalance(group, turn).recordFailed();
                }
            }
        }
        FailedRecords.undo(failed.records(), groups, turn);
        return turn.decision();
    }

    /**
     * The committed offsets of one group, see {@link OffsetFetches} for the versions of the request. Topics carry their name, and their id
     * if the host knows it; answers to a request for all topics carry the name only.
     */
    public OffsetFetchResponseGroup offsets(OffsetFetchRequestGroup request) {
        return OffsetAnswers.offsets(request, groups.offsets(), key -> false);
    }

    /** As {@link #offsets}, for who must not read an offset that a transaction is about to change: it is answered UNSTABLE_OFFSET_COMMIT (KIP-447). */
    public OffsetFetchResponseGroup stableOffsets(OffsetFetchRequestGroup request) {
        return OffsetAnswers.offsets(request, groups.offsets(), groups.pending()::has);
    }

    /** One group of a DescribeGroups request. */
    public DescribedGroup describe(String groupId, short apiVersion) {
        return GroupDescriptions.describe(groups, groupId, apiVersion);
    }

    /** One group of a ConsumerGroupDescribe request. */
    public ConsumerGroupDescribeResponse.DescribedGroup describeConsumerGroup(String groupId) {
        return ConsumerDescriptions.describe(
                groupId, groups.consumerGroup(groupId), groups.topics(), settings.consumer());
    }

    /**
     * Whether who asks for offsets may read them: members of consumer groups have to name their epoch.
     *
     * @param memberId null where none is named
     */
    public ErrorCode checkFetch(String groupId, @Nullable String memberId, int memberEpoch) {
        ConsumerGroup group = groups.consumerGroup(groupId);
        return group == null ? ErrorCode.NONE : OffsetOwnership.ofFetch(group, memberId, memberEpoch);
    }

    /** The groups that pass the request's filters, by id. */
    public List<ListedGroup> list(ListGroupsRequest request) {
        return GroupDescriptions.list(groups, request);
    }

    /** All groups, by id. */
    public List<GroupSummary> summaries() {
        return GroupDescriptions.summaries(groups);
    }

    /** How many records were skipped because they belong to kinds of groups that this shard does not know. */
    public long unknownRecordCount() {
        return unknownRecordCount;
    }

    /** For tests: all that the shard knows. */
    Groups groups() {
        return groups;
    }
}
