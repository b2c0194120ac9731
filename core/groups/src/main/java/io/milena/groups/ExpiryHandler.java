package io.milena.groups;

import io.milena.groups.GroupState.Empty;
import io.milena.groups.GroupState.Stable;
import io.milena.protocol.record.OffsetCommitValue;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Removes what nobody needs any more: offsets past their retention, of groups that are empty or of topics that the group no longer
 * consumes (KIP-211), then groups with nobody and nothing left; and what was kept of topics that are in the trash no more.
 */
final class ExpiryHandler {
    /** A group starts no new removals beyond this many in one turn, so that a turn stays short; the next follows at once. */
    private static final int RECORDS_MAX = 1_000;

    private ExpiryHandler() {}

    static void fired(Groups groups, Turn turn) {
        boolean isDone = DeletionHandler.expire(groups, turn, RECORDS_MAX);
        for (ConsumerGroup group : groups.allConsumerGroups()) {
            if (turn.recordCount() >= RECORDS_MAX) {
                isDone = false;
                break;
            }
            expire(group, groups, turn);
        }
        for (ClassicGroup group : groups.all()) {
            if (turn.recordCount() >= RECORDS_MAX) {
                isDone = false;
                break;
            }
            expire(group, groups, turn);
        }
        long nextMs = isDone ? turn.nowMs() + turn.settings().offsetsRetentionCheckMs() : turn.nowMs();
        turn.setTimer(new TimerKey.OffsetExpiry(), nextMs);
    }

    private static void expire(ClassicGroup group, Groups groups, Turn turn) {
        boolean nothingIsLeft = !groups.pending().has(group.id());
        ToLongFunction<OffsetCommitValue> retainedSince = retainedSince(group);
        Set<String> inUse = group.subscribedTopics().orElse(Set.of());
        for (var topic : groups.offsets().ofGroup(group.id()).entrySet()) {
            if (retainedSince == null
                    || inUse.contains(topic.getKey())
                    || !expire(group.id(), topic, retainedSince, groups.pending(), turn)) {
                nothingIsLeft = false;
            }
        }
        boolean nobodyIsLeft =
                group.state() instanceof Empty && group.pendingMembers().isEmpty();
        if (nothingIsLeft && nobodyIsLeft) {
            if (groups.stored().containsKey(group.id()) || groups.offsets().has(group.id())) {
                turn.append(RecordCodec.groupTombstone(group.id()));
            } else {
                groups.drop(group.id());
            }
        }
    }

    private static void expire(ConsumerGroup group, Groups groups, Turn turn) {
        boolean nothingIsLeft = !groups.pending().has(group.id());
        Set<String> inUse = group.subscribedTopics();
        for (var topic : groups.offsets().ofGroup(group.id()).entrySet()) {
            if (inUse.contains(topic.getKey())
                    || !expire(group.id(), topic, OffsetCommitValue::commitTimestamp, groups.pending(), turn)) {
                nothingIsLeft = false;
            }
        }
        if (nothingIsLeft && group.isEmpty()) {
            group.end().forEach(turn::append);
        }
    }

    /** True when no offset of the topic is left. */
    private static boolean expire(
            String groupId,
            Map.Entry<String, SortedMap<Integer, OffsetCommitValue>> topic,
            ToLongFunction<OffsetCommitValue> retainedSince,
            PendingOffsets pending,
            Turn turn) {
        boolean nothingIsLeft = true;
        for (var partition : topic.getValue().entrySet()) {
            boolean isPending = pending.has(new OffsetKey(groupId, topic.getKey(), partition.getKey()));
            if (!isPending && isExpired(partition.getValue(), retainedSince, turn)) {
                turn.append(RecordCodec.offsetTombstone(groupId, topic.getKey(), partition.getKey()));
            } else {
                nothingIsLeft = false;
            }
        }
        return nothingIsLeft;
    }

    private static boolean isExpired(
            OffsetCommitValue offset, ToLongFunction<OffsetCommitValue> retainedSince, Turn turn) {
        if (offset.expireTimestamp() >= 0) {
            return turn.nowMs() >= offset.expireTimestamp();
        }
        return turn.nowMs() - retainedSince.applyAsLong(offset)
                >= turn.settings().offsetsRetentionMs();
    }

    /** From when the retention of the group's offsets counts; null while they may not expire at all. */
    private static @Nullable ToLongFunction<OffsetCommitValue> retainedSince(ClassicGroup group) {
        if (group.protocolType() == null) {
            return OffsetCommitValue::commitTimestamp;
        }
        if (group.state() instanceof Empty) {
            long emptySinceMs = group.stateSinceMs();
            return emptySinceMs < 0 ? OffsetCommitValue::commitTimestamp : offset -> emptySinceMs;
        }
        boolean knowsItsTopics =
                group.state() instanceof Stable && group.subscribedTopics().isPresent();
        return knowsItsTopics ? OffsetCommitValue::commitTimestamp : null;
    }
}
