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
 * @param directories the ids of the data directories of this broker that its partitions were in; empty in notes that know of one only
 * @param replicas of each partition, in order; empty where that is not known
 */
public record DeletedTopic(
        String name,
        UUID id,
        int partitions,
        int leaderEpoch,
        long deletedAtMs,
        Map<String, String> settings,
        List<UUID> directories,
        List<Replicas> replicas) {
    public DeletedTopic {
        settings = Map.copyOf(settings);
        directories = List.copyOf(directories);
        replicas = List.copyOf(replicas);
    }

    public DeletedTopic(
            String name, UUID id, int partitions, int leaderEpoch, long deletedAtMs, Map<String, String> settings) {
        this(name, id, partitions, leaderEpoch, deletedAtMs, settings, List.of(), List.of());
    }

    /**
     * The brokers of a partition at the deletion.
     *
     * @param inSync those that had all that was acknowledged
     */
    public record Replicas(List<Integer> all, List<Integer> inSync) {
        public Replicas {
            all = List.copyOf(all);
            inSync = List.copyOf(inSync);
        }
    }

    /** Of two notes of one topic, the one that knows more, and then the first, is from when all was known of it. */
    static DeletedTopic earlier(DeletedTopic one, DeletedTopic other) {
        if (one.replicas.isEmpty() != other.replicas.isEmpty()) {
            return one.replicas.isEmpty() ? other : one;
        }
        return one.deletedAtMs <= other.deletedAtMs ? one : other;
    }
}
