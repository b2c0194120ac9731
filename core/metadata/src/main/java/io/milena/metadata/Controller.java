package io.milena.metadata;

import io.milena.metadata.ClusterImage.Resource;
import io.milena.metadata.ClusterImage.Topic;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
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
 * Decides what may happen to topics, settings and producer ids: pure functions of the current image. A controller made for one broker puts everything there; one made for many
 * spreads partitions over those that are registered. What happens to brokers and to partitions that are there, other classes of this package decide.
 */
public final class Controller {
    /** Producer ids are handed out in blocks, so that not each costs a record. */
    public static final int PRODUCER_ID_BLOCK = 1000;
    /** Kafka's mark for a replica whose broker has not chosen a log directory yet. */
    public static final UUID UNASSIGNED_DIRECTORY = new UUID(0, 1);

    private final int nodeId;
    private final int defaultPartitions;
    private final ReplicaAssignments assignments;
    private final NewPartitions newPartitions;

    /**
     * Of one broker.
     *
     * @param defaultPartitions {@code num.partitions}
     */
    public Controller(int nodeId, int defaultPartitions) {
        this(nodeId, defaultPartitions, new OneBroker(nodeId));
    }

    /** Of many brokers. */
    public Controller(ControllerSettings settings) {
        this(settings.nodeId(), settings.partitions(), new StripedPlacement(settings.replicationFactor()));
    }

    private Controller(int nodeId, int defaultPartitions, Placement placement) {
        this.nodeId = nodeId;
        this.defaultPartitions = defaultPartitions;
        this.assignments = new ReplicaAssignments(placement);
        this.newPartitions = new NewPartitions(placement);
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
            refused = topic.assignments.isEmpty()
                    ? checkCounts(image, topic)
                    : assignments.fault(image, topic.assignments);
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
        Decision settings = SettingDecisions.ofTopic(Resource.topic(topic.name), Map.of(), topic.settings);
        if (settings.isRefused()) {
            return settings;
        }
        List<Message> records = new ArrayList<>();
        records.add(new TopicRecord(topic.name, topicId));
        records.addAll(settings.records());
        newPartitions.add(image, topicId, brokers(image, topic, topicId), 0, 0, records);
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

    /** By partition. */
    private List<List<Integer>> brokers(ClusterImage image, NewTopic topic, UUID topicId) {
        if (!topic.assignments.isEmpty()) {
            return List.copyOf(new TreeMap<>(topic.assignments).values());
        }
        int partitions = topic.partitions == -1 ? defaultPartitions : topic.partitions;
        return newPartitions.placed(
                image, topicId, partitions, newPartitions.replicationFactor(topic.replicationFactor), 0);
    }

    private @Nullable Decision checkCounts(ClusterImage image, NewTopic topic) {
        Decision fault = NewPartitions.countFault(topic.partitions);
        return fault == null ? newPartitions.replicationFault(image, topic.replicationFactor) : fault;
    }

    public Decision deleteTopic(ClusterImage image, UUID topicId) {
        if (image.topic(topicId) == null) {
            return Decision.refused(ErrorCode.UNKNOWN_TOPIC_ID, "There is no topic with this id.");
        }
        return Decision.of(List.of(new RemoveTopicRecord(topicId)));
    }

    /** @see RestoredTopic */
    public Decision restoreTopic(ClusterImage image, RestoredTopic topic) {
        Topic alive = image.topic(topic.id());
        if (alive != null) {
            return Decision.refused(
                    ErrorCode.TOPIC_ALREADY_EXISTS, "The topic is there: its id is that of '" + alive.name() + "'.");
        }
        if (image.topic(topic.name()) != null) {
            return Decision.refused(
                    ErrorCode.TOPIC_ALREADY_EXISTS,
                    "Topic '" + topic.name() + "' already exists; the deleted one can be restored under another name.");
        }
        Decision refused = checkName(image, topic.name());
        return refused == null ? topic.restored(image, newPartitions::canPlaceOn) : refused;
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
        int replicationFactor = newPartitions.replicationFactor(topic);
        Decision refused = NewPartitions.countFault(added);
        if (refused == null) {
            refused = brokers == null
                    ? newPartitions.replicationFault(image, replicationFactor)
                    : assignments.fault(image, brokers, added, present, replicationFactor);
        }
        if (refused != null) {
            return refused;
        }
        List<Message> records = new ArrayList<>();
        List<List<Integer>> placed =
                brokers == null ? newPartitions.placed(image, topic.id(), added, replicationFactor, present) : brokers;
        newPartitions.add(image, topic.id(), placed, present, 0, records);
        return Decision.of(records);
    }

    /**
     * Sets (or, with null, unsets) settings of a resource; those of a topic or a group are checked, alone and together. What stays as it is costs no record.
     */
    public Decision configure(ClusterImage image, Resource resource, Map<String, @Nullable String> changes) {
        Map<String, String> present = image.settings(resource);
        if (resource.type() == Resource.BROKER) {
            String fault = EligibleLeaders.fault(image, resource, changes);
            if (fault != null) {
                return Decision.refused(ErrorCode.INVALID_CONFIG, fault);
            }
        }
        Decision decision = switch (resource.type()) {
            case Resource.TOPIC -> SettingDecisions.ofTopic(resource, present, changes);
            case Resource.GROUP -> SettingDecisions.ofGroup(resource, present, changes);
            default -> SettingDecisions.of(resource, present, new TreeMap<>(changes));
        };
        return decision.isRefused()
                ? decision
                : Decision.of(EligibleLeaders.withoutThoseOfBefore(image, decision.records()));
    }

    /** Takes the next block of producer ids: it starts at the image's {@code nextProducerId}. */
    public Decision allocateProducerIds(ClusterImage image) {
        return Decision.of(List.of(ProducerIdsRecord.builder()
                .brokerId(nodeId)
                .nextProducerId(image.nextProducerId() + PRODUCER_ID_BLOCK)
                .build()));
    }
}
