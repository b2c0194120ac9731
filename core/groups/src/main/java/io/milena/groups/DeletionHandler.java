package io.milena.groups;

import io.milena.protocol.Uuids;
import io.milena.protocol.record.OffsetCommitValue;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes the offsets of deleted topics away, as Apache Kafka does, keeps them as long as the topic is in the trash, and gives them back when it is restored. */
final class DeletionHandler {
    private static final long NEVER = -1;

    private DeletionHandler() {}

    static void forget(Command.ForgetTopics command, Groups groups, Turn turn) {
        for (String groupId : groups.offsets().groupIds()) {
            for (Command.DeletedTopic topic : command.topics()) {
                forget(
                        groupId,
                        topic,
                        groups.offsets().ofGroup(groupId).get(topic.name()),
                        command.keptUntilMs(),
                        turn);
            }
        }
        for (OffsetKey key : groups.pending().keys()) {
            boolean isGone =
                    command.topics().stream().anyMatch(topic -> topic.name().equals(key.topic()));
            boolean isHere = groups.offsets().offset(key.groupId(), key.topic(), key.partition()) != null;
            if (isGone && !isHere) {
                turn.append(RecordCodec.offsetTombstone(key.groupId(), key.topic(), key.partition()));
            }
        }
    }

    private static void forget(
            String groupId,
            Command.DeletedTopic topic,
            @Nullable SortedMap<Integer, OffsetCommitValue> partitions,
            long keptUntilMs,
            Turn turn) {
        if (partitions == null) {
            return;
        }
        partitions.forEach((partition, offset) -> {
            if (CommittedOffsets.isOfTopic(offset, topic.id())) {
                if (keptUntilMs > turn.nowMs() && !topic.id().equals(Uuids.ZERO)) {
                    OffsetCommitValue kept =
                            offset.toBuilder().expireTimestamp(keptUntilMs).build();
                    turn.append(RecordCodec.offsetRecord(groupId, KeptOffsets.nameOf(topic), partition, kept));
                }
                turn.append(RecordCodec.offsetTombstone(groupId, topic.name(), partition));
            }
        });
    }

    /** Gives back what is kept of all topics that are there again. */
    static void restore(Groups groups, Turn turn) {
        groups.kept().all().forEach((id, offsets) -> {
            Topics.Topic topic = groups.topics().topic(id);
            if (topic != null) {
                offsets.forEach((key, value) -> restore(topic, key, value, groups, turn));
            }
        });
    }

    /** What was committed since the topic is back is newer. */
    private static void restore(Topics.Topic topic, OffsetKey key, OffsetCommitValue value, Groups groups, Turn turn) {
        OffsetCommitValue newer = groups.offsets().offset(key.groupId(), topic.name(), key.partition());
        if (newer == null || !CommittedOffsets.isOfTopic(newer, topic.id())) {
            OffsetCommitValue again =
                    value.toBuilder().topicId(topic.id()).expireTimestamp(NEVER).build();
            turn.append(RecordCodec.offsetRecord(key.groupId(), topic.name(), key.partition(), again));
        }
        turn.append(RecordCodec.offsetTombstone(key.groupId(), key.topic(), key.partition()));
    }

    /** False if the turn has become too long: some are left whose time is over. */
    static boolean expire(Groups groups, Turn turn, int recordsMax) {
        for (Map.Entry<UUID, SortedMap<OffsetKey, OffsetCommitValue>> topic :
                groups.kept().all().entrySet()) {
            for (Map.Entry<OffsetKey, OffsetCommitValue> offset :
                    topic.getValue().entrySet()) {
                if (turn.nowMs() < offset.getValue().expireTimestamp()) {
                    continue;
                }
                if (turn.recordCount() >= recordsMax) {
                    return false;
                }
                OffsetKey key = offset.getKey();
                turn.append(RecordCodec.offsetTombstone(key.groupId(), key.topic(), key.partition()));
            }
        }
        return true;
    }

    /** A group that is deleted does not come back with a topic. */
    static void forgetKept(String groupId, Groups groups, Turn turn) {
        for (SortedMap<OffsetKey, OffsetCommitValue> offsets :
                groups.kept().all().values()) {
            for (OffsetKey key : offsets.keySet()) {
                if (key.groupId().equals(groupId)) {
                    turn.append(RecordCodec.offsetTombstone(groupId, key.topic(), key.partition()));
                }
            }
        }
    }
}
