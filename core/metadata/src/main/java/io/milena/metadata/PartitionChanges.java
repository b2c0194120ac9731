package io.milena.metadata;

import io.milena.metadata.ClusterImage.Topic;
import io.milena.protocol.Message;
import io.milena.protocol.record.PartitionChangeRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Changes of partitions as things stand in one image: who is up there, and what is set there. Decisions about brokers first make the image in which the broker has changed
 * and then ask this, so that the loss of several brokers at once costs each partition one change.
 */
final class PartitionChanges {
    private final ClusterImage image;
    private final ControllerSettings settings;
    private final boolean hasEligibleLeaders;
    /** Of the topics that were asked for; looked up only. */
    private final Map<UUID, TopicRules> rules = new HashMap<>();

    private record TopicRules(int minInsyncReplicas, boolean allowsUnclean) {}

    PartitionChanges(ClusterImage image, ControllerSettings settings) {
        this.image = image;
        this.settings = settings;
        this.hasEligibleLeaders = EligibleLeaders.areKnown(image);
    }

    PartitionChange of(PartitionRecord partition) {
        TopicRules topic = rules.computeIfAbsent(partition.topicId(), this::rules);
        return new PartitionChange(
                partition,
                new PartitionChange.Rules(
                        replica -> mayLead(partition, replica),
                        topic.minInsyncReplicas,
                        hasEligibleLeaders,
                        topic.allowsUnclean));
    }

    private TopicRules rules(UUID id) {
        Topic topic = image.topic(id);
        if (topic == null) {
            throw new IllegalStateException("a partition of an unknown topic: " + id);
        }
        return new TopicRules(
                settings.minInsyncReplicas(image, topic.name()), settings.allowsUncleanElections(image, topic.name()));
    }

    boolean hasEligibleLeaders() {
        return hasEligibleLeaders;
    }

    /** What becomes of partitions of which some brokers may no longer be in sync; records are added where something changes. */
    void withoutInSync(Set<Integer> gone, List<PartitionRecord> partitions, List<Message> records) {
        change(partitions, change -> change, gone, records);
    }

    /** The same when what they had confirmed may be lost. */
    void withoutEligible(Set<Integer> gone, List<PartitionRecord> partitions, List<Message> records) {
        change(partitions, change -> change.uncleanlyShutDown(gone), gone, records);
    }

    private void change(
            List<PartitionRecord> partitions,
            UnaryOperator<PartitionChange> how,
            Set<Integer> gone,
            List<Message> records) {
        for (PartitionRecord partition : partitions) {
            List<Integer> eligible = PartitionChange.ids(partition.eligibleLeaderReplicas());
            if (gone.contains(partition.leader())
                    || partition.isr().stream().anyMatch(gone::contains)
                    || eligible.stream().anyMatch(gone::contains)) {
                PartitionChange change = how.apply(of(partition)).isr(Ids.without(partition.isr(), gone));
                add(change.record(), records);
            }
        }
    }

    /** Chooses leaders for those of the partitions that have none. */
    void lead(List<PartitionRecord> partitions, List<Message> records) {
        for (PartitionRecord partition : partitions) {
            if (partition.leader() == PartitionChange.NO_LEADER) {
                add(of(partition).record(), records);
            }
        }
    }

    static void add(@Nullable PartitionChangeRecord record, List<Message> records) {
        if (record != null) {
            records.add(record);
        }
    }

    /** The replica's broker is up, and so is the directory that the partition is in. */
    boolean mayLead(PartitionRecord partition, int replica) {
        return image.isActive(replica) && isOnline(partition, replica);
    }

    private boolean isOnline(PartitionRecord partition, int replica) {
        int index = partition.replicas().indexOf(replica);
        if (index < 0 || index >= partition.directories().size()) {
            return true;
        }
        UUID directory = partition.directories().get(index);
        if (directory.equals(Controller.UNASSIGNED_DIRECTORY) || directory.equals(Directories.MIGRATING)) {
            return true;
        }
        RegisterBrokerRecord broker = image.broker(replica);
        return !directory.equals(Directories.LOST)
                && broker != null
                && (broker.logDirs().isEmpty() || broker.logDirs().contains(directory));
    }

    /** All that need a look because something happened to some brokers; each once, in order. */
    static List<PartitionRecord> on(ClusterImage image, Set<Integer> brokers) {
        if (brokers.size() == 1) {
            return image.partitionsOn(brokers.iterator().next());
        }
        List<PartitionRecord> found = new ArrayList<>();
        for (Integer broker : brokers) {
            for (PartitionRecord partition : image.partitionsOn(broker)) {
                boolean isFirst = true;
                for (Integer replica : partition.replicas()) {
                    isFirst &= !brokers.contains(replica) || replica >= broker;
                }
                if (isFirst) {
                    found.add(partition);
                }
            }
        }
        return found;
    }
}
