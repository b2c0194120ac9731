package io.milena.broker.cluster;

import io.milena.broker.partitions.Partitions;
import io.milena.log.LogDirectories;
import io.milena.log.LogDirectory;
import io.milena.log.LogMove;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.Decision;
import io.milena.metadata.MetadataRecords;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.record.FeatureLevelRecord;
import io.milena.protocol.record.PartitionChangeRecord;
import io.milena.quorum.LocalMetadataLog;
import io.milena.quorum.MetadataLog;
import io.milena.runtime.Clock;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The host of the controller: decides one command at a time, makes it durable, replays it, and brings the logs in line. Readers take {@link #image()} without a lock.
 */
public final class ClusterMetadata implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ClusterMetadata.class.getName());
    private static final long SNAPSHOT_BYTES = 20 << 20;
    private static final int CHANGES_MAX = 10_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final MetadataLog metadataLog;
    private final HostedLogs logs;
    private final List<DeletionListener> deletionListeners = new ArrayList<>();
    private volatile ClusterImage image;

    /** Hears of topics that are gone. */
    @FunctionalInterface
    public interface DeletionListener {
        void topicDeleted(ClusterImage.Topic topic);
    }

    private ClusterMetadata(MetadataLog metadataLog, ClusterImage image, HostedLogs logs) {
        this.metadataLog = metadataLog;
        this.image = image;
        this.logs = logs;
    }

    /** Reads the metadata log and starts to serve the partitions that it names. */
    public static ClusterMetadata open(
            LogDirectories directories, Partitions partitions, TopicLogSettings logSettings, Clock clock)
            throws IOException {
        List<Message> records = new ArrayList<>();
        MetadataLog log = LocalMetadataLog.open(
                directories.metadataDirectory().path(),
                clock,
                bytes -> MetadataRecords.decode(bytes).ifPresent(records::add));
        ClusterMetadata metadata = new ClusterMetadata(
                log, ClusterImage.EMPTY.replay(records), new HostedLogs(directories, partitions, logSettings, clock));
        if (log.endOffset() == 0) {
            metadata.bootstrap();
        }
        metadata.logs.serveAll(metadata.image);
        metadata.noteHomes();
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

    /** Of partitions that were moved while nobody ran, and those that are older than the notion of a home. */
    private void noteHomes() throws IOException {
        List<Message> changes = logs.homeChanges(image);
        for (int i = 0; i < changes.size(); i += CHANGES_MAX) {
            append(changes.subList(i, Math.min(i + CHANGES_MAX, changes.size())));
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

    /** Begins to move a partition to a data directory; one that does not exist yet will be created there. */
    public ErrorCode place(String topic, int partition, LogDirectory directory) {
        lock.lock();
        try {
            return logs.place(topic, partition, directory);
        } finally {
            lock.unlock();
        }
    }

    /** The end of a move: the partition is where these metadata say. False if there is nothing to be moved any more. */
    public boolean finish(LogMove move) throws IOException, InterruptedException {
        lock.lock();
        try {
            ClusterImage.Topic topic = image.topic(move.log().topicId());
            return topic != null
                    && move.finish(() -> append(List.of(PartitionChangeRecord.builder()
                            .topicId(topic.id())
                            .partitionId(move.log().partition())
                            .directories(List.of(move.target().id()))
                            .build())));
        } finally {
            lock.unlock();
        }
    }

    /** Decides on the current image and, unless refused, makes it so before it returns. */
    public Decision decide(Function<ClusterImage, Decision> command) {
        List<ClusterImage.Topic> deleted = new ArrayList<>();
        lock.lock();
        try {
            Decision decision = command.apply(image);
            if (!decision.isRefused() && !decision.records().isEmpty()) {
                ClusterImage before = image;
                logs.announceDeletions(image, decision.records());
                append(logs.placed(image, decision.records()));
                deleted = logs.follow(before, image);
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

    @Override
    public void close() throws IOException {
        metadataLog.close();
    }
}
