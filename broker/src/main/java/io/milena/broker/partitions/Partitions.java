package io.milena.broker.partitions;

import io.milena.log.Log;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.record.PartitionRecord;
import java.util.ArrayList;
import java.util.Collections;
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

/** The partitions of the cluster by topic name and by topic id: those that this broker hosts, and which are elsewhere. Safe for use by many threads. */
public final class Partitions {
    /** Partitions of a topic by their index, under the topic's name and under its id. */
    private final Map<String, Hosted> byName = new ConcurrentSkipListMap<>();

    private final Map<UUID, Hosted> byId = new ConcurrentHashMap<>();
    private final int localId;

    /** Of a broker. */
    public Partitions(int localId) {
        this.localId = localId;
    }

    /** What a look-up finds. */
    public sealed interface Lookup {}

    /** The partition is here. */
    public record Found(Partition partition) implements Lookup {}

    /** It is not, and this is what the client is told. */
    public record Missing(ErrorCode error) implements Lookup {}

    /**
     * One topic.
     *
     * @param offline those whose data directory is not there
     * @param elsewhere who leads those of which this broker has no replica
     */
    private record Hosted(
            String topic,
            UUID id,
            Map<Integer, Partition> partitions,
            Set<Integer> offline,
            Map<Integer, Integer> elsewhere,
            TopicTraffic traffic) {
        static Hosted of(String topic, UUID id) {
            return new Hosted(
                    topic,
                    id,
                    new ConcurrentSkipListMap<>(),
                    new ConcurrentSkipListSet<>(),
                    new ConcurrentSkipListMap<>(),
                    new TopicTraffic());
        }
    }

    public int localId() {
        return localId;
    }

    /** A partition that this broker leads. */
    public Lookup find(String topic, int index) {
        return led(replica(topic, index));
    }

    /** A partition that this broker leads. */
    public Lookup find(UUID topicId, int index) {
        return led(replica(topicId, index));
    }

    private static Lookup led(Lookup found) {
        return found instanceof Found(Partition partition) && !partition.isLed()
                ? new Missing(ErrorCode.NOT_LEADER_OR_FOLLOWER)
                : found;
    }

    /** A partition of which this broker has a replica. */
    public Lookup replica(String topic, int index) {
        return lookup(byName.get(topic), index, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    /** A partition of which this broker has a replica. */
    public Lookup replica(UUID topicId, int index) {
        return lookup(byId.get(topicId), index, ErrorCode.UNKNOWN_TOPIC_ID);
    }

    private static Lookup lookup(@Nullable Hosted topic, int index, ErrorCode topicMissing) {
        if (topic == null) {
            return new Missing(topicMissing);
        }
        Partition partition = topic.partitions.get(index);
        if (partition == null) {
            return new Missing(whyMissing(topic, index));
        }
        return partition.log().isOffline() ? new Missing(ErrorCode.KAFKA_STORAGE_ERROR) : new Found(partition);
    }

    private static ErrorCode whyMissing(Hosted topic, int index) {
        if (topic.offline.contains(index)) {
            return ErrorCode.KAFKA_STORAGE_ERROR;
        }
        return topic.elsewhere.containsKey(index)
                ? ErrorCode.NOT_LEADER_OR_FOLLOWER
                : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    }

    /** The replicas of a partition that are offline and here. */
    public List<Integer> offlineReplicas(String topic, PartitionRecord partition) {
        return replica(topic, partition.partitionId()) instanceof Missing(ErrorCode error)
                        && error == ErrorCode.KAFKA_STORAGE_ERROR
                ? List.of(localId)
                : List.of();
    }

    /** The name of the topic with this id, or null. */
    public @Nullable String topicName(UUID topicId) {
        Hosted topic = byId.get(topicId);
        return topic == null ? null : topic.topic;
    }

    /** All partitions, by topic name and index. */
    public List<Partition> all() {
        List<Partition> all = new ArrayList<>();
        for (Hosted topic : byName.values()) {
            all.addAll(topic.partitions.values());
        }
        return Collections.unmodifiableList(all);
    }

    /** The partitions of a topic of which this broker has a replica. */
    public List<Partition> all(String topic) {
        Hosted hosted = byName.get(topic);
        return hosted == null ? List.of() : List.copyOf(hosted.partitions.values());
    }

    /** Starts to serve a replica; what it is to do, its assignment says. */
    public Partition add(Replica replica) {
        Log log = replica.log();
        Hosted topic = hosted(log.topic(), log.topicId());
        Partition partition = new Partition(replica, topic.traffic);
        topic.partitions.put(log.partition(), partition);
        topic.elsewhere.remove(log.partition());
        return partition;
    }

    /** A partition exists, and this broker has no replica of it, or no longer. */
    public void addElsewhere(String topic, UUID topicId, int index, int leader) {
        Hosted hosted = hosted(topic, topicId);
        hosted.elsewhere.put(index, leader);
        Partition moved = hosted.partitions.remove(index);
        if (moved != null) {
            moved.replica().end();
        }
    }

    /** The broker that leads a partition, or -1 where there is none or it cannot work. */
    public int leaderOf(String topic, int index) {
        Hosted hosted = byName.get(topic);
        Integer other = hosted == null ? null : hosted.elsewhere.get(index);
        if (other != null) {
            return other;
        }
        return replica(topic, index) instanceof Found(Partition partition) ? partition.leader() : -1;
    }

    /** Whether this broker leads a partition, and can read it. */
    public boolean leads(String topic, int index) {
        return replica(topic, index) instanceof Found(Partition partition)
                && partition.isLed()
                && !partition.log().isOffline();
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

    /** How many partitions a topic has, here or elsewhere, working or not. */
    public int count(String topic) {
        Hosted hosted = byName.get(topic);
        return hosted == null ? 0 : hosted.partitions.size() + hosted.offline.size() + hosted.elsewhere.size();
    }

    /** Stops to serve a topic and returns its partitions, whose logs the caller deletes. */
    public List<Partition> remove(String name) {
        Hosted topic = byName.remove(name);
        if (topic == null) {
            return List.of();
        }
        byId.remove(topic.id);
        List<Partition> removed = List.copyOf(topic.partitions.values());
        removed.forEach(partition -> partition.replica().end());
        return removed;
    }
}
