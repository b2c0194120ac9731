package io.milena.log;

import java.util.Map;
import java.util.UUID;

/**
 * A topic that was deleted and can be restored: what must be known of it besides its files.
 *
 * @param partitions how many it had; those without records have no files
 * @param leaderEpoch the highest that a partition of it had
 * @param settings what was set for the topic itself, without defaults
 */
public record DeletedTopic(
        String name, UUID id, int partitions, int leaderEpoch, long deletedAtMs, Map<String, String> settings) {
    public DeletedTopic {
        settings = Map.copyOf(settings);
    }
}
