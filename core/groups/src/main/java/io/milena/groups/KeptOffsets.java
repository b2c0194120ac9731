package io.milena.groups;

import io.milena.protocol.Uuids;
import io.milena.protocol.record.OffsetCommitValue;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The committed offsets of topics in the trash, which become those of the restored topic, whatever its name is then. Nobody sees them before. Changed by {@link GroupShard#replay} only.
 *
 * <p>In the log they are committed offsets with an expiry, of a topic whose name no topic can have: {@code orders/ASNFZ4mrze_-3LqYdlQyEA}, the former name and the id.
 */
final class KeptOffsets {
    private static final char SEPARATOR = '/';

    private final SortedMap<UUID, SortedMap<OffsetKey, OffsetCommitValue>> topics = new TreeMap<>();

    /** What stands in the log for the name of a topic that is deleted. */
    static String nameOf(Command.DeletedTopic topic) {
        return topic.name() + SEPARATOR + Uuids.text(topic.id());
    }

    static boolean isNameOfOne(String topic) {
        return topic.indexOf(SEPARATOR) >= 0;
    }

    private static UUID id(OffsetKey key) {
        return Uuids.parse(key.topic().substring(key.topic().lastIndexOf(SEPARATOR) + 1));
    }

    void put(OffsetKey key, OffsetCommitValue value) {
        topics.computeIfAbsent(id(key), id -> new TreeMap<>()).put(key, value);
    }

    void remove(OffsetKey key) {
        topics.computeIfPresent(id(key), (id, offsets) -> {
            offsets.remove(key);
            return offsets.isEmpty() ? null : offsets;
        });
    }

    /** By topic, group and partition. */
    Map<UUID, SortedMap<OffsetKey, OffsetCommitValue>> all() {
        return topics;
    }

    /** Whether one of the topics is there again. */
    boolean hasAnyOf(Topics alive) {
        return topics.keySet().stream().anyMatch(id -> alive.topic(id) != null);
    }

    @Override
    public String toString() {
        return topics.toString();
    }
}
