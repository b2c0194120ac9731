package io.milena.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.cluster.TopicLogSettings;
import io.milena.broker.partitions.LoneReplicaHost;
import io.milena.broker.partitions.Partitions;
import io.milena.log.AppendResult;
import io.milena.log.DeletedTopic;
import io.milena.log.DirectoryLayout;
import io.milena.log.Log;
import io.milena.log.LogDirectories;
import io.milena.log.LogDirectory;
import io.milena.log.LogReplay;
import io.milena.log.LogSettings;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.Controller;
import io.milena.metadata.Decision;
import io.milena.metadata.RestoredTopic;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.runtime.Threads;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.HandClock;
import io.milena.testkit.Moments;
import io.milena.testkit.Seeds;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The power goes before each disk operation of a deletion, a restoration and an emptying: the topic is there, or it is in the trash, and it is whole. */
class TrashCrashTest {
    private static final UUID ID = new UUID(0x0123456789abcdefL, 0xfedcba9876543210L);
    private static final long WINDOW_MS = 100_000;
    private static final int PARTITIONS = 3;
    private static final int RECORDS = 12;
    private static final long START_OFFSET = 5;
    private static final Map<String, String> SETTINGS = Map.of("segment.bytes", "1024", "retention.ms", "-1");
    private static final BrokerSettings DEFAULTS = BrokerSettings.of(Map.of());

    private final HandClock clock = new HandClock();
    private final Controller controller = new Controller(1, 1);

    private static void each(int count, Story story) {
        Seeds.each(TrashCrashTest.class, count, seed -> {
            try {
                story.run(seed);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** What a test does with one seed. */
    private interface Story {
        void run(long seed) throws IOException, InterruptedException;
    }

    /** The part of a broker that keeps topics. */
    private record World(LogDirectories directory, ClusterMetadata metadata) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            metadata.close();
            directory.close();
        }

        boolean isAlive() {
            return metadata.image().topic(ID) != null;
        }

        List<UUID> trashed() {
            return directory.deletedTopics().deletedTopics().stream()
                    .map(DeletedTopic::id)
                    .toList();
        }
    }

    private static Path data(SimulatedFileSystem disk) {
        return disk.root().resolve("data");
    }

    private World open(SimulatedFileSystem disk) throws IOException {
        Environment environment = new Environment(clock, Threads.system(), new Random(1));
        LogDirectories directory = LogDirectories.open(
                DirectoryLayout.of(new LogDirectory.Place(data(disk), new UUID(1, 1))),
                new LogDirectory.Settings(100, Long.MAX_VALUE, 16).withTrash(WINDOW_MS),
                topic -> LogSettings.DEFAULTS,
                environment);
        return new World(
                directory,
                ClusterMetadata.open(
                        directory,
                        new Partitions(1),
                        new TopicLogSettings(DEFAULTS::effective),
                        new LoneReplicaHost(1, environment)));
    }

    /** A topic with old records deleted in partition 1 and no records in partition 2. */
    private void create(World world) throws InterruptedException, IOException {
        Controller.NewTopic topic =
                new Controller.NewTopic("orders", PARTITIONS, (short) 1, Map.of(), Map.copyOf(SETTINGS));
        accepted(world.metadata.decide(image -> controller.createTopic(image, topic, ID)));
        for (int partition = 0; partition < 2; partition++) {
            Log log = Objects.requireNonNull(world.directory.log("orders", partition));
            for (int i = 0; i < RECORDS; i++) {
                AppendResult result = log.append(Batches.ofBytes(200), 0);
                assertTrue(result instanceof AppendResult.Appended, result::toString);
            }
            log.requestFlush();
            Deadline patience = Deadline.afterMs(Clock.system(), 60_000);
            assertTrue(log.changed().await(() -> log.flushedOffset() == RECORDS, patience));
        }
        Objects.requireNonNull(world.directory.log("orders", 1)).deleteRecordsBefore(START_OFFSET);
        world.directory.checkpointStartOffsets();
    }

    private static void accepted(Decision decision) {
        assertFalse(decision.isRefused(), () -> decision.error() + ": " + decision.message());
    }

    private void delete(World world) {
        accepted(world.metadata.decide(image -> controller.deleteTopic(image, ID)));
    }

    private void restore(World world, String name) {
        DeletedTopic topic = world.directory.deletedTopics().deletedTopics().getFirst();
        assertTrue(world.directory.deletedTopics().claim(ID));
        accepted(world.metadata.decide(image -> controller.restoreTopic(
                image,
                new RestoredTopic(
                        name,
                        ID,
                        topic.leaderEpoch(),
                        topic.settings(),
                        Collections.nCopies(
                                topic.partitions(),
                                new RestoredTopic.Partition(List.of(1), List.of(1), List.of(1)))))));
    }

    private static void assertWhole(World world, String name) throws IOException {
        ClusterImage.Topic topic = world.metadata.image().topic(ID);
        assertNotNull(topic);
        assertEquals(name, topic.name());
        assertEquals(PARTITIONS, topic.partitions().size());
        assertEquals(SETTINGS, Map.copyOf(world.metadata.image().settings(ClusterImage.Resource.topic(name))));
        List<Long> starts = List.of(0L, START_OFFSET, 0L);
        List<Long> ends = List.of((long) RECORDS, (long) RECORDS, 0L);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            Log log = world.directory.log(name, partition);
            assertNotNull(log);
            assertEquals(ID, log.topicId());
            assertEquals(starts.get(partition), log.logStartOffset(), "start of " + partition);
            assertEquals(ends.get(partition), log.logEndOffset(), "end of " + partition);
            List<Long> offsets = new ArrayList<>();
            LogReplay.of(log, 0, batch -> {
                assertTrue(batch.isIntact());
                offsets.add(batch.baseOffset());
            });
            assertEquals(
                    IntStream.range((int) log.logStartOffset(), (int) log.logEndOffset())
                            .mapToObj(i -> (long) i)
                            .toList(),
                    offsets);
        }
        assertEquals(List.of(), world.trashed());
    }

    /** Starts after a crash, and once more after a crash in that start's own operations. */
    private void assertEverywhere(SimulatedFileSystem disk, long seed, Check check) throws IOException {
        Moments.crash(disk, seed);
        SimulatedFileSystem again = disk.copy();
        Queue<SimulatedFileSystem> within = Moments.of(disk);
        try (World world = open(disk)) {
            disk.faults(DiskFaults.none());
            check.on(world);
        }
        List<SimulatedFileSystem> all = List.copyOf(within);
        SimulatedFileSystem second = all.isEmpty() ? again : all.get(new Random(seed).nextInt(all.size()));
        Moments.crash(second, seed + 1);
        try (World world = open(second)) {
            check.on(world);
        }
    }

    private interface Check {
        void on(World world) throws IOException;
    }

    /** It is one thing or the other; and what can be restored is restored whole. */
    private void assertAliveOrTrashed(World world, String nameWhenAlive) throws IOException {
        if (!world.isAlive()) {
            assertEquals(List.of(ID), world.trashed());
            restore(world, "other");
            assertWhole(world, "other");
        } else {
            assertWhole(world, nameWhenAlive);
        }
    }

    @Test
    void aDeletionHappensOrDoesNot() {
        each(6, seed -> {
            // Given
            SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
            Queue<SimulatedFileSystem> moments;
            SimulatedFileSystem answered;
            try (World world = open(disk)) {
                create(world);
                // When
                moments = Moments.of(disk);
                delete(world);
                disk.faults(DiskFaults.none());
                answered = disk.copy();
            }
            assertTrue(moments.size() > 8, () -> "only " + moments.size());
            // Then
            for (SimulatedFileSystem moment : moments) {
                assertEverywhere(moment, seed, world -> assertAliveOrTrashed(world, "orders"));
            }
            assertEverywhere(answered, seed, world -> {
                assertFalse(world.isAlive());
                assertAliveOrTrashed(world, "orders");
            });
        });
    }

    @Test
    void aRestorationHappensOrDoesNot() {
        each(6, seed -> {
            // Given
            SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
            Queue<SimulatedFileSystem> moments;
            SimulatedFileSystem answered;
            try (World world = open(disk)) {
                create(world);
                delete(world);
                // When
                moments = Moments.of(disk);
                restore(world, "restored");
                disk.faults(DiskFaults.none());
                assertWhole(world, "restored");
                answered = disk.copy();
            }
            assertTrue(moments.size() > 8, () -> "only " + moments.size());
            // Then
            for (SimulatedFileSystem moment : moments) {
                assertEverywhere(moment, seed, world -> assertAliveOrTrashed(world, "restored"));
            }
            assertEverywhere(answered, seed, world -> assertWhole(world, "restored"));
        });
    }

    @Test
    void aTopicIsEmptiedAsAWhole() {
        each(6, seed -> {
            // Given
            SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
            Queue<SimulatedFileSystem> moments;
            try (World world = open(disk)) {
                create(world);
                delete(world);
                // When
                moments = Moments.of(disk);
                assertTrue(world.directory.metadataDirectory().topicTrash().emptyOldest());
                disk.faults(DiskFaults.none());
            }
            assertTrue(moments.size() > 8, () -> "only " + moments.size());
            // Then
            for (SimulatedFileSystem moment : moments) {
                assertEverywhere(moment, seed, this::assertTrashedOrGone);
            }
        });
    }

    private void assertTrashedOrGone(World world) throws IOException {
        assertFalse(world.isAlive());
        if (!world.trashed().isEmpty()) {
            restore(world, "other");
            assertWhole(world, "other");
        } else {
            world.directory.metadataDirectory().applyRetention();
            try (Stream<Path> entries =
                    Files.list(world.directory.metadataDirectory().path())) {
                assertEquals(
                        List.of(),
                        entries.map(entry -> entry.getFileName().toString())
                                .filter(name -> name.contains("delete"))
                                .toList());
            }
        }
    }

    @Test
    void logsWhoseMetadataAreLostWaitInTheTrash() throws Exception {
        // Given
        SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        try (World world = open(disk)) {
            create(world);
        }
        Path metadata = data(disk).resolve("__cluster_metadata-0");
        try (Stream<Path> files = Files.walk(metadata)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
        // When
        try (World world = open(disk)) {
            // Then
            assertEquals(List.of(ID), world.trashed());
            restore(world, "orders");
            Log log = Objects.requireNonNull(world.directory.log("orders", 1));
            assertEquals(START_OFFSET, log.logStartOffset());
            assertEquals(RECORDS, log.logEndOffset());
        }
    }
}
