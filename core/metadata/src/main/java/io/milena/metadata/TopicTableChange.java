package io.milena.metadata;

import io.milena.metadata.ClusterImage.Topic;
import io.milena.metadata.TopicTable.Known;
import io.milena.protocol.record.PartitionChangeRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import io.milena.protocol.record.TopicRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The next table of topics in the making. The partition list of a topic is copied when it is first touched; the index is brought up to date at the end. */
final class TopicTableChange {
    private final TopicTable before;
    private SortedTree<String, Topic> byName;
    private SortedTree<UUID, Known> byId;
    private SortedTree<Integer, String> byNumber;
    private int nextNumber;
    /** Topics whose partitions are a list of our own. */
    private final Map<UUID, List<PartitionRecord>> touched = new TreeMap<>();
    /** Topics of the table before that are no more. */
    private final List<UUID> removed = new ArrayList<>();

    TopicTableChange(TopicTable before) {
        this.before = before;
        this.byName = before.byName();
        this.byId = before.byId();
        this.byNumber = before.byNumber();
        this.nextNumber = before.nextNumber();
    }

    TopicTable table() {
        PartitionIndex.Change change = new PartitionIndex.Change();
        for (UUID id : removed) {
            replace(change, before.byId().find(id), partitionsBefore(id), List.of());
        }
        touched.forEach((id, partitions) -> {
            Known known = known(id);
            replace(change, known, removed.contains(id) ? List.of() : partitionsBefore(id), partitions);
            byName = byName.with(known.name(), new Topic(known.name(), id, Collections.unmodifiableList(partitions)));
        });
        return new TopicTable(byName, byId, byNumber, nextNumber, change.applyTo(before.index()));
    }

    private List<PartitionRecord> partitionsBefore(UUID id) {
        Topic topic = before.topic(id);
        return topic == null ? List.of() : topic.partitions();
    }

    @SuppressWarnings(
            "ReferenceEquality") // what was not touched is the same object; to compare a million others would cost
    private static void replace(
            PartitionIndex.Change change, @Nullable Known known, List<PartitionRecord> old, List<PartitionRecord> now) {
        if (known == null) {
            return;
        }
        for (int i = 0; i < Math.max(old.size(), now.size()); i++) {
            PartitionRecord from = i < old.size() ? old.get(i) : null;
            PartitionRecord to = i < now.size() ? now.get(i) : null;
            if (from != to) {
                change.replace(PartitionIndex.key(known.number(), i), from, to);
            }
        }
    }

    void addTopic(TopicRecord topic) {
        if (byName.find(topic.name()) != null || byId.find(topic.topicId()) != null) {
            throw new IllegalStateException("a topic that exists already: " + topic);
        }
        byName = byName.with(topic.name(), new Topic(topic.name(), topic.topicId(), List.of()));
        byId = byId.with(topic.topicId(), new Known(topic.name(), nextNumber));
        byNumber = byNumber.with(nextNumber, topic.name());
        nextNumber++;
        touched.put(topic.topicId(), new ArrayList<>());
    }

    /** @param brokers whose directories the partition may be in */
    void addPartition(PartitionRecord partition, SortedTree<Integer, RegisterBrokerRecord> brokers) {
        List<PartitionRecord> partitions = partitionsOf(partition.topicId());
        if (partition.partitionId() < 0 || partition.partitionId() > partitions.size()) {
            throw new IllegalStateException("a partition behind the " + partitions.size() + " there are: " + partition);
        }
        PartitionRecord compact =
                CompactPartition.of(partition, topic(partition.topicId()).id(), brokers);
        if (partition.partitionId() == partitions.size()) {
            partitions.add(compact);
        } else {
            partitions.set(partition.partitionId(), compact);
        }
    }

    void changePartition(PartitionChangeRecord change, SortedTree<Integer, RegisterBrokerRecord> brokers) {
        List<PartitionRecord> partitions = partitionsOf(change.topicId());
        if (change.partitionId() < 0 || change.partitionId() >= partitions.size()) {
            throw new IllegalStateException("a change of an unknown partition: " + change);
        }
        PartitionRecord old = partitions.get(change.partitionId());
        PartitionRecord now = PartitionChange.applied(change, old);
        partitions.set(change.partitionId(), CompactPartition.of(now, old.topicId(), brokers));
    }

    /** The name that the topic had. */
    String removeTopic(UUID id) {
        Topic topic = topic(id);
        byName = byName.without(topic.name());
        byNumber = byNumber.without(known(id).number());
        byId = byId.without(id);
        touched.remove(id);
        if (before.byId().find(id) != null && !removed.contains(id)) {
            removed.add(id);
        }
        return topic.name();
    }

    /** Forgets who was eligible to lead; of one topic, or of all. */
    void clearEligibleLeaders(String topicName) {
        for (Topic topic : topicName.isEmpty() ? List.copyOf(byName.values()) : named(topicName)) {
            List<PartitionRecord> partitions = touched.getOrDefault(topic.id(), topic.partitions());
            for (int i = 0; i < partitions.size(); i++) {
                PartitionRecord partition = partitions.get(i);
                if (!PartitionChange.ids(partition.eligibleLeaderReplicas()).isEmpty()
                        || !PartitionChange.ids(partition.lastKnownElr()).isEmpty()) {
                    partitions = partitionsOf(topic.id());
                    partitions.set(
                            i,
                            partition.toBuilder()
                                    .eligibleLeaderReplicas(null)
                                    .lastKnownElr(null)
                                    .partitionEpoch(partition.partitionEpoch() + 1)
                                    .build());
                }
            }
        }
    }

    private List<Topic> named(String name) {
        Topic topic = byName.find(name);
        if (topic == null) {
            throw new IllegalStateException("a record of an unknown topic: " + name);
        }
        return List.of(topic);
    }

    private List<PartitionRecord> partitionsOf(UUID topicId) {
        return touched.computeIfAbsent(topicId, id -> new ArrayList<>(topic(id).partitions()));
    }

    private Known known(UUID id) {
        Known known = byId.find(id);
        if (known == null) {
            throw new IllegalStateException("a record of an unknown topic: " + id);
        }
        return known;
    }

    private Topic topic(UUID id) {
        Topic topic = byName.find(known(id).name());
        if (topic == null) {
            throw new IllegalStateException("a record of an unknown topic: " + id);
        }
        return topic;
    }
}
