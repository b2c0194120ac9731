package io.milena.metadata;

import io.milena.metadata.ClusterImage.Resource;
import io.milena.metadata.ClusterImage.Topic;
import io.milena.protocol.Message;
import io.milena.protocol.record.BrokerRegistrationChangeRecord;
import io.milena.protocol.record.ConfigRecord;
import io.milena.protocol.record.FeatureLevelRecord;
import io.milena.protocol.record.PartitionChangeRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.ProducerIdsRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import io.milena.protocol.record.RemoveTopicRecord;
import io.milena.protocol.record.TopicRecord;
import io.milena.protocol.record.UnregisterBrokerRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The next image in the making, while records are replayed. The partition list of a topic is copied when it is first touched. */
final class ImageChange {
    private static final int SAME_LEADER = -2;
    private static final byte SAME_RECOVERY_STATE = -1;

    private SortedTree<String, Topic> topics;
    private SortedTree<UUID, String> names;
    private SortedTree<Resource, SortedTree<String, String>> settings;
    private SortedTree<Integer, RegisterBrokerRecord> brokers;
    private SortedTree<String, Short> features;
    private long nextProducerId;
    /** Topics whose partitions are a list of our own. */
    private final Map<UUID, List<PartitionRecord>> touched = new TreeMap<>();

    ImageChange(
            SortedTree<String, Topic> topics,
            SortedTree<UUID, String> names,
            SortedTree<Resource, SortedTree<String, String>> settings,
            SortedTree<Integer, RegisterBrokerRecord> brokers,
            SortedTree<String, Short> features,
            long nextProducerId) {
        this.topics = topics;
        this.names = names;
        this.settings = settings;
        this.brokers = brokers;
        this.features = features;
        this.nextProducerId = nextProducerId;
    }

    ClusterImage image() {
        touched.forEach((id, partitions) -> {
            Topic topic = topic(id);
            topics = topics.with(topic.name(), new Topic(topic.name(), id, Collections.unmodifiableList(partitions)));
        });
        return new ClusterImage(topics, names, settings, brokers, features, nextProducerId);
    }

    void replay(Message message) {
        switch (RecordKind.of(message)) {
            case TOPIC -> addTopic((TopicRecord) message);
            case PARTITION -> addPartition((PartitionRecord) message);
            case PARTITION_CHANGE -> changePartition((PartitionChangeRecord) message);
            case REMOVE_TOPIC -> removeTopic(((RemoveTopicRecord) message).topicId());
            case CONFIG -> configure((ConfigRecord) message);
            case REGISTER_BROKER -> register((RegisterBrokerRecord) message);
            case UNREGISTER_BROKER -> brokers = brokers.without(((UnregisterBrokerRecord) message).brokerId());
            case BROKER_REGISTRATION_CHANGE -> changeBroker((BrokerRegistrationChangeRecord) message);
            case FEATURE_LEVEL -> finalizeFeature((FeatureLevelRecord) message);
            case PRODUCER_IDS -> nextProducerId = ((ProducerIdsRecord) message).nextProducerId();
            case NO_OP -> {}
        }
    }

    private void register(RegisterBrokerRecord broker) {
        brokers = brokers.with(broker.brokerId(), broker);
    }

    private void addTopic(TopicRecord topic) {
        if (topics.find(topic.name()) != null || names.find(topic.topicId()) != null) {
            throw new IllegalStateException("a topic that exists already: " + topic);
        }
        topics = topics.with(topic.name(), new Topic(topic.name(), topic.topicId(), List.of()));
        names = names.with(topic.topicId(), topic.name());
        touched.put(topic.topicId(), new ArrayList<>());
    }

    private void addPartition(PartitionRecord partition) {
        List<PartitionRecord> partitions = partitionsOf(partition.topicId());
        if (partition.partitionId() < 0 || partition.partitionId() > partitions.size()) {
            throw new IllegalStateException("a partition behind the " + partitions.size() + " there are: " + partition);
        }
        if (partition.partitionId() == partitions.size()) {
            partitions.add(partition);
        } else {
            partitions.set(partition.partitionId(), partition);
        }
    }

    private void changePartition(PartitionChangeRecord change) {
        List<PartitionRecord> partitions = partitionsOf(change.topicId());
        if (change.partitionId() < 0 || change.partitionId() >= partitions.size()) {
            throw new IllegalStateException("a change of an unknown partition: " + change);
        }
        partitions.set(change.partitionId(), changed(partitions.get(change.partitionId()), change));
    }

    /** What a change does not name stays; each change is a new partition epoch, each election a new leader epoch, be it of the same leader. */
    private static PartitionRecord changed(PartitionRecord old, PartitionChangeRecord change) {
        boolean isElection = change.leader() != SAME_LEADER;
        return old.toBuilder()
                .isr(orElse(change.isr(), old.isr()))
                .leader(isElection ? change.leader() : old.leader())
                .leaderEpoch(isElection ? old.leaderEpoch() + 1 : old.leaderEpoch())
                .partitionEpoch(old.partitionEpoch() + 1)
                .replicas(orElse(change.replicas(), old.replicas()))
                .removingReplicas(orElse(change.removingReplicas(), old.removingReplicas()))
                .addingReplicas(orElse(change.addingReplicas(), old.addingReplicas()))
                .leaderRecoveryState(
                        change.leaderRecoveryState() == SAME_RECOVERY_STATE
                                ? old.leaderRecoveryState()
                                : change.leaderRecoveryState())
                .directories(orElse(change.directories(), old.directories()))
                .eligibleLeaderReplicas(
                        change.eligibleLeaderReplicas() == null
                                ? old.eligibleLeaderReplicas()
                                : change.eligibleLeaderReplicas())
                .lastKnownElr(change.lastKnownElr() == null ? old.lastKnownElr() : change.lastKnownElr())
                .build();
    }

    private void removeTopic(UUID id) {
        Topic topic = topic(id);
        topics = topics.without(topic.name());
        names = names.without(id);
        settings = settings.without(Resource.topic(topic.name()));
        touched.remove(id);
    }

    private void configure(ConfigRecord config) {
        Resource resource = new Resource(config.resourceType(), config.resourceName());
        SortedTree<String, String> values = settings.find(resource);
        SortedTree<String, String> old = values == null ? SortedTree.empty() : values;
        String value = config.value();
        SortedTree<String, String> changed =
                value == null ? old.without(config.name()) : old.with(config.name(), value);
        settings = changed.isEmpty() ? settings.without(resource) : settings.with(resource, changed);
    }

    private void changeBroker(BrokerRegistrationChangeRecord change) {
        RegisterBrokerRecord old = brokers.find(change.brokerId());
        if (old == null || old.brokerEpoch() != change.brokerEpoch()) {
            throw new IllegalStateException("a change of an unknown registration: " + change);
        }
        RegisterBrokerRecord.Builder changed = old.toBuilder()
                .fenced(change.fenced() == 0 ? old.fenced() : change.fenced() > 0)
                .inControlledShutdown(old.inControlledShutdown() || change.inControlledShutdown() > 0);
        if (!change.logDirs().isEmpty()) {
            changed.logDirs(change.logDirs());
        }
        brokers = brokers.with(change.brokerId(), changed.build());
    }

    private void finalizeFeature(FeatureLevelRecord feature) {
        features = feature.featureLevel() == 0
                ? features.without(feature.name())
                : features.with(feature.name(), feature.featureLevel());
    }

    private List<PartitionRecord> partitionsOf(UUID topicId) {
        return touched.computeIfAbsent(topicId, id -> new ArrayList<>(topic(id).partitions()));
    }

    private Topic topic(UUID id) {
        String name = names.find(id);
        Topic topic = name == null ? null : topics.find(name);
        if (topic == null) {
            throw new IllegalStateException("a record of an unknown topic: " + id);
        }
        return topic;
    }

    private static <T> T orElse(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
