package io.milena.broker.controller;

import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.peers.ControllerLink;
import io.milena.log.Log;
import io.milena.log.LogDirectories;
import io.milena.log.LogDirectory;
import io.milena.metadata.ClusterImage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AssignReplicasToDirsRequest;
import io.milena.protocol.message.AssignReplicasToDirsRequest.DirectoryData;
import io.milena.protocol.message.AssignReplicasToDirsRequest.PartitionData;
import io.milena.protocol.message.AssignReplicasToDirsRequest.TopicData;
import io.milena.protocol.message.AssignReplicasToDirsResponse;
import io.milena.protocol.record.PartitionRecord;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells the active controller in which directories the replicas of this broker are (KIP-858), where the metadata do not say it or name one that is not there any more: or else it could not know what is lost with a directory. Where
 * there is one directory only, that is lost with the broker, and nothing is told. One thread.
 */
public final class DirectoryReports implements Runnable, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DirectoryReports.class.getName());
    private static final int VERSION = 0;
    private static final int PARTITIONS_MAX = 2_000;
    private static final long PAUSE_MS = 200;

    private final ClusterMetadata metadata;
    private final LogDirectories directories;
    private final ControllerLink controller;
    private final LongSupplier brokerEpoch;
    private final Clock clock;
    private final @Nullable Thread thread;
    private volatile boolean isStopping;

    public DirectoryReports(
            ClusterMetadata metadata,
            LogDirectories directories,
            ControllerLink controller,
            LongSupplier brokerEpoch,
            Environment environment) {
        this.metadata = metadata;
        this.directories = directories;
        this.controller = controller;
        this.brokerEpoch = brokerEpoch;
        this.clock = environment.clock();
        this.thread =
                directories.paths().size() < 2 ? null : environment.threads().start("directory-reports", this);
    }

    @Override
    public void run() {
        try {
            while (!isStopping) {
                long seen = metadata.offset();
                if (!report()) {
                    metadata.changed().await(() -> isStopping || metadata.offset() != seen, Deadline.never());
                }
                clock.sleepMs(PAUSE_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells what is to be told; false if that is nothing. */
    private boolean report() throws InterruptedException {
        List<DirectoryData> unknown = unknown();
        if (unknown.isEmpty()) {
            return false;
        }
        try {
            AssignReplicasToDirsResponse response = controller.ask(
                    new AssignReplicasToDirsRequest(metadata.localId(), brokerEpoch.getAsLong(), unknown),
                    VERSION,
                    AssignReplicasToDirsResponse.class);
            LOG.log(Level.DEBUG, "Replicas'' directories are told: {0}", ErrorCode.of(response.errorCode()));
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "Telling replicas'' directories: {0}", e.getMessage());
        }
        return true;
    }

    private List<DirectoryData> unknown() {
        ClusterImage image = metadata.image();
        Map<UUID, Map<UUID, List<PartitionData>>> found = new TreeMap<>();
        int count = 0;
        for (PartitionRecord partition : image.partitionsOn(metadata.localId())) {
            LogDirectory here = isKnown(partition) ? null : directory(image, partition);
            if (here != null && count < PARTITIONS_MAX) {
                count++;
                found.computeIfAbsent(here.id(), id -> new TreeMap<>())
                        .computeIfAbsent(partition.topicId(), id -> new ArrayList<>())
                        .add(new PartitionData(partition.partitionId()));
            }
        }
        return found.entrySet().stream()
                .map(directory -> new DirectoryData(
                        directory.getKey(),
                        directory.getValue().entrySet().stream()
                                .map(topic -> new TopicData(topic.getKey(), topic.getValue()))
                                .toList()))
                .toList();
    }

    /** Whether the metadata name a directory of this broker's, be it that in which the replica will be. */
    private boolean isKnown(PartitionRecord partition) {
        int index = partition.replicas().indexOf(metadata.localId());
        return index < partition.directories().size()
                && directories.forLogs().stream()
                        .anyMatch(directory ->
                                directory.id().equals(partition.directories().get(index)));
    }

    private @Nullable LogDirectory directory(ClusterImage image, PartitionRecord partition) {
        ClusterImage.Topic topic = image.topic(partition.topicId());
        Log log = topic == null ? null : directories.log(topic.name(), partition.partitionId());
        return log == null ? null : directories.directoryOf(log);
    }

    @Override
    public void close() {
        isStopping = true;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
