package io.milena.metadata;

import io.milena.protocol.Message;
import io.milena.protocol.record.ConfigRecord;
import io.milena.protocol.record.FeatureLevelRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.ProducerIdsRecord;
import io.milena.protocol.record.RemoveTopicRecord;
import io.milena.protocol.record.TopicRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's metadata as of some record. Immutable; {@link #replay} gives the next one. Everything that is iterated is in the order of names.
 */
public final class ClusterImage {
    public static final ClusterImage EMPTY =
            new ClusterImage(new TreeMap<>(), new HashMap<>(), new TreeMap<>(), new TreeMap<>(), 0);

    private final TreeMap<String, Topic> topics;
    private final HashMap<UUID, String> names;
    private final TreeMap<Resource, TreeMap<String, String>> settings;
    private final TreeMap<String, Short> features;
    private final long nextProducerId;

    /** @param partitions by index */
    public record Topic(String name, UUID id, List<PartitionRecord> partitions) {}

    /** Something with settings; types are numbered as in the protocol. */
    public record Resource(byte type, String name) implements Comparable<Resource> {
        public static final byte TOPIC = 2;
        public static final byte BROKER = 4;

        public static Resource topic(String name) {
            return new Resource(TOPIC, name);
        }

        @Override
        public int compareTo(Resource other) {
            return type == other.type ? name.compareTo(other.name) : Byte.compare(type, other.type);
        }
    }

    private ClusterImage(
            TreeMap<String, Topic> topics,
            HashMap<UUID, String> names,
            TreeMap<Resource, TreeMap<String, String>> settings,
            TreeMap<String, Short> features,
            long nextProducerId) {
        this.topics = topics;
        this.names = names;
        this.settings = settings;
        this.features = features;
        this.nextProducerId = nextProducerId;
    }

    public Collection<Topic> topics() {
        return Collections.unmodifiableCollection(topics.values());
    }

    public @Nullable Topic topic(String name) {
        return topics.get(name);
    }

    public @Nullable Topic topic(UUID id) {
        String name = names.get(id);
        return name == null ? null : topics.get(name);
    }

    /** What was set for a resource, without defaults. */
    public Map<String, String> settings(Resource resource) {
        return Collections.unmodifiableMap(settings.getOrDefault(resource, new TreeMap<>()));
    }

    /** Resources of a type that have settings. */
    public List<String> resourcesWithSettings(byte type) {
        return settings.keySet().stream()
                .filter(resource -> resource.type == type)
                .map(Resource::name)
                .toList();
    }

    public long nextProducerId() {
        return nextProducerId;
    }

    /** The image after {@code records}; of types that this broker does not use, none changes it. */
    public ClusterImage replay(List<? extends Message> records) {
        Next next = new Next(this);
        records.forEach(next::replay);
        return next.image();
    }

    /** The records that lead from {@link #EMPTY} to this image. */
    public List<Message> snapshot() {
        List<Message> records = new ArrayList<>();
        features.forEach((name, level) -> records.add(
                FeatureLevelRecord.builder().name(name).featureLevel(level).build()));
        for (Topic topic : topics.values()) {
            records.add(TopicRecord.builder().name(topic.name).topicId(topic.id).build());
            records.addAll(topic.partitions);
        }
        settings.forEach((resource, values) -> values.forEach((name, value) -> records.add(ConfigRecord.builder()
                .resourceType(resource.type)
                .resourceName(resource.name)
                .name(name)
                .value(value)
                .build())));
        if (nextProducerId > 0) {
            records.add(
                    ProducerIdsRecord.builder().nextProducerId(nextProducerId).build());
        }
        return records;
    }

    /** The next image in the making: copies of the maps, once per batch of records. */
    private static final class Next {
        private final TreeMap<String, Topic> topics;
        private final HashMap<UUID, String> names;
        private final TreeMap<Resource, TreeMap<String, String>> settings;
        private final TreeMap<String, Short> features;
        /** Topics whose partition list is a copy already. */
        private final Set<String> copied = new HashSet<>();

        private long nextProducerId;

        Next(ClusterImage image) {
            topics = new TreeMap<>(image.topics);
            names = new HashMap<>(image.names);
            settings = new TreeMap<>(image.settings);
            features = new TreeMap<>(image.features);
            nextProducerId = image.nextProducerId;
        }

        ClusterImage image() {
            return new ClusterImage(topics, names, settings, features, nextProducerId);
        }

        void replay(Message message) {
            switch (message) {
                case TopicRecord topic -> {
                    topics.put(topic.name(), new Topic(topic.name(), topic.topicId(), new ArrayList<>()));
                    names.put(topic.topicId(), topic.name());
                }
                case PartitionRecord partition -> addPartition(partition);
                case RemoveTopicRecord removed -> {
                    String name = names.remove(removed.topicId());
                    if (name != null) {
                        topics.remove(name);
                        settings.remove(Resource.topic(name));
                    }
                }
                case ConfigRecord config -> configure(config);
                case FeatureLevelRecord feature -> features.put(feature.name(), feature.featureLevel());
                case ProducerIdsRecord ids -> nextProducerId = ids.nextProducerId();
                default -> {}
            }
        }

        private void addPartition(PartitionRecord partition) {
            String name = names.get(partition.topicId());
            Topic topic = name == null ? null : topics.get(name);
            if (topic == null) {
                throw new IllegalStateException("a partition of an unknown topic: " + partition.topicId());
            }
            List<PartitionRecord> partitions = topic.partitions;
            if (copied.add(topic.name)) {
                partitions = new ArrayList<>(partitions);
                topics.put(topic.name, new Topic(topic.name, topic.id, partitions));
            }
            if (partition.partitionId() == partitions.size()) {
                partitions.add(partition);
            } else {
                partitions.set(partition.partitionId(), partition);
            }
        }

        private void configure(ConfigRecord config) {
            Resource resource = new Resource(config.resourceType(), config.resourceName());
            TreeMap<String, String> values = new TreeMap<>(settings.getOrDefault(resource, new TreeMap<>()));
            String value = config.value();
            if (value == null) {
                values.remove(config.name());
            } else {
                values.put(config.name(), value);
            }
            if (values.isEmpty()) {
                settings.remove(resource);
            } else {
                settings.put(resource, values);
            }
        }
    }
}
