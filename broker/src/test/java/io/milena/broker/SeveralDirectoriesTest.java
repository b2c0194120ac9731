package io.milena.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeLogDirsRequest;
import io.milena.protocol.message.DescribeLogDirsResponse;
import io.milena.protocol.message.DescribeLogDirsResponse.DescribeLogDirsResult;
import io.milena.protocol.message.FindCoordinatorRequest;
import io.milena.protocol.message.FindCoordinatorResponse;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.milena.protocol.message.OffsetFetchResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One broker with two data directories, of which the second is there or not. */
@Timeout(120)
class SeveralDirectoriesTest {
    @TempDir
    private Path folder;

    private Path first;
    private Path second;
    private Path away;

    @BeforeEach
    void name() {
        first = folder.resolve("first");
        second = folder.resolve("second");
        away = folder.resolve("away");
    }

    private static Map<String, String> settings(Path... directories) {
        return Map.of(
                "log.dirs",
                Stream.of(directories).map(Path::toString).collect(Collectors.joining(",")),
                "offsets.topic.num.partitions",
                "4");
    }

    private RunningBroker start() throws IOException {
        return RunningBroker.start(settings(first, second));
    }

    private static void assertRefused(Map<String, String> settings, String... parts) {
        Exception refused = assertThrows(
                Exception.class, () -> RunningBroker.start(settings).close());
        for (String part : parts) {
            assertTrue(String.valueOf(refused.getMessage()).contains(part), refused::toString);
        }
        assertFalse(String.valueOf(refused.getMessage()).contains("\n"));
    }

    private static Map<String, DescribeLogDirsResult> describe(RunningBroker broker) throws IOException {
        Map<String, DescribeLogDirsResult> results = new TreeMap<>();
        broker.ask(new DescribeLogDirsRequest(null), 4, DescribeLogDirsResponse.class)
                .results()
                .forEach(result ->
                        results.put(Path.of(result.logDir()).getFileName().toString(), result));
        return results;
    }

    /** The partitions of a topic in a directory. */
    private static List<Integer> partitions(DescribeLogDirsResult directory, String topic) {
        return directory.topics().stream()
                .filter(each -> each.name().equals(topic))
                .flatMap(each -> each.partitions().stream())
                .map(partition -> partition.partitionIndex())
                .sorted()
                .toList();
    }

    private static List<Integer> partitions(RunningBroker broker, String directory, String topic) throws IOException {
        return partitions(describe(broker, directory), topic);
    }

    private static DescribeLogDirsResult describe(RunningBroker broker, String directory) throws IOException {
        return Objects.requireNonNull(describe(broker).get(directory));
    }

    private static ErrorCode produce(RunningBroker broker, String topic, UUID id, int partition) throws IOException {
        try (RawClient client = broker.connect()) {
            return ErrorCode.of(new TopicClient(client, topic, id)
                    .produce(-1, TopicClient.BY_ID, TopicClient.data(partition, Batches.ofRecords(3)))
                    .getFirst()
                    .errorCode());
        }
    }

    private static void assertRecords(RunningBroker broker, UUID id, int partition, long count) throws IOException {
        try (RawClient client = broker.connect()) {
            TopicClient topic = new TopicClient(client, "orders", id);
            assertEquals(
                    count,
                    TopicClient.only(topic.fetch(topic.fetchRequest(TopicClient.fetchFrom(partition, 0))))
                            .highWatermark());
        }
    }

    /** A topic with a batch in each of its four partitions, two of which are in each directory; the broker is stopped. */
    private UUID createOrders() throws IOException {
        try (RunningBroker broker = start()) {
            UUID id = broker.create("orders", 4);
            for (int partition = 0; partition < 4; partition++) {
                assertEquals(ErrorCode.NONE, produce(broker, "orders", id, partition));
            }
            return id;
        }
    }

    @Test
    void newPartitionsGoToTheDirectoryWithTheFewest() throws IOException {
        try (RunningBroker broker = start()) {
            broker.create("orders", 3);
            broker.create("payments", 3);
            Map<String, DescribeLogDirsResult> directories = describe(broker);
            assertEquals(List.of("first", "second"), List.copyOf(directories.keySet()));
            for (DescribeLogDirsResult directory : directories.values()) {
                assertEquals(0, directory.errorCode());
                assertTrue(directory.totalBytes() > directory.usableBytes() && directory.usableBytes() > 0);
                assertEquals(
                        3,
                        partitions(directory, "orders").size()
                                + partitions(directory, "payments").size());
            }
        }
    }

    @Test
    void aStartFindsEveryPartitionWhereItIs() throws IOException {
        UUID id = createOrders();
        try (RunningBroker broker = start()) {
            assertEquals(List.of(0, 2), partitions(broker, "first", "orders"));
            assertEquals(List.of(1, 3), partitions(broker, "second", "orders"));
            for (int partition = 0; partition < 4; partition++) {
                assertRecords(broker, id, partition, 3);
            }
        }
    }

    @Test
    void aDirectoryThatFailsAtTheStartTakesOnlyItsPartitionsOffline() throws IOException {
        UUID id = createOrders();
        Files.move(second, away);
        Files.createFile(second);
        try (RunningBroker broker = start()) {
            assertEquals(0, describe(broker, "first").errorCode());
            assertEquals(
                    ErrorCode.KAFKA_STORAGE_ERROR,
                    ErrorCode.of(describe(broker, "second").errorCode()));
            assertEquals(List.of(), describe(broker, "second").topics());
            assertEquals(ErrorCode.NONE, produce(broker, "orders", id, 0));
            assertEquals(ErrorCode.KAFKA_STORAGE_ERROR, produce(broker, "orders", id, 1));
            broker.create("payments", 2);
            assertEquals(List.of(0, 1), partitions(broker, "first", "payments"));
        }
        Files.delete(second);
        Files.move(away, second);
        try (RunningBroker broker = start()) {
            assertRecords(broker, id, 0, 6);
            assertRecords(broker, id, 1, 3);
            assertEquals(List.of(0, 1), partitions(broker, "first", "payments"));
        }
    }

    @Test
    void anEmptyDirectoryInThePlaceOfAnotherIsNotTakenForIt() throws IOException {
        UUID id = createOrders();
        Files.move(second, away);
        try (RunningBroker broker = start()) {
            assertEquals(List.of(), partitions(broker, "second", "orders"));
            assertEquals(ErrorCode.KAFKA_STORAGE_ERROR, produce(broker, "orders", id, 3));
            assertEquals(ErrorCode.NONE, produce(broker, "orders", id, 2));
        }
        try (RunningBroker broker = RunningBroker.start(settings(first, away))) {
            assertRecords(broker, id, 3, 3);
        }
    }

    @Test
    void partitionsThatWereCarriedToAnotherDirectoryAreFoundThere() throws IOException {
        UUID id = createOrders();
        Files.move(second.resolve("orders-1"), first.resolve("orders-1"));
        for (int round = 0; round < 2; round++) {
            try (RunningBroker broker = start()) {
                assertEquals(List.of(0, 1, 2), partitions(broker, "first", "orders"));
                assertRecords(broker, id, 1, 3);
            }
        }
    }

    @Test
    void aPartitionInTwoDirectoriesIsRefused() throws IOException {
        createOrders();
        Files.createDirectories(first.resolve("orders-1"));
        for (String name : List.of("partition.metadata", "00000000000000000000.log")) {
            Files.copy(
                    second.resolve("orders-1").resolve(name),
                    first.resolve("orders-1").resolve(name));
        }
        assertRefused(
                settings(first, second),
                first.resolve("orders-1").toString(),
                second.resolve("orders-1").toString());
    }

    @Test
    void groupsWhoseLogIsOfflineLookForTheirCoordinator() throws IOException {
        OffsetFetchRequest fetch = OffsetFetchRequest.builder()
                .groups(Stream.of("a", "b", "c", "d")
                        .map(group -> OffsetFetchRequestGroup.builder()
                                .groupId(group)
                                .topics(null)
                                .build())
                        .toList())
                .build();
        FindCoordinatorRequest find = FindCoordinatorRequest.builder()
                .coordinatorKeys(List.of("a", "b", "c", "d"))
                .build();
        try (RunningBroker broker = start()) {
            broker.ask(find, 6, FindCoordinatorResponse.class);
            assertEquals(List.of(1, 3), partitions(broker, "second", "__consumer_offsets"));
        }
        Files.move(second, away);
        try (RunningBroker broker = start()) {
            // "a" is in partition 1, and so on
            assertEquals(
                    List.of("COORDINATOR_NOT_AVAILABLE", "NONE", "COORDINATOR_NOT_AVAILABLE", "NONE"),
                    broker.ask(find, 6, FindCoordinatorResponse.class).coordinators().stream()
                            .map(each -> ErrorCode.of(each.errorCode()).name())
                            .toList());
            assertEquals(
                    List.of("NOT_COORDINATOR", "NONE", "NOT_COORDINATOR", "NONE"),
                    broker.ask(fetch, 8, OffsetFetchResponse.class).groups().stream()
                            .map(each -> ErrorCode.of(each.errorCode()).name())
                            .toList());
        }
    }

    @Test
    void metadataHaveADirectoryOfTheirOwnIfWanted() throws IOException {
        Path metadata = folder.resolve("metadata");
        Map<String, String> settings = new TreeMap<>(settings(first, second));
        settings.put("metadata.log.dir", metadata.toString());
        try (RunningBroker broker = RunningBroker.start(settings)) {
            broker.create("orders", 4);
            assertEquals(
                    List.of("first", "second"), List.copyOf(describe(broker).keySet()));
            assertEquals(List.of(0, 2), partitions(broker, "first", "orders"));
            assertTrue(Files.exists(metadata.resolve("__cluster_metadata-0")));
            assertFalse(Files.exists(first.resolve("__cluster_metadata-0")));
        }
    }

    @Test
    void anEmptyClusterDoesNotBeginBesideThePartitionsOfAnother() throws IOException {
        Path third = folder.resolve("third");
        UUID id;
        try (RunningBroker broker = RunningBroker.start(settings(first, second, third))) {
            id = broker.create("orders", 6);
            for (int partition = 0; partition < 6; partition++) {
                assertEquals(ErrorCode.NONE, produce(broker, "orders", id, partition));
            }
        }
        // When the directory with the metadata is not named, and another that belongs to the cluster takes its place
        assertRefused(settings(second, third), "metadata", second.toString(), third.toString());
        assertRefused(settings(third, second), "metadata", second.toString(), third.toString());
        // Then nothing has been touched
        try (RunningBroker broker = RunningBroker.start(settings(first, second, third))) {
            for (int partition = 0; partition < 6; partition++) {
                assertRecords(broker, id, partition, 3);
            }
        }
    }

    @Test
    void directoriesInAnotherOrderAreRefusedBeforeAnythingIsLost() throws IOException {
        UUID id = createOrders();
        assertRefused(settings(second, first), "metadata.log.dir", first.toString(), second.toString());
        assertRefused(settings(away, first, second), "metadata.log.dir", away.toString());
        assertFalse(Files.exists(away));
        Map<String, String> settings = new TreeMap<>(settings(second, first));
        settings.put("metadata.log.dir", first.toString());
        try (RunningBroker broker = RunningBroker.start(settings)) {
            assertRecords(broker, id, 0, 3);
            assertRecords(broker, id, 1, 3);
        }
    }

    @Test
    void directoriesOfOthersAreRefused() throws IOException {
        createOrders();
        RunningBroker.start(away).close();
        assertRefused(settings(first, away), "belongs to cluster", away.toString());
        Files.delete(away.resolve("meta.properties"));
        Files.copy(second.resolve("meta.properties"), away.resolve("meta.properties"));
        Files.delete(away.resolve("__cluster_metadata-0").resolve("00000000000000000000.log"));
        Files.delete(away.resolve("__cluster_metadata-0"));
        assertRefused(settings(first, second, away), "one is a copy", second.toString(), away.toString());
    }

    @Test
    void directoriesThatAreTheSameOrNestedAreRefused() {
        assertRefused(settings(first, first), "must be different", first.toString());
        assertRefused(settings(first, first.resolve("inner")), "must be different", "inner");
        assertRefused(settings(first.resolve("inner").resolve(".."), first), "must be different");
        assertRefused(Map.of("log.dirs", " , "), "log.dirs");
    }

    @Test
    void eachDirectoryHasAnIdOfItsOwnInOneCluster() throws IOException {
        createOrders();
        TreeSet<String> lines = new TreeSet<>();
        lines.addAll(Files.readAllLines(first.resolve("meta.properties")));
        lines.addAll(Files.readAllLines(second.resolve("meta.properties")));
        assertEquals(
                List.of("cluster.id", "directory.id", "directory.id", "node.id", "version"),
                lines.stream().map(line -> line.substring(0, line.indexOf('='))).toList());
    }
}
