package io.milena.groups;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The topics of the cluster at one moment, for groups whose partitions the coordinator assigns. Immutable: a host that hears of a change gives the shard another one, see {@link GroupShard#topics}.
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

    /** @param partitions how many */
    record Topic(String name, UUID id, int partitions) {}
}
