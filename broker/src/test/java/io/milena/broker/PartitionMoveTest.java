package io.milena.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.metadata.ClusterImage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AlterReplicaLogDirsRequest;
import io.milena.protocol.message.AlterReplicaLogDirsRequest.AlterReplicaLogDir;
import io.milena.protocol.message.AlterReplicaLogDirsRequest.AlterReplicaLogDirTopic;
import io.milena.protocol.message.AlterReplicaLogDirsResponse;
import io.milena.protocol.message.DescribeLogDirsRequest;
import io.milena.protocol.message.DescribeLogDirsResponse;
import io.milena.protocol.message.DescribeLogDirsResponse.DescribeLogDirsPartition;
import io.milena.protocol.message.IncrementalAlterConfigsRequest;
import io.milena.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.milena.protocol.message.IncrementalAlterConfigsRequest.AlterableConfig;
import io.milena.protocol.message.IncrementalAlterConfigsResponse;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** AlterReplicaLogDirs over the wire: partitions move between the two data directories of a broker. */
@Timeout(120)
class PartitionMoveTest {
    private static final int MEGABYTE = 1 << 20;
    private static final byte SET = 0;

    @TempDir
    private Path folder;

    private Path first;
    private Path second;

    @BeforeEach
    void name() {
        first = folder.resolve("first");
        second = folder.resolve("second");
    }

    private RunningBroker start(String bytesPerSecond) throws IOException {
        return RunningBroker.start(Map.of(
                "log.dirs", first + "," + second, "replica.alter.log.dirs.io.max.bytes.per.second", bytesPerSecond));
    }

    private RunningBroker start() throws IOException {
        return start(Long.toString(Long.MAX_VALUE));
    }

    private static ErrorCode move(RunningBroker broker, String topic, int partition, Path to) throws IOException {
        AlterReplicaLogDirsRequest request = new AlterReplicaLogDirsRequest(List.of(new AlterReplicaLogDir(
                to.toString(), List.of(new AlterReplicaLogDirTopic(topic, List.of(partition))))));
        return ErrorCode.of(broker.ask(request, 2, AlterReplicaLogDirsResponse.class)
                .results()
                .getFirst()
                .partitions()
                .getFirst()
                .errorCode());
    }

    private static List<DescribeLogDirsPartition> partitions(RunningBroker broker, Path directory, String topic)
            throws IOException {
        return broker.ask(new DescribeLogDirsRequest(null), 4, DescribeLogDirsResponse.class).results().stream()
                .filter(result -> result.logDir().equals(directory.toString()))
                .flatMap(result -> result.topics().stream())
                .filter(each -> each.name().equals(topic))
                .flatMap(each -> each.partitions().stream())
                .toList();
    }

    private static void awaitMoved(RunningBroker broker, Path from, Path to) throws IOException {
        Deadline patience = Deadline.afterMs(Clock.system(), 60_000);
        while (!partitions(broker, from, "orders").isEmpty()
                || partitions(broker, to, "orders").stream().anyMatch(DescribeLogDirsPartition::isFutureKey)) {
            assertTrue(!patience.isPast(), "the partition does not move");
        }
    }

    private static long append(RunningBroker broker, UUID id, int bytes) throws IOException {
        try (RawClient client = broker.connect()) {
            return new TopicClient(client, "orders", id).append(Batches.ofBytes(bytes));
        }
    }

    @Test
    void aPartitionMovesAndIsThereAfterAStart() throws IOException {
        UUID id;
        try (RunningBroker broker = start()) {
            id = broker.create("orders", 1);
            append(broker, id, MEGABYTE / 2);
            assertEquals(1, partitions(broker, first, "orders").size());
            assertEquals(ErrorCode.NONE, move(broker, "orders", 0, second));
            awaitMoved(broker, first, second);
            assertEquals(1, append(broker, id, 100));
            assertTrue(partitions(broker, second, "orders").getFirst().partitionSize() > MEGABYTE / 2);
        }
        assertTrue(Files.exists(second.resolve("orders-0")));
        try (RunningBroker broker = start()) {
            assertEquals(1, partitions(broker, second, "orders").size());
            assertEquals(2, append(broker, id, 100));
        }
    }

    @Test
    void nothingIsLostThatIsProducedMeanwhile() throws Exception {
        try (RunningBroker broker = start()) {
            UUID id = broker.create("orders", 1, "segment.bytes=16384");
            AtomicBoolean isOver = new AtomicBoolean();
            AtomicLong next = new AtomicLong();
            Thread producer = Thread.ofVirtual().start(() -> {
                try (RawClient client = broker.connect()) {
                    TopicClient topic = new TopicClient(client, "orders", id);
                    while (!isOver.get()) {
                        assertEquals(next.get(), topic.append(Batches.ofBytes(1000)));
                        next.incrementAndGet();
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            for (int i = 0; i < 3; i++) {
                assertEquals(ErrorCode.NONE, move(broker, "orders", 0, second));
                awaitMoved(broker, first, second);
                assertEquals(ErrorCode.NONE, move(broker, "orders", 0, first));
                awaitMoved(broker, second, first);
            }
            isOver.set(true);
            producer.join();
            assertTrue(next.get() > 0);
            assertEquals(next.get(), append(broker, id, 100));
            try (RawClient client = broker.connect()) {
                TopicClient topic = new TopicClient(client, "orders", id);
                assertEquals(
                        ErrorCode.NONE,
                        TopicClient.error(
                                TopicClient.only(topic.fetch(topic.fetchRequest(TopicClient.fetchFrom(0, 0))))));
            }
        }
    }

    @Test
    void aMoveUnderWayIsSeenAndCanBeTakenBack() throws IOException {
        try (RunningBroker broker = start("1")) {
            UUID id = broker.create("orders", 1);
            for (int i = 0; i < 4; i++) {
                append(broker, id, MEGABYTE / 2);
            }
            assertEquals(ErrorCode.NONE, move(broker, "orders", 0, second));
            DescribeLogDirsPartition future =
                    partitions(broker, second, "orders").getFirst();
            assertTrue(future.isFutureKey());
            assertEquals(4, future.offsetLag());
            assertEquals(false, partitions(broker, first, "orders").getFirst().isFutureKey());
            assertEquals(4, append(broker, id, 100));
            assertEquals(ErrorCode.NONE, move(broker, "orders", 0, first));
            assertEquals(List.of(), partitions(broker, second, "orders"));
            assertEquals(5, append(broker, id, 100));
        }
    }

    @Test
    void aMoveUnderWayTakesOnTheRateThatIsSet() throws IOException {
        try (RunningBroker broker = start("1")) {
            UUID id = broker.create("orders", 1);
            for (int i = 0; i < 4; i++) {
                append(broker, id, MEGABYTE / 2);
            }
            assertEquals(ErrorCode.NONE, move(broker, "orders", 0, second));
            assertTrue(partitions(broker, second, "orders").getFirst().isFutureKey());
            assertEquals(ErrorCode.NONE, setRate(broker, Long.toString(Long.MAX_VALUE)));
            awaitMoved(broker, first, second);
            assertEquals(4, append(broker, id, 100));
        }
    }

    private static ErrorCode setRate(RunningBroker broker, String bytesPerSecond) throws IOException {
        IncrementalAlterConfigsRequest request = new IncrementalAlterConfigsRequest(
                List.of(new AlterConfigsResource(
                        ClusterImage.Resource.BROKER,
                        "",
                        List.of(new AlterableConfig(
                                "replica.alter.log.dirs.io.max.bytes.per.second", SET, bytesPerSecond)))),
                false);
        return ErrorCode.of(broker.ask(request, 1, IncrementalAlterConfigsResponse.class)
                .responses()
                .getFirst()
                .errorCode());
    }

    @Test
    void aMoveGoesOnAfterARestart() throws IOException {
        UUID id;
        try (RunningBroker broker = start("1")) {
            id = broker.create("orders", 1);
            for (int i = 0; i < 4; i++) {
                append(broker, id, MEGABYTE / 2);
            }
            assertEquals(ErrorCode.NONE, move(broker, "orders", 0, second));
        }
        try (RunningBroker broker = start("1")) {
            DescribeLogDirsPartition future =
                    partitions(broker, second, "orders").getFirst();
            assertTrue(future.isFutureKey());
            assertEquals(4, future.offsetLag());
        }
        try (RunningBroker broker = start()) {
            awaitMoved(broker, first, second);
            assertEquals(4, append(broker, id, 100));
        }
    }

    @Test
    void whatCannotBeMovedIsRefused() throws IOException {
        try (RunningBroker broker = start()) {
            broker.create("orders", 1);
            assertEquals(ErrorCode.LOG_DIR_NOT_FOUND, move(broker, "orders", 0, folder.resolve("third")));
            assertEquals(ErrorCode.LOG_DIR_NOT_FOUND, move(broker, "orders", 0, Path.of("second")));
            assertEquals(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, move(broker, "orders", 1, second));
            assertEquals(ErrorCode.NONE, move(broker, "orders", 0, first));
        }
    }

    @Test
    void aPartitionThatDoesNotExistIsCreatedWhereItWasWished() throws IOException {
        try (RunningBroker broker = start()) {
            broker.create("first", 2);
            for (int partition = 0; partition < 3; partition++) {
                assertEquals(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, move(broker, "orders", partition, second));
            }
            broker.create("orders", 3);
            assertEquals(3, partitions(broker, second, "orders").size());
        }
    }

    @Test
    void aTopicThatIsDeletedWhileItMovesIsGone() throws IOException {
        try (RunningBroker broker = start("1")) {
            UUID id = broker.create("orders", 1);
            for (int i = 0; i < 4; i++) {
                append(broker, id, MEGABYTE / 2);
            }
            assertEquals(ErrorCode.NONE, move(broker, "orders", 0, second));
            broker.delete("orders");
            assertEquals(List.of(), partitions(broker, first, "orders"));
            assertEquals(List.of(), partitions(broker, second, "orders"));
            broker.create("orders", 1);
        }
    }
}
