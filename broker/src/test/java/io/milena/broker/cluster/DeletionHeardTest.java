package io.milena.broker.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.milena.broker.BrokerSettings;
import io.milena.broker.partitions.LoneReplicaHost;
import io.milena.broker.partitions.Partitions;
import io.milena.log.DeletedTopic;
import io.milena.log.DirectoryLayout;
import io.milena.log.Log;
import io.milena.log.LogDirectories;
import io.milena.log.LogDirectory;
import io.milena.log.LogSettings;
import io.milena.protocol.Message;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.RemoveTopicRecord;
import io.milena.protocol.record.TopicRecord;
import io.milena.quorum.Leadership;
import io.milena.records.RecordBatchBuilder;
import io.milena.runtime.Environment;
import io.milena.runtime.Threads;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A node that hears from another one that a topic is gone, and cannot write down what a restoration needs. */
class DeletionHeardTest {
    private static final UUID TOPIC = new UUID(1, 2);
    private static final List<Message> CREATED = List.of(
            TopicRecord.builder().name("orders").topicId(TOPIC).build(),
            PartitionRecord.builder()
                    .topicId(TOPIC)
                    .partitionId(0)
                    .leader(1)
                    .replicas(List.of(1))
                    .isr(List.of(1))
                    .directories(List.of(new UUID(1, 1)))
                    .build());
    private static final List<Message> REMOVED = List.of(new RemoveTopicRecord(TOPIC));

    private static final Leadership LEADERSHIP = new Leadership(1, 2);

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);

    private final List<HeardLog> logs = new ArrayList<>();

    private LogDirectories directories(Environment environment) throws IOException {
        return LogDirectories.open(
                DirectoryLayout.of(new LogDirectory.Place(disk.root().resolve("data"), new UUID(1, 1))),
                new LogDirectory.Settings(100, Long.MAX_VALUE, 16).withTrash(100_000),
                topic -> LogSettings.DEFAULTS,
                environment);
    }

    private ClusterMetadata metadata(LogDirectories directories, Environment environment) throws IOException {
        return ClusterMetadata.open(
                listener -> {
                    logs.add(new HeardLog(listener, LEADERSHIP, LEADERSHIP));
                    return logs.getLast();
                },
                directories,
                new Partitions(1),
                new TopicLogSettings(BrokerSettings.of(Map.of())::effective),
                new LoneReplicaHost(1, environment));
    }

    @Test
    void knowsThatItIsGoneAndTheTopicCanBeRestoredAfterTheNextStart() throws IOException {
        Environment environment = new Environment(clock, Threads.system(), new Random(1));
        // Given
        try (LogDirectories directories = directories(environment);
                ClusterMetadata metadata = metadata(directories, environment)) {
            metadata.serve();
            logs.getLast().hear(CREATED);
            Log log = directories.log("orders", 0);
            assertNotNull(log);
            log.append(
                    new RecordBatchBuilder()
                            .append(clock.millis(), null, null)
                            .build()
                            .buffer(),
                    0);
            // When
            disk.faults(DiskFaults.failing(DiskOperation.WRITE, path -> true, 0, 1));
            logs.getLast().hear(REMOVED);
            // Then
            assertNull(metadata.image().topic(TOPIC));
            assertEquals(logs.getLast().endOffset() - 1, metadata.offset());
            assertFalse(directories.areAllOnline());
        }
        disk.processKill();
        try (LogDirectories directories = directories(environment);
                ClusterMetadata metadata = metadata(directories, environment)) {
            logs.getLast().hear(CREATED);
            logs.getLast().hear(REMOVED);
            metadata.serve();
            assertEquals(
                    List.of(TOPIC),
                    directories.deletedTopics().deletedTopics().stream()
                            .map(DeletedTopic::id)
                            .toList());
        }
    }
}
