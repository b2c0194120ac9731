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
import io.milena.metadata.Decision;
import io.milena.metadata.MetadataRecords;
import io.milena.metadata.Outcome;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.record.PartitionChangeRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.RemoveTopicRecord;
import io.milena.protocol.record.TopicRecord;
import io.milena.quorum.Leadership;
import io.milena.quorum.MetadataLog;
import io.milena.quorum.NotLeadingException;
import io.milena.quorum.Quorum;
import io.milena.runtime.Environment;
import io.milena.runtime.Threads;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
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
    private final Log log = new Log();

    @SuppressWarnings("NullAway.Init")
    private LogDirectories directories;

    @SuppressWarnings("NullAway.Init")
    private ClusterMetadata metadata;

    /** A node that believes to lead until it appends, and hears meanwhile. */
    private static final class Log implements MetadataLog {
        @SuppressWarnings("NullAway.Init")
        private Listener listener;

        private long endOffset;

        void hear(List<Message> messages) {
            List<ByteBuffer> encoded = MetadataRecords.encode(messages);
            long base = endOffset;
            endOffset += encoded.size();
            listener.committed(base, 1, encoded);
        }

        @Override
        public long append(List<ByteBuffer> appended, int epoch) throws IOException {
            throw new NotLeadingException(epoch, new Leadership(2, 2));
        }

        @Override
        public long endOffset() {
            return endOffset;
        }

        @Override
        public Leadership leadership() {
            return new Leadership(1, 1);
        }

        @Override
        public long bytesSinceSnapshot() {
            return 0;
        }

        @Override
        public void snapshot(long end, List<ByteBuffer> snapshot) {}

        @Override
        public Quorum quorum() throws IOException {
            throw new NotLeadingException(1, leadership());
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void lead() throws IOException {
        directories = LogDirectories.open(
                DirectoryLayout.of(new LogDirectory.Place(disk.root().resolve("data"), new UUID(1, 1))),
                new LogDirectory.Settings(100, Long.MAX_VALUE, 16),
                topic -> LogSettings.DEFAULTS,
                environment);
        metadata = ClusterMetadata.open(
                listener -> {
                    log.listener = listener;
                    return log;
                },
                directories,
                new Partitions(1),
                new TopicLogSettings(BrokerSettings.of(Map.of())::effective),
                new LoneReplicaHost(1, environment));
        metadata.serve();
        log.hear(CREATED);
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
}
