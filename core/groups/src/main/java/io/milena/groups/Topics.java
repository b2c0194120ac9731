package io.milena.groups;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The topics of the cluster at one moment, for groups whose partitions the coordinator assigns, and what is set for single groups. Immutable: a host that hears of a change gives the shard another one, see {@link GroupShard#topics}.
 */
public interface Topics {
    /** A cluster without topics. */
    Topics NONE = new Topics() {
        @Override
        public @Nullable Topic topic(String name) {
            return null;
        }

        @Override
        public @Nullable Topic topic(UUID id) {
            return null;
        }

        @Override
        public Iterable<String> names() {
            return List.of();
        }
    };

    /** Null if there is none. */
    @Nullable
    Topic topic(String name);

    /** Null if there is none. */
    @Nullable
    Topic topic(UUID id);

    /** Of all topics, in order. */
    Iterable<String> names();

    /** What is set for one group alone, by Kafka's names. */
    default Map<String, String> settingsOf(String groupId) {
        return Map.of();
    }

    /** @param partitions how many */
    record Topic(String name, UUID id, int partitions) {}
}
