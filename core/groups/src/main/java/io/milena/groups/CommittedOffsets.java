package io.milena.groups;

import io.milena.protocol.Uuids;
import io.milena.protocol.record.OffsetCommitValue;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The committed offsets of a shard by group, topic and partition. Changed by {@link GroupShard#replay} only. */
final class CommittedOffsets {
    private final Map<String, SortedMap<String, SortedMap<Integer, OffsetCommitValue>>> groups = new TreeMap<>();

    void put(String groupId, String topic, int partition, OffsetCommitValue value) {
        groups.computeIfAbsent(groupId, id -> new TreeMap<>())
                .computeIfAbsent(topic, name -> new TreeMap<>())
                .put(partition, value);
    }

    void remove(String groupId, String topic, int partition) {
        SortedMap<String, SortedMap<Integer, OffsetCommitValue>> topics = groups.get(groupId);
        SortedMap<Integer, OffsetCommitValue> partitions = topics == null ? null : topics.get(topic);
        if (topics == null || partitions == null) {
            return;
        }
        partitions.remove(partition);
        if (partitions.isEmpty()) {
            topics.remove(topic);
        }
        if (topics.isEmpty()) {
            groups.remove(groupId);
        }
    }

    @Nullable
    OffsetCommitValue offset(String groupId, String topic, int partition) {
        SortedMap<Integer, OffsetCommitValue> partitions = ofGroup(groupId).get(topic);
        return partitions == null ? null : partitions.get(partition);
    }

    /** Topic to partition to offset; empty when the group has none. */
    SortedMap<String, SortedMap<Integer, OffsetCommitValue>> ofGroup(String groupId) {
        SortedMap<String, SortedMap<Integer, OffsetCommitValue>> topics = groups.get(groupId);
        return topics == null ? Collections.emptySortedMap() : Collections.unmodifiableSortedMap(topics);
    }

    /** Whether an offset belongs to the topic with this id, as far as ids are known; a topic of the same name has another. */
    static boolean isOfTopic(OffsetCommitValue offset, UUID topicId) {
        return offset.topicId().equals(Uuids.ZERO)
                || topicId.equals(Uuids.ZERO)
                || offset.topicId().equals(topicId);
    }

    boolean has(String groupId) {
        return groups.containsKey(groupId);
    }

    Set<String> groupIds() {
        return Collections.unmodifiableSet(groups.keySet());
    }

    @Override
    public String toString() {
        return groups.toString();
    }
}
