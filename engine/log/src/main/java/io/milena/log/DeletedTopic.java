package io.milena.log;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A topic that was deleted and can be restored: what must be known of it besides its files.
 *
 * @param partitions how many it had; those without records have no files
 * @param leaderEpoch the highest that a partition of it had
 * @param settings what was set for the topic itself, without defaults
 * @param directories the ids of the data directories that its partitions were assigned to; empty in notes that know of one only
 */
public record DeletedTopic(
        String name,
        UUID id,
        int partitions,
        int leaderEpoch,
        long deletedAtMs,
        Map<String, String> settings,
        List<UUID> directories) {
    public DeletedTopic {
        settings = Map.copyOf(settings);
        directories = List.copyOf(directories);
    }

    public DeletedTopic(
            String name, UUID id, int partitions, int leaderEpoch, long deletedAtMs, Map<String, String> settings) {
        this(name, id, partitions, leaderEpoch, deletedAtMs, settings, List.of());
    }

    /** Of two notes of one topic, the first is from when all was known of it. */
    static DeletedTopic earlier(DeletedTopic one, DeletedTopic other) {
        return one.deletedAtMs <= other.deletedAtMs ? one : other;
    }
}
