package io.milena.metadata;

import io.milena.protocol.Message;
import io.milena.protocol.record.ConfigRecord;
import io.milena.protocol.record.FeatureLevelRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.ProducerIdsRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import io.milena.protocol.record.RegisterControllerRecord;
import io.milena.protocol.record.TopicRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's metadata as of some record. Immutable; {@link #replay} gives the next one, which shares with this one whatever did not change. Everything
 * that is iterated is in the order of names or numbers.
 */
public final class ClusterImage {
    public static final ClusterImage EMPTY = new ClusterImage(
            TopicTable.EMPTY, SortedTree.empty(), SortedTree.empty(), SortedTree.empty(), SortedTree.empty(), 0);

    private final TopicTable topics;
    private final SortedTree<Resource, SortedTree<String, String>> settings;
    private final SortedTree<Integer, RegisterBrokerRecord> brokers;
    private final SortedTree<Integer, RegisterControllerRecord> controllers;
    private final SortedTree<String, Short> features;
    private final long nextProducerId;

    /** @param partitions by index, unmodifiable */
    public record Topic(String name, UUID id, List<PartitionRecord> partitions) {}

    /** Something with settings; types are numbered as in the protocol. */
    public record Resource(byte type, String name) implements Comparable<Resource> {
        public static final byte TOPIC = 2;
        /** Named by its number, or by nothing: then the settings are those of all brokers. */
        public static final byte BROKER = 4;

        public static final byte BROKER_LOGGER = 8;
        public static final byte CLIENT_METRICS = 16;
        public static final byte GROUP = 32;

        public static Resource topic(String name) {
            return new Resource(TOPIC, name);
        }

        public static Resource broker(int id) {
            return new Resource(BROKER, Integer.toString(id));
        }

        /** What is set for all brokers. */
        public static Resource allBrokers() {
            return new Resource(BROKER, "");
        }

        @Override
        public int compareTo(Resource other) {
            return type == other.type ? name.compareTo(other.name) : Byte.compare(type, other.type);
        }
    }

    ClusterImage(
            TopicTable topics,
            SortedTree<Resource, SortedTree<String, String>> settings,
            SortedTree<Integer, RegisterBrokerRecord> brokers,
            SortedTree<Integer, RegisterControllerRecord> controllers,
            SortedTree<String, Short> features,
            long nextProducerId) {
        this.topics = topics;
        this.settings = settings;
        this.brokers = brokers;
        this.controllers = controllers;
        this.features = features;
        this.nextProducerId = nextProducerId;
    }

    /** In the order of names. */
    public Collection<Topic> topics() {
        return topics.byName().values();
    }

    /** The topics whose names are {@code name} or behind it, in order: for listings in pages. */
    public Iterator<Topic> topicsFrom(String name) {
        Iterator<Map.Entry<String, Topic>> entries = topics.byName().from(name);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public Topic next() {
                return entries.next().getValue();
            }
        };
    }

    public @Nullable Topic topic(String name) {
        return topics.byName().find(name);
    }

    public @Nullable Topic topic(UUID id) {
        return topics.topic(id);
    }

    /** Null if there is no such topic or partition. */
    public @Nullable PartitionRecord partition(String topicName, int partition) {
        return partition(topics.byName().find(topicName), partition);
    }

    /** Null if there is no such topic or partition. */
    public @Nullable PartitionRecord partition(UUID topicId, int partition) {
        return partition(topics.topic(topicId), partition);
    }

    private static @Nullable PartitionRecord partition(@Nullable Topic topic, int partition) {
        if (topic == null || partition < 0 || partition >= topic.partitions.size()) {
            return null;
        }
        return topic.partitions.get(partition);
    }

    /** The partitions that a broker has replicas of, in the order of topics' names and their own numbers, without a look at any other. */
    public List<PartitionRecord> partitionsOn(int broker) {
        return topics.partitions(topics.index().on(broker));
    }

    /** How many replicas a broker has. */
    public int replicasOn(int broker) {
        return topics.index().on(broker).size();
    }

    public List<PartitionRecord> partitionsWithoutLeader() {
        return topics.partitions(topics.index().withoutLeader());
    }

    /** Those that have a leader other than their first replica. */
    public List<PartitionRecord> partitionsLedByOthers() {
        return topics.partitions(topics.index().notPreferred());
    }

    public List<PartitionRecord> partitionsInReassignment() {
        return topics.partitions(topics.index().reassigning());
    }

    /** What was set for a resource, without defaults, in the order of names. */
    public Map<String, String> settings(Resource resource) {
        SortedTree<String, String> values = settings.find(resource);
        return values == null ? Map.of() : values;
    }

    /** Names of the resources of a type that have settings. */
    public List<String> resourcesWithSettings(byte type) {
        List<String> found = new ArrayList<>();
        settings.from(new Resource(type, "")).forEachRemaining(entry -> {
            if (entry.getKey().type == type) {
                found.add(entry.getKey().name);
            }
        });
        return found;
    }

    /** In the order of their numbers, as they registered last; fenced ones too. */
    public Collection<RegisterBrokerRecord> brokers() {
        return brokers.values();
    }

    public @Nullable RegisterBrokerRecord broker(int id) {
        return brokers.find(id);
    }

    /** It is registered and not fenced. */
    public boolean isUnfenced(int broker) {
        RegisterBrokerRecord registration = brokers.find(broker);
        return registration != null && !registration.fenced();
    }

    /** It is registered, not fenced and not shutting down: it may lead, and it may be in sync. */
    public boolean isActive(int broker) {
        RegisterBrokerRecord registration = brokers.find(broker);
        return registration != null && !registration.fenced() && !registration.inControlledShutdown();
    }

    /** In the order of their numbers. */
    public Collection<RegisterControllerRecord> controllers() {
        return controllers.values();
    }

    public @Nullable RegisterControllerRecord controller(int id) {
        return controllers.find(id);
    }

    /** The finalized level of each feature, {@code metadata.version} among them, in the order of names. */
    public Map<String, Short> features() {
        return features;
    }

    public long nextProducerId() {
        return nextProducerId;
    }

    /**
     * The image after {@code records}. Costs what is new plus the partition lists of the touched topics: replay what belongs together in one call, not one by one.
     *
     * @throws IllegalStateException if the records do not follow from this image
     */
    public ClusterImage replay(List<? extends Message> records) {
        if (records.isEmpty()) {
            return this;
        }
        ImageChange change = new ImageChange(topics, settings, brokers, controllers, features, nextProducerId);
        records.forEach(change::replay);
        return change.image();
    }

    /** The records that lead from {@link #EMPTY} to this image. */
    public List<Message> snapshot() {
        List<Message> records = new ArrayList<>();
        features.forEach((name, level) -> records.add(new FeatureLevelRecord(name, level)));
        records.addAll(controllers.values());
        records.addAll(brokers.values());
        for (Topic topic : topics.byName().values()) {
            records.add(new TopicRecord(topic.name, topic.id));
            records.addAll(topic.partitions);
        }
        settings.forEach((resource, values) -> values.forEach(
                (name, value) -> records.add(new ConfigRecord(resource.type, resource.name, name, value))));
        if (nextProducerId > 0) {
            records.add(
                    ProducerIdsRecord.builder().nextProducerId(nextProducerId).build());
        }
        return records;
    }
}
