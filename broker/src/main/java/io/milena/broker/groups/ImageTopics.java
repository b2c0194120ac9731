package io.milena.broker.groups;

import io.milena.groups.Topics;
import io.milena.metadata.ClusterImage;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The topics of the cluster's metadata and the settings of groups, for groups. */
record ImageTopics(ClusterImage image) implements Topics {
    /** The same object as long as the metadata are the same. Safe for use by many threads. */
    static final class Latest {
        private final Supplier<ClusterImage> metadata;
        private volatile ImageTopics last = new ImageTopics(ClusterImage.EMPTY);

        Latest(Supplier<ClusterImage> metadata) {
            this.metadata = metadata;
        }

        Topics topics() {
            ClusterImage now = metadata.get();
            ImageTopics known = last;
            if (known.image != now) {
                known = new ImageTopics(now);
                last = known;
            }
            return known;
        }
    }

    @Override
    public @Nullable Topic topic(String name) {
        return topic(image.topic(name));
    }

    @Override
    public @Nullable Topic topic(UUID id) {
        return topic(image.topic(id));
    }

    private static @Nullable Topic topic(ClusterImage.@Nullable Topic found) {
        return found == null
                ? null
                : new Topic(found.name(), found.id(), found.partitions().size());
    }

    @Override
    public Map<String, String> settingsOf(String groupId) {
        return image.settings(new ClusterImage.Resource(ClusterImage.Resource.GROUP, groupId));
    }

    @Override
    public Iterable<String> names() {
        return () -> image.topics().stream().map(ClusterImage.Topic::name).iterator();
    }
}
