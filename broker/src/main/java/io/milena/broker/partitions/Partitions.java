package io.milena.broker.partitions;

import io.milena.log.Log;
import io.milena.protocol.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The partitions that this broker hosts, by topic name and by topic id. Safe for use by many threads. */
public final class Partitions {
    /** Partitions of a topic by their index, under the topic's name and under its id. */
    private final Map<String, Hosted> byName = new ConcurrentSkipListMap<>();

    private final Map<UUID, Hosted> byId = new ConcurrentHashMap<>();

    /** What a look-up finds. */
    public sealed interface Lookup {}

    /** The partition is here. */
    public record Found(Partition partition) implements Lookup {}

    /** It is not, and this is what the client is told. */
    public record Missing(ErrorCode error) implements Lookup {}

    private record Hosted(String topic, UUID id, Map<Integer, Partition> partitions) {}

    public Lookup find(String topic, int index) {
        return lookup(byName.get(topic), index, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    public Lookup find(UUID topicId, int index) {
        return lookup(byId.get(topicId), index, ErrorCode.UNKNOWN_TOPIC_ID);
    }

    private static Lookup lookup(@Nullable Hosted topic, int index, ErrorCode topicMissing) {
        if (topic == null) {
            return new Missing(topicMissing);
        }
        Partition partition = topic.partitions.get(index);
        return partition == null ? new Missing(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) : new Found(partition);
    }

    /** The partition, or null when it is not here. */
    public @Nullable Partition partition(String topic, int index) {
        return find(topic, index) instanceof Found(Partition partition) ? partition : null;
    }

    /** The name of the topic with this id, or null. */
    public @Nullable String topicName(UUID topicId) {
        Hosted topic = byId.get(topicId);
        return topic == null ? null : topic.topic;
    }

    /** All partitions, by topic name and index. */
    public List<Partition> all() {
        return byName.values().stream()
                .flatMap(topic -> topic.partitions.values().stream())
                .toList();
    }

    /** Starts to serve {@code log} as its leader. */
    public Partition add(Log log, int leaderEpoch) {
        Hosted topic = byName.computeIfAbsent(
                log.topic(), name -> new Hosted(name, log.topicId(), new ConcurrentSkipListMap<>()));
        Partition partition = new Partition(log, leaderEpoch);
        topic.partitions.put(log.partition(), partition);
        byId.put(log.topicId(), topic);
        return partition;
    }

    /** Stops to serve a topic and returns its partitions, whose logs the caller deletes. */
    public List<Partition> remove(String name) {
        Hosted topic = byName.remove(name);
        if (topic == null) {
            return List.of();
        }
        byId.remove(topic.id);
        return List.copyOf(topic.partitions.values());
    }
}
