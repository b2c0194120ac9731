package io.milena.broker.cluster;

import io.milena.log.DeletedTopic;
import io.milena.log.Log;
import io.milena.log.LogDirectories;
import io.milena.log.LogDirectory;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.Controller;
import io.milena.protocol.Message;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.RemoveTopicRecord;
import io.milena.runtime.Clock;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what a deleted topic was, for the trash. Each node does, also one that has nothing of the topic: so there is somebody who knows what it was when a broker comes back that was down at the deletion. For one thread
 * at a time.
 */
final class HostedDeletions {
    private static final System.Logger LOG = System.getLogger(HostedDeletions.class.getName());
    /** Kafka's mark for a replica of a time when brokers had one directory. */
    private static final UUID MIGRATING = new UUID(0, 0);

    private final LogDirectories directories;
    private final int localId;
    private final Clock clock;

    HostedDeletions(LogDirectories directories, int localId, Clock clock) {
        this.directories = directories;
        this.localId = localId;
        this.clock = clock;
    }

    /**
     * Deletes logs that no topic has: of a deletion that a crash has ended, or that their directory was not there for; or else of metadata that are lost, and then the logs can be restored. One whose topic has another
     * name by now was deleted, and restored under that, while this node was down: it goes the same way.
     */
    void deleteStrays(ClusterImage image) throws IOException {
        Map<UUID, List<Log>> strays = directories.logs().stream()
                .filter(log -> isStray(log, image.topic(log.topicId())))
                .collect(Collectors.groupingBy(Log::topicId, TreeMap::new, Collectors.toList()));
        for (Map.Entry<UUID, List<Log>> topic : strays.entrySet()) {
            deleteStrays(topic.getKey(), topic.getValue());
        }
    }

    private static boolean isStray(Log log, ClusterImage.@Nullable Topic topic) {
        return topic == null || !topic.name().equals(log.topic());
    }

    private void deleteStrays(UUID topicId, List<Log> logs) throws IOException {
        String name = logs.getFirst().topic();
        LOG.log(Level.WARNING, "{0} logs of {1} belong to no topic any more and are deleted", logs.size(), name);
        int count = 0;
        int leaderEpoch = 0;
        for (Log log : logs) {
            count = Math.max(count, log.partition() + 1);
            leaderEpoch = Math.max(leaderEpoch, log.epochAt(log.logEndOffset() - 1));
        }
        DeletedTopic topic = new DeletedTopic(name, topicId, count, leaderEpoch, clock.millis(), Map.of());
        directories.deletedTopics().announceStrays(topic, logs);
        directories.delete(topicId, logs);
    }

    /** To be called before the metadata lose the topics. */
    void announce(ClusterImage image, List<Message> records) throws IOException {
        for (Message record : records) {
            ClusterImage.Topic topic =
                    record instanceof RemoveTopicRecord removed ? image.topic(removed.topicId()) : null;
            if (topic != null) {
                directories.deletedTopics().announce(deleted(topic, image), logsOf(topic));
            }
        }
    }

    /** As {@link #announce}, of a topic that the metadata have lost: no disk can hold that up any more. */
    void note(ClusterImage.Topic topic, ClusterImage before) {
        directories.deletedTopics().note(deleted(topic, before), logsOf(topic));
    }

    private DeletedTopic deleted(ClusterImage.Topic topic, ClusterImage image) {
        int leaderEpoch = 0;
        TreeSet<UUID> homes = new TreeSet<>();
        for (PartitionRecord partition : topic.partitions()) {
            leaderEpoch = Math.max(leaderEpoch, partition.leaderEpoch());
            UUID home = home(topic.name(), partition);
            if (home != null) {
                homes.add(home);
            }
        }
        return new DeletedTopic(
                topic.name(),
                topic.id(),
                topic.partitions().size(),
                leaderEpoch,
                clock.millis(),
                image.settings(ClusterImage.Resource.topic(topic.name())),
                List.copyOf(homes),
                topic.partitions().stream().map(HostedDeletions::replicas).toList());
    }

    /** Where the log is, whatever the metadata have heard of that, or where they say; null if it is on other brokers. */
    private @Nullable UUID home(String topic, PartitionRecord partition) {
        Log log = directories.log(topic, partition.partitionId());
        LogDirectory home = log == null ? null : directories.directoryOf(log);
        return home == null ? directory(partition, localId) : home.id();
    }

    private static DeletedTopic.Replicas replicas(PartitionRecord partition) {
        List<Integer> eligible = partition.eligibleLeaderReplicas();
        return new DeletedTopic.Replicas(
                partition.replicas(),
                Stream.concat(partition.isr().stream(), eligible == null ? Stream.of() : eligible.stream())
                        .distinct()
                        .toList());
    }

    /** The directory of a broker's replica; null where none is known. */
    static @Nullable UUID directory(PartitionRecord record, int broker) {
        int index = record.replicas().indexOf(broker);
        if (index < 0 || index >= record.directories().size()) {
            return null;
        }
        UUID directory = record.directories().get(index);
        return directory.equals(Controller.UNASSIGNED_DIRECTORY) || directory.equals(MIGRATING) ? null : directory;
    }

    /** Those that are here. */
    List<Log> logsOf(ClusterImage.Topic topic) {
        return topic.partitions().stream()
                .flatMap(partition -> Stream.ofNullable(directories.log(topic.name(), partition.partitionId())))
                .toList();
    }
}
