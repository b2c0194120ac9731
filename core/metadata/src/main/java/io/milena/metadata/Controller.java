package io.milena.metadata;

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

    private static final int PARTITIONS_MAX = 100_000;

    private final int nodeId;
    private final int defaultPartitions;

    /** @param defaultPartitions {@code num.partitions} */
    public Controller(int nodeId, int defaultPartitions) {
        this.nodeId = nodeId;
        this.defaultPartitions = defaultPartitions;
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
        String nameFault = TopicNames.fault(topic.name);
        if (nameFault != null) {
            return Decision.refused(ErrorCode.INVALID_TOPIC_EXCEPTION, nameFault);
        }
        if (image.topic(topic.name) != null) {
            return Decision.refused(ErrorCode.TOPIC_ALREADY_EXISTS, "Topic '" + topic.name + "' already exists.");
        }
        String collision = TopicNames.collision(topic.name, image.topics());
        if (collision != null) {
            return Decision.refused(
                    ErrorCode.INVALID_TOPIC_EXCEPTION,
                    "Topic '" + topic.name + "' collides with existing topic: " + collision);
        }
        Decision refused = topic.assignments.isEmpty() ? checkCounts(topic) : checkAssignments(topic);
        if (refused != null) {
            return refused;
        }
        List<Message> records = new ArrayList<>();
        records.add(TopicRecord.builder().name(topic.name).topicId(topicId).build());
        for (Map.Entry<String, @Nullable String> setting : new TreeMap<>(topic.settings).entrySet()) {
            String value = setting.getValue();
            String fault = value == null
                    ? "Null value not supported for topic configs: " + setting.getKey()
                    : TopicSettingCatalog.CATALOG.fault(setting.getKey(), value);
            if (fault != null) {
                return Decision.refused(ErrorCode.INVALID_CONFIG, fault);
            }
            records.add(configRecord(ClusterImage.Resource.topic(topic.name), setting.getKey(), value));
        }
        addPartitions(records, topicId, 0, partitionCount(topic));
        return Decision.of(records);
    }

    private int partitionCount(NewTopic topic) {
        if (!topic.assignments.isEmpty()) {
            return topic.assignments.size();
        }
        return topic.partitions == -1 ? defaultPartitions : topic.partitions;
    }

    private @Nullable Decision checkCounts(NewTopic topic) {
        if (topic.partitions == 0 || topic.partitions < -1 || topic.partitions > PARTITIONS_MAX) {
            return Decision.refused(
                    ErrorCode.INVALID_PARTITIONS,
                    "Number of partitions was set to an invalid value: " + topic.partitions + " is not between 1 and "
                            + PARTITIONS_MAX);
        }
        if (topic.replicationFactor == 0 || topic.replicationFactor < -1 || topic.replicationFactor > 1) {
            return Decision.refused(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "Unable to replicate the partition " + topic.replicationFactor
                            + " time(s): the cluster has 1 broker");
        }
        return null;
    }

    private @Nullable Decision checkAssignments(NewTopic topic) {
        for (int index = 0; index < topic.assignments.size(); index++) {
            List<Integer> brokers = topic.assignments.get(index);
            if (brokers == null || !brokers.equals(List.of(nodeId))) {
                return Decision.refused(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "The assignment of partition " + index + " is " + brokers
                                + "; partitions are numbered from 0 on, and the only broker is " + nodeId);
            }
        }
        return null;
    }

    private void addPartitions(List<Message> records, UUID topicId, int from, int to) {
        for (int index = from; index < to; index++) {
            records.add(PartitionRecord.builder()
                    .partitionId(index)
                    .topicId(topicId)
                    .replicas(List.of(nodeId))
                    .isr(List.of(nodeId))
                    .leader(nodeId)
                    .leaderEpoch(0)
                    .partitionEpoch(0)
                    .build());
        }
    }

    public Decision deleteTopic(ClusterImage image, UUID topicId) {
        if (image.topic(topicId) == null) {
            return Decision.refused(ErrorCode.UNKNOWN_TOPIC_ID, "There is no topic with this id.");
        }
        return Decision.of(List.of(RemoveTopicRecord.builder().topicId(topicId).build()));
    }

    /** @param count how many partitions the topic shall have in all */
    public Decision createPartitions(
            ClusterImage image, String name, int count, @Nullable List<List<Integer>> assignments) {
        ClusterImage.Topic topic = image.topic(name);
        if (topic == null) {
            return Decision.refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "There is no topic '" + name + "'.");
        }
        int present = topic.partitions().size();
        if (count <= present || count > PARTITIONS_MAX) {
            return Decision.refused(
                    ErrorCode.INVALID_PARTITIONS,
                    "The topic " + name + " currently has " + present + " partition(s); " + count
                            + " would not be an increase of at most " + PARTITIONS_MAX + ".");
        }
        if (assignments != null
                && (assignments.size() != count - present
                        || !assignments.stream().allMatch(List.of(nodeId)::equals))) {
            return Decision.refused(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                    "There must be one assignment for each of the " + (count - present) + " new partitions, to broker "
                            + nodeId + ".");
        }
        List<Message> records = new ArrayList<>();
        addPartitions(records, topic.id(), present, count);
        return Decision.of(records);
    }

    /** Sets (or, with null, unsets) settings that are known to be allowed. */
    public Decision configure(ClusterImage.Resource resource, Map<String, @Nullable String> changes) {
        List<Message> records = new ArrayList<>();
        for (Map.Entry<String, @Nullable String> change : new TreeMap<>(changes).entrySet()) {
            records.add(configRecord(resource, change.getKey(), change.getValue()));
        }
        return Decision.of(records);
    }

    private static Message configRecord(ClusterImage.Resource resource, String name, @Nullable String value) {
        return ConfigRecord.builder()
                .resourceType(resource.type())
                .resourceName(resource.name())
                .name(name)
                .value(value)
                .build();
    }

    /** Takes the next block of producer ids: it starts at the image's {@code nextProducerId}. */
    public Decision allocateProducerIds(ClusterImage image) {
        return Decision.of(List.of(ProducerIdsRecord.builder()
                .brokerId(nodeId)
                .nextProducerId(image.nextProducerId() + PRODUCER_ID_BLOCK)
                .build()));
    }
}
