package io.milena.broker.partitions;

import io.milena.log.Log;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.record.PartitionRecord;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
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

    /** @param offline those whose data directory is not there */
    private record Hosted(
            String topic, UUID id, Map<Integer, Partition> partitions, Set<Integer> offline, TopicTraffic traffic) {
        static Hosted of(String topic, UUID id) {
            return new Hosted(
                    topic, id, new ConcurrentSkipListMap<>(), new ConcurrentSkipListSet<>(), new TopicTraffic());
        }
    }

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
        if (partition == null) {
            return new Missing(
                    topic.offline.contains(index)
                            ? ErrorCode.KAFKA_STORAGE_ERROR
                            : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        return partition.log().isOffline() ? new Missing(ErrorCode.KAFKA_STORAGE_ERROR) : new Found(partition);
    }

    /** The replicas of a partition that are offline, as clients are told: the one that is here, or none. */
    public List<Integer> offlineReplicas(String topic, PartitionRecord partition) {
        return find(topic, partition.partitionId()) instanceof Missing(ErrorCode error)
                        && error == ErrorCode.KAFKA_STORAGE_ERROR
                ? partition.replicas()
                : List.of();
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
        Hosted topic = hosted(log.topic(), log.topicId());
        Partition partition = new Partition(log, leaderEpoch, topic.traffic);
        topic.partitions.put(log.partition(), partition);
        return partition;
    }

    /** A partition is here, but its data directory is not: it is refused, and nothing may take its place. */
    public void addOffline(String topic, UUID topicId, int index) {
        hosted(topic, topicId).offline.add(index);
    }

    private Hosted hosted(String topic, UUID topicId) {
        Hosted hosted = byName.computeIfAbsent(topic, name -> Hosted.of(name, topicId));
        byId.put(topicId, hosted);
        return hosted;
    }

    /** The traffic of each topic, by name. */
    public SortedMap<String, TopicTraffic> traffic() {
        SortedMap<String, TopicTraffic> all = new TreeMap<>();
        byName.forEach((name, topic) -> all.put(name, topic.traffic));
        return all;
    }

    /** Those whose data directory was not there at the start, as {@code topic-index}. */
    public List<String> offline() {
        return byName.values().stream()
                .flatMap(topic -> topic.offline.stream().map(index -> topic.topic + "-" + index))
                .toList();
    }

    /** How many partitions of a topic are here, working or not. */
    public int count(String topic) {
        Hosted hosted = byName.get(topic);
        return hosted == null ? 0 : hosted.partitions.size() + hosted.offline.size();
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
