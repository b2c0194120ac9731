package io.milena.broker.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import io.milena.protocol.record.TopicRecord;
import io.milena.quorum.InMemoryQuorum;
import io.milena.quorum.Peer;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.runtime.Threads;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that has just been elected, and is asked to decide at once. */
class FirstDecisionTest {
    private static final Peer SELF = new Peer(1, "localhost", 0);
    private static final List<Message> CREATED =
            List.of(TopicRecord.builder().name("orders").topicId(new UUID(1, 2)).build());
    private static final Map<String, Short> FEATURES =
            Features.SUPPORTED.stream().collect(Collectors.toMap(Features.Feature::name, Features.Feature::max));

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final Environment environment = new Environment(clock, Threads.system(), new Random(1));
    private final InMemoryQuorum quorum = new InMemoryQuorum(Set.of(1));

    @SuppressWarnings("NullAway.Init")
    private LogDirectories directories;

    @BeforeEach
    void start() throws IOException {
        directories = LogDirectories.open(
                DirectoryLayout.of(new LogDirectory.Place(disk.root().resolve("data"), new UUID(1, 1))),
                new LogDirectory.Settings(100, Long.MAX_VALUE, 16),
                topic -> LogSettings.DEFAULTS,
                environment);
    }

    @AfterEach
    void end() {
        directories.close();
    }

    /** Has the leadership, and nothing else was done. */
    private ClusterMetadata elected() throws IOException, InterruptedException {
        ClusterMetadata metadata = ClusterMetadata.open(
                listener -> quorum.open(SELF, environment, listener),
                directories,
                new Partitions(1),
                new TopicLogSettings(BrokerSettings.of(Map.of())::effective),
                new LoneReplicaHost(1, environment));
        assertTrue(metadata.changed().await(metadata::isElected, Deadline.never()));
        return metadata;
    }

    @Test
    void nobodyDecidesBeforeItHasBegunSoThatItsFeaturesComeFirst() throws Exception {
        try (ClusterMetadata metadata = elected()) {
            assertThrows(
                    NotControllerException.class,
                    () -> metadata.change((image, offset) -> new Outcome<>(CREATED, "done")));
            assertEquals(
                    ErrorCode.NOT_CONTROLLER,
                    metadata.decide(image -> new Decision(CREATED, ErrorCode.NONE, ""))
                            .error());
            assertEquals(0, metadata.log().endOffset());

            metadata.begin(image -> assertEquals(FEATURES, image.features()));
            assertEquals("done", metadata.change((image, offset) -> new Outcome<>(CREATED, "done")));
            assertEquals(FEATURES, metadata.image().features());
        }
    }

    @Test
    void aClusterThatWasFoundedWithoutFeaturesGetsThem() throws Exception {
        try (ClusterMetadata metadata = elected()) {
            metadata.log().append(MetadataRecords.encode(CREATED));
        }
        try (ClusterMetadata metadata = elected()) {
            metadata.begin(image -> {});
            assertEquals(FEATURES, metadata.image().features());
            assertNotNull(metadata.image().topic("orders"));
        }
    }
}
