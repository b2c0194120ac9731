package io.milena.metadata;

import io.milena.metadata.ClusterImage.Resource;
import io.milena.metadata.ClusterImage.Topic;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.record.ConfigRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.ProducerIdsRecord;
import io.milena.protocol.record.RemoveTopicRecord;
import io.milena.protocol.record.TopicRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decides what may happen to the cluster: pure functions of the current image. This controller knows one broker, which leads every partition.
 */
public final class Controller {
    /** Producer ids are handed out in blocks, so that not each costs a record. */
    public static final int PRODUCER_ID_BLOCK = 1000;

    /** What one decision may add: a request must not be able to fill the memory. As in Kafka. */
    private static final int NEW_PARTITIONS_MAX = 10_000;
    /** Of a topic that comes back, which may have grown by several decisions. */
    private static final int RESTORED_PARTITIONS_MAX = 1_000_000;
    /** Kafka's mark for a replica whose broker has not chosen a log directory yet. */
    public static final UUID UNASSIGNED_DIRECTORY = new UUID(0, 1);

    private final int nodeId;
    private final int defaultPartitions;
    private final ReplicaAssignments assignments;

    /** @param defaultPartitions {@code num.partitions} */
    public Controller(int nodeId, int defaultPartitions) {
        this.nodeId = nodeId;
        this.defaultPartitions = defaultPartitions;
        this.assignments = new ReplicaAssignments(nodeId);
    }

    /**
     * A topic to be created.
     *
     * @param partitions -1 for the default
     * @param replicationFactor -1 for the default
     * @param assignments brokers by partition, empty to let the controller place them
     */
    public record NewTopic(
            String name,
            int partitions,
            short replicationFactor,
            Map<Integer, List<Integer>> assignments,
            Map<String, @Nullable String> settings) {}

    public Decision createTopic(ClusterImage image, NewTopic topic, UUID topicId) {
        Decision refused = checkName(image, topic.name);
        if (refused == null) {
            refused = topic.assignments.isEmpty() ? checkCounts(topic) : assignments.fault(topic.assignments);
        }
        if (refused != null) {
            return refused;
        }
        for (Map.Entry<String, @Nullable String> setting : new TreeMap<>(topic.settings).entrySet()) {
            if (setting.getValue() == null) {
                return Decision.refused(
                        ErrorCode.INVALID_CONFIG, "Null value not supported for topic configs: " + setting.getKey());
            }
        }
        Decision settings = changedTopicSettings(Resource.topic(topic.name), Map.of(), topic.settings);
        if (settings.isRefused()) {
            return settings;
        }
        List<Message> records = new ArrayList<>();
        records.add(new TopicRecord(topic.name, topicId));
        records.addAll(settings.records());
        addPartitions(records, topicId, 0, 0, partitionCount(topic));
        return Decision.of(records);
    }

    private static @Nullable Decision checkName(ClusterImage image, String name) {
        String fault = TopicNames.fault(name);
        if (fault != null) {
            return Decision.refused(ErrorCode.INVALID_TOPIC_EXCEPTION, fault);
        }
        if (image.topic(name) != null) {
            return Decision.refused(ErrorCode.TOPIC_ALREADY_EXISTS, "Topic '" + name + "' already exists.");
        }
        String collision = TopicNames.collision(name, image);
        return collision == null
                ? null
                : Decision.refused(
                        ErrorCode.INVALID_TOPIC_EXCEPTION,
                        "Topic '" + name + "' collides with existing topic: " + collision);
    }

    private int partitionCount(NewTopic topic) {
        if (!topic.assignments.isEmpty()) {
            return topic.assignments.size();
        }
        return topic.partitions == -1 ? defaultPartitions : topic.partitions;
    }

    private static @Nullable Decision checkCounts(NewTopic topic) {
        if (topic.partitions == 0 || topic.partitions < -1) {
            return Decision.refused(
                    ErrorCode.INVALID_PARTITIONS,
                    "Number of partitions was set to an invalid non-positive value: " + topic.partitions
                            + ". It must be larger than 0, or -1 to use the default value.");
        }
        if (topic.partitions > NEW_PARTITIONS_MAX) {
            return tooMany(topic.partitions);
        }
        if (topic.replicationFactor == 0 || topic.replicationFactor < -1) {
            return Decision.refused(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "Replication factor must be larger than 0, or -1 to use the default value; it is "
                            + topic.replicationFactor + ".");
        }
        if (topic.replicationFactor > 1) {
            return Decision.refused(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "Unable to replicate the partition " + topic.replicationFactor
                            + " time(s): only 1 broker(s) are registered.");
        }
        return null;
    }

    private static Decision tooMany(int partitions) {
        return Decision.refused(
                ErrorCode.POLICY_VIOLATION,
                "Excessively large number of partitions per request: " + partitions + " new ones, where "
                        + NEW_PARTITIONS_MAX + " are allowed.");
    }

    private void addPartitions(List<Message> records, UUID topicId, int leaderEpoch, int from, int to) {
        List<Integer> replicas = List.of(nodeId);
        List<UUID> directories = List.of(UNASSIGNED_DIRECTORY);
        for (int index = from; index < to; index++) {
            records.add(PartitionRecord.builder()
                    .partitionId(index)
                    .topicId(topicId)
                    .replicas(replicas)
                    .isr(replicas)
                    .leader(nodeId)
                    .leaderEpoch(leaderEpoch)
                    .partitionEpoch(0)
                    .directories(directories)
                    .build());
        }
    }

    public Decision deleteTopic(ClusterImage image, UUID topicId) {
        if (image.topic(topicId) == null) {
            return Decision.refused(ErrorCode.UNKNOWN_TOPIC_ID, "There is no topic with this id.");
        }
        return Decision.of(List.of(new RemoveTopicRecord(topicId)));
    }

    /**
     * A deleted topic that shall be there again.
     *
     * @param name what it shall be called
     * @param leaderEpoch the highest that a partition of it had
     * @param settings its own, as they were; they were checked when they were set
     */
    public record RestoredTopic(String name, UUID id, int partitions, int leaderEpoch, Map<String, String> settings) {}

    /** The topic is there again with its old id, so that what knows it by its id knows it again. */
    public Decision restoreTopic(ClusterImage image, RestoredTopic topic) {
        Topic alive = image.topic(topic.id);
        if (alive != null) {
            return Decision.refused(
                    ErrorCode.TOPIC_ALREADY_EXISTS, "The topic is there: its id is that of '" + alive.name() + "'.");
        }
        if (image.topic(topic.name) != null) {
            return Decision.refused(
                    ErrorCode.TOPIC_ALREADY_EXISTS,
                    "Topic '" + topic.name + "' already exists; the deleted one can be restored under another name.");
        }
        Decision refused = checkName(image, topic.name);
        if (refused != null) {
            return refused;
        }
        if (topic.partitions < 1 || topic.partitions > RESTORED_PARTITIONS_MAX) {
            return Decision.refused(
                    ErrorCode.INVALID_PARTITIONS,
                    "A topic has 1 to " + RESTORED_PARTITIONS_MAX + " partitions, not " + topic.partitions + ".");
        }
        List<Message> records = new ArrayList<>();
        records.add(new TopicRecord(topic.name, topic.id));
        new TreeMap<>(topic.settings)
                .forEach((name, value) -> records.add(new ConfigRecord(Resource.TOPIC, topic.name, name, value)));
        addPartitions(records, topic.id, topic.leaderEpoch, 0, topic.partitions);
        return Decision.of(records);
    }

    /** @param count how many partitions the topic shall have in all */
    public Decision createPartitions(
            ClusterImage image, String name, int count, @Nullable List<List<Integer>> brokers) {
        Topic topic = image.topic(name);
        if (topic == null) {
            return Decision.refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "There is no topic '" + name + "'.");
        }
        int present = topic.partitions().size();
        if (count == present) {
            return Decision.refused(ErrorCode.INVALID_PARTITIONS, "Topic already has " + present + " partition(s).");
        }
        if (count < present) {
            return Decision.refused(
                    ErrorCode.INVALID_PARTITIONS,
                    "The topic " + name + " currently has " + present + " partition(s); " + count
                            + " would not be an increase.");
        }
        int added = count - present;
        if (added > NEW_PARTITIONS_MAX) {
            return tooMany(added);
        }
        Decision refused = brokers == null ? null : assignments.fault(brokers, added);
        if (refused != null) {
            return refused;
        }
        List<Message> records = new ArrayList<>();
        addPartitions(records, topic.id(), 0, present, count);
        return Decision.of(records);
    }

    /**
     * Sets (or, with null, unsets) settings of a resource; those of a topic are checked, alone and together. What stays as it is costs no record.
     */
    public Decision configure(ClusterImage image, Resource resource, Map<String, @Nullable String> changes) {
        Map<String, String> present = image.settings(resource);
        return resource.type() == Resource.TOPIC
                ? changedTopicSettings(resource, present, changes)
                : changedSettings(resource, present, new TreeMap<>(changes));
    }

    private static Decision changedTopicSettings(
            Resource topic, Map<String, String> present, Map<String, @Nullable String> changes) {
        TreeMap<String, @Nullable String> normalized = new TreeMap<>();
        TreeMap<String, String> outcome = new TreeMap<>(present);
        for (Map.Entry<String, @Nullable String> change : new TreeMap<>(changes).entrySet()) {
            String name = change.getKey();
            String value = change.getValue();
            SettingDefinition definition = TopicSettingCatalog.CATALOG.find(name);
            if (value == null) { // whoever goes back to an older broker can unset what it does not know
                normalized.put(name, null);
                outcome.remove(name);
            } else if (definition == null) {
                return Decision.refused(ErrorCode.INVALID_CONFIG, "Unknown topic config name: " + name);
            } else {
                String fault = definition.fault(value);
                if (fault != null) {
                    return Decision.refused(ErrorCode.INVALID_CONFIG, fault);
                }
                normalized.put(name, definition.normalized(value));
                outcome.put(name, definition.normalized(value));
            }
        }
        String conflict = TopicSettingCatalog.conflict(outcome);
        return conflict == null
                ? changedSettings(topic, present, normalized)
                : Decision.refused(ErrorCode.INVALID_CONFIG, conflict);
    }

    private static Decision changedSettings(
            Resource resource, Map<String, String> present, TreeMap<String, @Nullable String> changes) {
        List<Message> records = new ArrayList<>();
        changes.forEach((name, value) -> {
            String old = present.get(name);
            boolean isSame = value == null ? old == null : value.equals(old);
            if (!isSame) {
                records.add(new ConfigRecord(resource.type(), resource.name(), name, value));
            }
        });
        return Decision.of(records);
    }

    /** Takes the next block of producer ids: it starts at the image's {@code nextProducerId}. */
    public Decision allocateProducerIds(ClusterImage image) {
        return Decision.of(List.of(ProducerIdsRecord.builder()
                .brokerId(nodeId)
                .nextProducerId(image.nextProducerId() + PRODUCER_ID_BLOCK)
                .build()));
    }
}
