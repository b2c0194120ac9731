package io.milena.broker.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.milena.broker.BrokerSettings;
import io.milena.broker.partitions.LoneReplicaHost;
import io.milena.broker.partitions.Partitions;
import io.milena.log.DirectoryLayout;
import io.milena.log.LogDirectories;
import io.milena.log.LogDirectory;
import io.milena.log.LogSettings;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.Decision;
import io.milena.metadata.Outcome;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.record.PartitionChangeRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.RemoveTopicRecord;
import io.milena.protocol.record.TopicRecord;
import io.milena.quorum.Leadership;
import io.milena.runtime.Environment;
import io.milena.runtime.Threads;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A controller that is replaced, and hears what its successor has decided, while it decides itself. */
class ReplacedControllerTest {
    private static final UUID TOPIC = new UUID(1, 2);
    private static final List<Message> CREATED = List.of(
            TopicRecord.builder().name("orders").topicId(TOPIC).build(),
            PartitionRecord.builder()
                    .topicId(TOPIC)
                    .partitionId(0)
                    .leader(2)
                    .replicas(List.of(2))
                    .isr(List.of(2))
                    .directories(List.of(new UUID(1, 1)))
                    .build());
    private static final List<Message> REMOVED = List.of(new RemoveTopicRecord(TOPIC));
    private static final List<Message> CHANGE = List.of(PartitionChangeRecord.builder()
            .topicId(TOPIC)
            .partitionId(0)
            .leader(2)
            .build());

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final Environment environment = new Environment(clock, Threads.system(), new Random(1));

    @SuppressWarnings("NullAway.Init")
    private HeardLog log;

    @SuppressWarnings("NullAway.Init")
    private LogDirectories directories;

    @SuppressWarnings("NullAway.Init")
    private ClusterMetadata metadata;

    @BeforeEach
    void lead() throws IOException {
        directories = LogDirectories.open(
                DirectoryLayout.of(new LogDirectory.Place(disk.root().resolve("data"), new UUID(1, 1))),
                new LogDirectory.Settings(100, Long.MAX_VALUE, 16),
                topic -> LogSettings.DEFAULTS,
                environment);
        metadata = ClusterMetadata.open(
                listener -> {
                    // It believes to lead until it appends.
                    log = new HeardLog(listener, new Leadership(1, 1), new Leadership(2, 2));
                    return log;
                },
                directories,
                new Partitions(1),
                new TopicLogSettings(BrokerSettings.of(Map.of())::effective),
                new LoneReplicaHost(1, environment));
        metadata.serve();
        log.hear(Features.records(ClusterImage.EMPTY, 1));
        log.hear(CREATED);
        metadata.begin(image -> {});
    }

    @AfterEach
    void end() throws IOException {
        metadata.close();
        directories.close();
    }

    @Test
    void saysThatItIsNoneThoughWhatItDecidesAboutIsGone() {
        assertThrows(
                NotControllerException.class,
                () -> metadata.change((image, offset) -> {
                    log.hear(REMOVED);
                    return new Outcome<>(CHANGE, "done");
                }));
        assertNull(metadata.image().topic(TOPIC));
    }

    @Test
    void refusesADecisionThoughWhatItIsAboutIsGone() {
        Decision decision = metadata.decide(image -> {
            log.hear(REMOVED);
            return new Decision(CHANGE, ErrorCode.NONE, "");
        });
        assertEquals(ErrorCode.NOT_CONTROLLER, decision.error());
    }

    /** As Apache Kafka's does: a client asks the next one then. */
    @Test
    void saysThatItIsNoneWhereNobodyKnowsWhetherItsDecisionHolds() {
        log.answerNoMore();
        Decision decision = metadata.decide(image -> new Decision(CHANGE, ErrorCode.NONE, ""));
        assertEquals(ErrorCode.NOT_CONTROLLER, decision.error());
    }
}
