package io.milena.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.milena.broker.cluster.DataPaths;
import io.milena.network.SocketNetwork;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AlterReplicaLogDirsRequest;
import io.milena.protocol.message.AlterReplicaLogDirsRequest.AlterReplicaLogDir;
import io.milena.protocol.message.AlterReplicaLogDirsRequest.AlterReplicaLogDirTopic;
import io.milena.protocol.message.AlterReplicaLogDirsResponse;
import io.milena.protocol.message.DescribeLogDirsRequest;
import io.milena.protocol.message.DescribeLogDirsResponse;
import io.milena.protocol.message.FindCoordinatorRequest;
import io.milena.protocol.message.FindCoordinatorResponse;
import io.milena.protocol.message.HeartbeatRequest;
import io.milena.protocol.message.HeartbeatResponse;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The disk of one of two data directories fails while the broker runs. */
@Timeout(120)
class FailingDirectoryTest {
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(new HandClock());
    private final Path first = disk.root().resolve("first");
    private final Path second = disk.root().resolve("second");

    private RunningBroker start() throws IOException {
        BrokerSettings settings =
                BrokerSettings.of(Map.of("listeners", "PLAINTEXT://localhost:0", "offsets.topic.num.partitions", "2"));
        return RunningBroker.of(Broker.start(
                settings,
                new DataPaths(first, List.of(first, second)),
                new SocketNetwork(settings.sockets()),
                Environment.system()));
    }

    private static ErrorCode produce(RunningBroker broker, String topic, UUID id, int partition) throws IOException {
        try (RawClient client = broker.connect()) {
            return ErrorCode.of(new TopicClient(client, topic, id)
                    .produce(-1, TopicClient.BY_ID, TopicClient.data(partition, Batches.ofRecords(3)))
                    .getFirst()
                    .errorCode());
        }
    }

    private static ErrorCode fetch(RunningBroker broker, UUID id, int partition) throws IOException {
        try (RawClient client = broker.connect()) {
            TopicClient topic = new TopicClient(client, "orders", id);
            return TopicClient.error(
                    TopicClient.only(topic.fetch(topic.fetchRequest(TopicClient.fetchFrom(partition, 0)))));
        }
    }

    private static List<ErrorCode> directories(RunningBroker broker) throws IOException {
        return broker.ask(new DescribeLogDirsRequest(null), 4, DescribeLogDirsResponse.class).results().stream()
                .map(result -> ErrorCode.of(result.errorCode()))
                .toList();
    }

    private void failSecond() {
        disk.faults((operation, path) -> {
            if (path.startsWith(second) && operation != DiskOperation.READ) {
                throw DiskFaults.inputOutputError(path);
            }
        });
    }

    @Test
    void itTakesOnlyItsPartitionsOfflineAndNothingIsLost() throws IOException {
        UUID id;
        try (RunningBroker broker = start()) {
            id = broker.create("orders", 2);
            assertEquals(ErrorCode.NONE, produce(broker, "orders", id, 0));
            assertEquals(ErrorCode.NONE, produce(broker, "orders", id, 1));
            // When
            failSecond();
            // Then
            assertEquals(ErrorCode.KAFKA_STORAGE_ERROR, produce(broker, "orders", id, 1));
            assertEquals(ErrorCode.KAFKA_STORAGE_ERROR, fetch(broker, id, 1));
            assertEquals(ErrorCode.NONE, produce(broker, "orders", id, 0));
            assertEquals(ErrorCode.NONE, fetch(broker, id, 0));
            assertEquals(List.of(ErrorCode.NONE, ErrorCode.KAFKA_STORAGE_ERROR), directories(broker));
            UUID payments = broker.create("payments", 2);
            assertEquals(ErrorCode.NONE, produce(broker, "payments", payments, 0));
            assertEquals(ErrorCode.NONE, produce(broker, "payments", payments, 1));
        }
        disk.faults(DiskFaults.none());
        try (RunningBroker broker = start()) {
            assertEquals(List.of(ErrorCode.NONE, ErrorCode.NONE), directories(broker));
            assertEquals(ErrorCode.NONE, fetch(broker, id, 1));
            assertEquals(ErrorCode.NONE, produce(broker, "orders", id, 1));
        }
    }

    /** Nothing of the move is in the metadata then, and nothing will be. */
    @Test
    void aMoveThatTheMetadataHaveNoRoomForLeavesThePartitionWhereItIs() throws IOException {
        try (RunningBroker broker = start()) {
            UUID id = broker.create("orders", 1);
            assertEquals(ErrorCode.NONE, produce(broker, "orders", id, 0));
            AtomicBoolean isRefused = new AtomicBoolean();
            disk.faults((operation, path) -> {
                if (operation == DiskOperation.WRITE && path.toString().contains("__cluster_metadata")) {
                    isRefused.set(true);
                    throw new FileSystemException(path.toString(), null, "No space left on device");
                }
            });
            broker.ask(
                    new AlterReplicaLogDirsRequest(List.of(new AlterReplicaLogDir(
                            second.toString(), List.of(new AlterReplicaLogDirTopic("orders", List.of(0)))))),
                    2,
                    AlterReplicaLogDirsResponse.class);
            Deadline patience = Deadline.afterMs(Clock.system(), 60_000);
            while (!isRefused.get() || partitions(broker).contains(true)) {
                assertFalse(patience.isPast(), "the move does not end");
            }
            assertEquals(List.of(false), partitions(broker));
            assertEquals(ErrorCode.NONE, produce(broker, "orders", id, 0));
            assertEquals(ErrorCode.NONE, fetch(broker, id, 0));
            disk.faults(DiskFaults.none());
        }
    }

    /** Of each copy of a partition, whether it is one that is being made. */
    private static List<Boolean> partitions(RunningBroker broker) throws IOException {
        return broker.ask(new DescribeLogDirsRequest(null), 4, DescribeLogDirsResponse.class).results().stream()
                .flatMap(result -> result.topics().stream())
                .flatMap(topic -> topic.partitions().stream())
                .map(DescribeLogDirsResponse.DescribeLogDirsPartition::isFutureKey)
                .toList();
    }

    @Test
    void monitoringHearsOfItAndClientsAreServedAsLongAsOneWorks() throws IOException {
        try (RunningBroker broker = start()) {
            UUID id = broker.create("orders", 2);
            failSecond();
            produce(broker, "orders", id, 1);
            Readings readings = Readings.of(broker.broker());
            assertEquals(1, readings.get("kafka_log_logmanager_offlinelogdirectorycount"));
            assertEquals(1, readings.get("kafka_server_replicamanager_offlinereplicacount"));
            assertEquals(2, readings.get("kafka_server_replicamanager_partitioncount"));
            assertEquals(BrokerHealth.READY, broker.broker().health());

            disk.faults((operation, path) -> {
                if (operation != DiskOperation.READ) {
                    throw DiskFaults.inputOutputError(path);
                }
            });
            produce(broker, "orders", id, 0);
            assertEquals(
                    BrokerHealth.failed("the disk of the metadata does not work"),
                    broker.broker().health());
        }
        disk.faults(DiskFaults.none());
    }

    @Test
    void groupsOnItAreToldToLookForTheirCoordinator() throws IOException {
        // "a" is in partition 1 of two, "b" in partition 0
        FindCoordinatorRequest find = FindCoordinatorRequest.builder()
                .coordinatorKeys(List.of("a", "b"))
                .build();
        HeartbeatRequest heartbeat =
                HeartbeatRequest.builder().groupId("a").memberId("m").build();
        try (RunningBroker broker = start()) {
            UUID id = broker.create("orders", 4);
            assertEquals(
                    List.of((short) 0, (short) 0),
                    broker.ask(find, 6, FindCoordinatorResponse.class).coordinators().stream()
                            .map(FindCoordinatorResponse.Coordinator::errorCode)
                            .toList());
            failSecond();
            assertEquals(ErrorCode.KAFKA_STORAGE_ERROR, produce(broker, "orders", id, 1));
            assertEquals(
                    List.of(ErrorCode.COORDINATOR_NOT_AVAILABLE, ErrorCode.NONE),
                    broker.ask(find, 6, FindCoordinatorResponse.class).coordinators().stream()
                            .map(each -> ErrorCode.of(each.errorCode()))
                            .toList());
            assertEquals(
                    ErrorCode.NOT_COORDINATOR,
                    ErrorCode.of(
                            broker.ask(heartbeat, 4, HeartbeatResponse.class).errorCode()));
        }
        disk.faults(DiskFaults.none());
    }
}
