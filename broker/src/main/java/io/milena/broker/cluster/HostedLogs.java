package io.milena.broker.cluster;

import io.milena.broker.partitions.Partition;
import io.milena.broker.partitions.Partitions;
import io.milena.broker.partitions.Replica;
import io.milena.broker.partitions.ReplicaHost;
import io.milena.log.Log;
import io.milena.log.LogDirectories;
import io.milena.log.LogDirectory;
import io.milena.log.LogSettings;
import io.milena.log.Placement;
import io.milena.metadata.ClusterImage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.record.PartitionChangeRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.TopicRecord;
import io.milena.replication.Assignment;
import io.milena.replication.ReplicationSettings;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings logs and partitions in line with the metadata. The metadata say which data directory a partition is in: while that is not there, the partition is offline, and no empty log takes
 * its place. For one thread at a time.
 */
final class HostedLogs {
    private static final System.Logger LOG = System.getLogger(HostedLogs.class.getName());

    private static final ClusterImage.Resource ALL_BROKERS = ClusterImage.Resource.allBrokers();
    private static final int NAMED_MAX = 10;
    private static final int WISHES_MAX = 10_000;

    private final LogDirectories directories;
    private final Partitions partitions;
    private final TopicLogSettings logSettings;
    private final ReplicaHost host;
    private final HostedDeletions deletions;
    /** Directories for partitions that do not exist yet, by {@code topic-index}. */
    private final Map<String, UUID> wishes = new TreeMap<>();

    /** Of topics that are gone: who decides has written them before. */
    enum Notes {
        WRITTEN,
        DUE
    }

    HostedLogs(LogDirectories directories, Partitions partitions, TopicLogSettings logSettings, ReplicaHost host) {
        this.directories = directories;
        this.partitions = partitions;
        this.logSettings = logSettings;
        this.host = host;
        this.deletions = new HostedDeletions(
                directories, host.localId(), host.environment().clock());
    }

    /** Serves all topics, and deletes what belongs to none. */
    void serveAll(ClusterImage image) throws IOException {
        directories.settleMoves((topicId, partition) -> home(image.topic(topicId), partition));
        deletions.deleteStrays(image);
        for (ClusterImage.Topic topic : image.topics()) {
            begin(topic, image);
        }
        directories.deletedTopics().settle();
        reportOffline();
    }

    private @Nullable UUID home(ClusterImage.@Nullable Topic topic, int partition) {
        return topic == null || partition >= topic.partitions().size()
                ? null
                : directory(topic.partitions().get(partition));
    }

    private void reportOffline() {
        List<String> offline = partitions.offline();
        if (!offline.isEmpty()) {
            LOG.log(
                    Level.ERROR,
                    "{0} partitions are offline, because their data directory is not there or does not work: {1}{2}",
                    offline.size(),
                    offline.stream().limit(NAMED_MAX).collect(Collectors.joining(", ")),
                    offline.size() > NAMED_MAX ? ", ..." : "");
        }
    }

    /** Serves a topic that is new here; what the trash has of it comes back. */
    private void begin(ClusterImage.Topic topic, ClusterImage image) throws IOException {
        if (directories.deletedTopics().holds(topic.id())) {
            directories.restore(topic.id(), topic.name(), logSettings.of(image, topic.name()));
        }
        serve(topic, topic.partitions(), image);
    }

    private void serve(ClusterImage.Topic topic, List<PartitionRecord> records, ClusterImage image) throws IOException {
        LogSettings settings = logSettings.of(image, topic.name());
        ReplicationSettings replication = logSettings.replication(image, topic.name());
        create(topic, records, settings);
        for (PartitionRecord record : records) {
            Log log = directories.log(topic.name(), record.partitionId());
            if (!isHere(record)) {
                partitions.addElsewhere(topic.name(), topic.id(), record.partitionId(), record.leader());
                if (log != null) { // the replica was removed while this broker was down
                    directories.discard(log);
                }
            } else if (log == null) {
                partitions.addOffline(topic.name(), topic.id(), record.partitionId());
            } else {
                log.settings(settings);
                Replica replica = new Replica(log, host, replication);
                partitions.add(replica);
                replica.assign(assignment(record));
            }
        }
    }

    private boolean isHere(PartitionRecord record) {
        return record.replicas().contains(host.localId());
    }

    private static Assignment assignment(PartitionRecord record) {
        return new Assignment(
                record.leader(), record.leaderEpoch(), record.partitionEpoch(), record.replicas(), record.isr());
    }

    /** Makes the logs that are not there, but whose directories are. */
    private void create(ClusterImage.Topic topic, List<PartitionRecord> records, LogSettings settings)
            throws IOException {
        Map<LogDirectory, List<Integer>> missing = new LinkedHashMap<>();
        Placement placement = directories.placement();
        for (PartitionRecord record : records) {
            if (isHere(record) && directories.log(topic.name(), record.partitionId()) == null) {
                LogDirectory home = home(record, placement);
                if (home != null) {
                    missing.computeIfAbsent(home, any -> new ArrayList<>()).add(record.partitionId());
                }
            }
        }
        for (Map.Entry<LogDirectory, List<Integer>> each : missing.entrySet()) {
            try {
                each.getKey().create(topic.name(), each.getValue(), topic.id(), settings);
            } catch (IOException e) {
                each.getKey().failed("creating logs of " + topic.name(), e);
            }
        }
    }

    /** Null where the log may be in a directory that is not there. */
    private @Nullable LogDirectory home(PartitionRecord record, Placement placement) throws IOException {
        UUID directory = directory(record);
        if (directory != null && !isReplaced(directory, record)) {
            return directories.online(directory);
        }
        return directories.areAllOnline() ? directories.online(placement.next()) : null;
    }

    /** Whether another directory has taken the place of that one, and others have what was in it: then it is copied again. */
    private boolean isReplaced(UUID directory, PartitionRecord record) {
        return directories.areAllOnline()
                && directories.online(directory) == null
                && !record.isr().contains(host.localId())
                && record.replicas().size() > 1;
    }

    private @Nullable UUID directory(PartitionRecord record) {
        return HostedDeletions.directory(record, host.localId());
    }

    /** The records with a directory for each new partition. */
    List<Message> placed(ClusterImage image, List<Message> records) throws IOException {
        List<Message> placed = new ArrayList<>();
        Placement placement = directories.placement();
        Map<UUID, String> names = new TreeMap<>();
        for (Message record : records) {
            if (record instanceof TopicRecord topic) {
                names.put(topic.topicId(), topic.name());
            }
            placed.add(
                    record instanceof PartitionRecord partition
                                    && isHere(partition)
                                    && partition.replicas().size() == 1
                                    && directory(partition) == null
                            ? partition.toBuilder()
                                    .directories(List.of(chosen(partition, name(partition, names, image), placement)))
                                    .build()
                            : record);
        }
        return placed;
    }

    private static String name(PartitionRecord partition, Map<UUID, String> names, ClusterImage image) {
        ClusterImage.Topic topic = image.topic(partition.topicId());
        return topic == null ? names.getOrDefault(partition.topicId(), "") : topic.name();
    }

    private UUID chosen(PartitionRecord partition, String topic, Placement placement) throws IOException {
        UUID restored = directories.deletedTopics().directoryOf(partition.topicId(), partition.partitionId());
        UUID wish = wishes.remove(topic + "-" + partition.partitionId());
        UUID known = restored != null || wish == null || directories.online(wish) == null ? restored : wish;
        if (known == null) {
            return placement.next();
        }
        placement.note(known);
        return known;
    }

    /** Begins to move a partition to a directory; one that does not exist will be created there, which is forgotten with the process. */
    ErrorCode place(String topic, int index, LogDirectory to) {
        return switch (partitions.replica(topic, index)) {
            case Partitions.Found(Partition partition) -> {
                LogDirectory from = directories.directoryOf(partition.log());
                if (from == null) {
                    yield ErrorCode.KAFKA_STORAGE_ERROR;
                }
                directories.moves().begin(partition.log(), from, to);
                yield ErrorCode.NONE;
            }
            case Partitions.Missing(ErrorCode error) -> {
                if (error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION && wishes.size() < WISHES_MAX) {
                    wishes.put(topic + "-" + index, to.id());
                }
                yield error;
            }
        };
    }

    /** What the metadata do not know of where logs are. */
    List<Message> homeChanges(ClusterImage image) {
        List<Message> changes = new ArrayList<>();
        for (ClusterImage.Topic topic : image.topics()) {
            for (PartitionRecord record : topic.partitions()) {
                Log log = directories.log(topic.name(), record.partitionId());
                LogDirectory home = log == null ? null : directories.directoryOf(log);
                if (log != null
                        && home != null
                        && record.replicas().size() == 1
                        && !record.directories().equals(List.of(home.id()))) {
                    changes.addAll(homeChange(log, home));
                }
            }
        }
        return changes;
    }

    static List<Message> homeChange(Log log, LogDirectory home) {
        return List.of(PartitionChangeRecord.builder()
                .topicId(log.topicId())
                .partitionId(log.partition())
                .directories(List.of(home.id()))
                .build());
    }

    /** What only the metadata know of a topic must be written down before they lose it. */
    void announceDeletions(ClusterImage image, List<Message> records) throws IOException {
        deletions.announce(image, records);
    }

    /** Something was decided in this epoch, and heard here. */
    void heard(int epoch) {
        directories.deletedTopics().releaseEarlier(epoch);
    }

    /** Brings logs in line with the change of an image; answers the topics that are gone. */
    List<ClusterImage.Topic> follow(ClusterImage before, ClusterImage image, Notes notes) throws IOException {
        List<ClusterImage.Topic> deleted = new ArrayList<>();
        for (ClusterImage.Topic topic : before.topics()) {
            if (isGone(topic, image)) {
                if (notes == Notes.DUE) {
                    deletions.note(topic, before);
                }
                List<Partition> removed = partitions.remove(topic.name());
                directories.delete(
                        topic.id(), removed.stream().map(Partition::log).toList());
                deleted.add(topic);
            }
        }
        boolean isClusterSet = !before.settings(ALL_BROKERS).equals(image.settings(ALL_BROKERS));
        for (ClusterImage.Topic topic : image.topics()) {
            ClusterImage.Topic old = before.topic(topic.id());
            if (old == null || isGone(old, image)) {
                begin(topic, image);
            } else {
                follow(old, topic, image);
                if (isClusterSet || !settingsOf(before, topic).equals(settingsOf(image, topic))) {
                    configure(topic, image);
                }
            }
        }
        return deleted;
    }

    /** Also if it has come back under another name, of which nobody heard one by one. */
    private static boolean isGone(ClusterImage.Topic topic, ClusterImage image) {
        ClusterImage.Topic now = image.topic(topic.id());
        return now == null || !now.name().equals(topic.name());
    }

    private void follow(ClusterImage.Topic old, ClusterImage.Topic topic, ClusterImage image) throws IOException {
        int present = old.partitions().size();
        int wanted = topic.partitions().size();
        for (int i = 0; i < present; i++) {
            PartitionRecord record = topic.partitions().get(i);
            if (!assignment(old.partitions().get(i)).equals(assignment(record))) {
                reassign(topic, record, image);
            }
        }
        if (present < wanted) {
            serve(topic, topic.partitions().subList(present, wanted), image);
        }
    }

    private void configure(ClusterImage.Topic topic, ClusterImage image) {
        LogSettings settings = logSettings.of(image, topic.name());
        deletions.logsOf(topic).forEach(log -> log.settings(settings));
        ReplicationSettings replication = logSettings.replication(image, topic.name());
        partitions.all(topic.name()).forEach(partition -> partition.replica().settings(replication));
    }

    /** The partition has another leader, other replicas or other in-sync replicas. */
    private void reassign(ClusterImage.Topic topic, PartitionRecord record, ClusterImage image) throws IOException {
        if (partitions.replica(topic.name(), record.partitionId()) instanceof Partitions.Found(Partition partition)) {
            partition.replica().assign(assignment(record));
            if (!isHere(record)) {
                partitions.addElsewhere(topic.name(), topic.id(), record.partitionId(), record.leader());
                directories.discard(partition.log());
            }
        } else {
            serve(topic, List.of(record), image);
        }
    }

    /** As this node is set; what counts is the cluster's. */
    int minInsyncReplicas() {
        return logSettings.minInsyncReplicas();
    }

    private static Map<String, String> settingsOf(ClusterImage image, ClusterImage.Topic topic) {
        return image.settings(ClusterImage.Resource.topic(topic.name()));
    }
}
