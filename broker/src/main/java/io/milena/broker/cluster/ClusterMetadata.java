package io.milena.broker.cluster;

import io.milena.broker.partitions.Partition;
import io.milena.broker.partitions.Partitions;
import io.milena.log.DeletedTopic;
import io.milena.log.Log;
import io.milena.log.LogDirectory;
import io.milena.log.LogSettings;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.Decision;
import io.milena.metadata.MetadataRecords;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.record.FeatureLevelRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.RemoveTopicRecord;
import io.milena.quorum.LocalMetadataLog;
import io.milena.quorum.MetadataLog;
import io.milena.runtime.Clock;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The host of the controller: decides one command at a time, makes it durable, replays it, and brings the logs in line. Readers take {@link #image()} without a lock.
 */
public final class ClusterMetadata implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ClusterMetadata.class.getName());
    private static final long SNAPSHOT_BYTES = 20 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final MetadataLog metadataLog;
    private final LogDirectory directory;
    private final Partitions partitions;
    private final TopicLogSettings logSettings;
    private final Clock clock;
    private final List<DeletionListener> deletionListeners = new ArrayList<>();
    private volatile ClusterImage image;

    /** Hears of topics that are gone. */
    @FunctionalInterface
    public interface DeletionListener {
        void topicDeleted(ClusterImage.Topic topic);
    }

    private ClusterMetadata(
            MetadataLog metadataLog,
            ClusterImage image,
            LogDirectory directory,
            Partitions partitions,
            TopicLogSettings logSettings,
            Clock clock) {
        this.metadataLog = metadataLog;
        this.image = image;
        this.directory = directory;
        this.partitions = partitions;
        this.logSettings = logSettings;
        this.clock = clock;
    }

    /** Reads the metadata log of the data directory and starts to serve the partitions that it names. */
    public static ClusterMetadata open(
            LogDirectory directory, Partitions partitions, TopicLogSettings logSettings, Clock clock)
            throws IOException {
        List<Message> records = new ArrayList<>();
        MetadataLog log = LocalMetadataLog.open(
                directory.path(), clock, bytes -> MetadataRecords.decode(bytes).ifPresent(records::add));
        ClusterMetadata metadata =
                new ClusterMetadata(log, ClusterImage.EMPTY.replay(records), directory, partitions, logSettings, clock);
        if (log.endOffset() == 0) {
            metadata.bootstrap();
        }
        metadata.serveAll();
        return metadata;
    }

    private void bootstrap() throws IOException {
        List<Message> records = new ArrayList<>();
        for (Features.Feature feature : Features.SUPPORTED) {
            records.add(FeatureLevelRecord.builder()
                    .name(feature.name())
                    .featureLevel(feature.max())
                    .build());
        }
        append(records);
    }

    private void serveAll() throws IOException {
        Map<UUID, List<Log>> strays = directory.logs().stream()
                .filter(log -> image.topic(log.topicId()) == null)
                .collect(Collectors.groupingBy(Log::topicId, TreeMap::new, Collectors.toList()));
        for (Map.Entry<UUID, List<Log>> topic : strays.entrySet()) {
            deleteStrays(topic.getKey(), topic.getValue());
        }
        for (ClusterImage.Topic topic : image.topics()) {
            begin(topic);
        }
        directory.topicTrash().settle();
    }

    /** Of a deletion that a crash has ended; or else of metadata that are lost, and then the logs can be restored. */
    private void deleteStrays(UUID topicId, List<Log> logs) throws IOException {
        String name = logs.getFirst().topic();
        LOG.log(Level.WARNING, "{0} logs of {1} belong to no topic any more and are deleted", logs.size(), name);
        if (!directory.topicTrash().holds(topicId)) {
            int partitions = 0;
            int leaderEpoch = 0;
            for (Log log : logs) {
                partitions = Math.max(partitions, log.partition() + 1);
                leaderEpoch = Math.max(leaderEpoch, log.epochAt(log.logEndOffset() - 1));
            }
            directory
                    .topicTrash()
                    .announce(new DeletedTopic(name, topicId, partitions, leaderEpoch, clock.millis(), Map.of()), logs);
        }
        directory.delete(topicId, logs);
    }

    /** Serves a topic that is new here; what the trash has of it comes back. */
    private void begin(ClusterImage.Topic topic) throws IOException {
        if (directory.topicTrash().holds(topic.id())) {
            directory.restore(topic.id(), topic.name(), logSettings.of(image, topic.name()));
        }
        serve(topic, topic.partitions());
    }

    private void serve(ClusterImage.Topic topic, List<PartitionRecord> records) throws IOException {
        LogSettings settings = logSettings.of(image, topic.name());
        List<Integer> missing = records.stream()
                .map(PartitionRecord::partitionId)
                .filter(index -> directory.log(topic.name(), index) == null)
                .toList();
        directory.create(topic.name(), missing, topic.id(), settings);
        for (PartitionRecord record : records) {
            Log log = directory.log(topic.name(), record.partitionId());
            if (log != null) {
                log.settings(settings);
                partitions.add(log, record.leaderEpoch());
            }
        }
    }

    public ClusterImage image() {
        return image;
    }

    /** The offset of the metadata that is in force. */
    public long offset() {
        return metadataLog.endOffset() - 1;
    }

    public void onDeletion(DeletionListener listener) {
        deletionListeners.add(listener);
    }

    /** Decides on the current image and, unless refused, makes it so before it returns. */
    public Decision decide(Function<ClusterImage, Decision> command) {
        List<ClusterImage.Topic> deleted = new ArrayList<>();
        lock.lock();
        try {
            Decision decision = command.apply(image);
            if (!decision.isRefused() && !decision.records().isEmpty()) {
                ClusterImage before = image;
                announceDeletions(decision.records());
                append(decision.records());
                deleted = apply(before);
            }
            return decision;
        } catch (IOException e) {
            LOG.log(Level.ERROR, "Changing the cluster's metadata failed", e);
            return new Decision(
                    List.of(), ErrorCode.KAFKA_STORAGE_ERROR, "the change could not be stored: " + e.getMessage());
        } finally {
            lock.unlock();
            for (ClusterImage.Topic topic : deleted) {
                deletionListeners.forEach(listener -> listener.topicDeleted(topic));
            }
        }
    }

    /** What only the metadata know of a topic must be written down before they lose it. */
    private void announceDeletions(List<Message> records) throws IOException {
        for (Message record : records) {
            ClusterImage.Topic topic =
                    record instanceof RemoveTopicRecord removed ? image.topic(removed.topicId()) : null;
            if (topic != null) {
                int leaderEpoch = topic.partitions().stream()
                        .mapToInt(PartitionRecord::leaderEpoch)
                        .max()
                        .orElse(0);
                DeletedTopic deleted = new DeletedTopic(
                        topic.name(),
                        topic.id(),
                        topic.partitions().size(),
                        leaderEpoch,
                        clock.millis(),
                        settingsOf(image, topic));
                directory.topicTrash().announce(deleted, logsOf(topic));
            }
        }
    }

    private List<Log> logsOf(ClusterImage.Topic topic) {
        return topic.partitions().stream()
                .flatMap(partition -> Stream.ofNullable(directory.log(topic.name(), partition.partitionId())))
                .toList();
    }

    private void append(List<Message> records) throws IOException {
        ClusterImage next = image.replay(records);
        metadataLog.append(MetadataRecords.encode(records));
        image = next;
        if (metadataLog.bytesSinceSnapshot() > SNAPSHOT_BYTES) {
            snapshot();
        }
    }

    /** The records are safe without one, so a failure is no reason to refuse the change that was made. */
    private void snapshot() {
        try {
            metadataLog.snapshot(MetadataRecords.encode(image.snapshot()));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The snapshot of the metadata failed; the next change tries it again", e);
        }
    }

    /** Brings logs in line with the image; the topics that are gone. */
    private List<ClusterImage.Topic> apply(ClusterImage before) throws IOException {
        List<ClusterImage.Topic> deleted = new ArrayList<>();
        for (ClusterImage.Topic topic : before.topics()) {
            if (image.topic(topic.id()) == null) {
                List<Partition> removed = partitions.remove(topic.name());
                directory.delete(
                        topic.id(), removed.stream().map(Partition::log).toList());
                deleted.add(topic);
            }
        }
        for (ClusterImage.Topic topic : image.topics()) {
            ClusterImage.Topic old = before.topic(topic.id());
            if (old == null) {
                begin(topic);
            } else if (old.partitions().size() < topic.partitions().size()) {
                serve(
                        topic,
                        topic.partitions()
                                .subList(
                                        old.partitions().size(),
                                        topic.partitions().size()));
            } else if (!settingsOf(before, topic).equals(settingsOf(image, topic))) {
                LogSettings settings = logSettings.of(image, topic.name());
                for (int index = 0; index < topic.partitions().size(); index++) {
                    Log log = directory.log(topic.name(), index);
                    if (log != null) {
                        log.settings(settings);
                    }
                }
            }
        }
        return deleted;
    }

    private static Map<String, String> settingsOf(ClusterImage image, ClusterImage.Topic topic) {
        return image.settings(ClusterImage.Resource.topic(topic.name()));
    }

    @Override
    public void close() throws IOException {
        metadataLog.close();
    }
}
