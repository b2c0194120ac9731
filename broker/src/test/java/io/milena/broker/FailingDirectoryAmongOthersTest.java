package io.milena.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.milena.broker.cluster.DataPaths;
import io.milena.network.SocketNetwork;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.CreateTopicsRequest;
import io.milena.protocol.message.CreateTopicsRequest.CreatableReplicaAssignment;
import io.milena.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.milena.protocol.message.CreateTopicsResponse;
import io.milena.protocol.message.DescribeLogDirsRequest;
import io.milena.protocol.message.DescribeLogDirsResponse;
import io.milena.protocol.message.MetadataRequest;
import io.milena.protocol.message.MetadataRequest.MetadataRequestTopic;
import io.milena.protocol.message.MetadataResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.ProduceResponse.PartitionProduceResponse;
import io.milena.quorum.InMemoryQuorum;
import io.milena.runtime.Environment;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Given three brokers with two data directories each, which are heard of rarely, and a topic with a partition in each directory of the first broker. */
class FailingDirectoryAmongOthersTest {
    private static final int FIRST = 1;
    private static final int SECOND = 2;
    private static final int THIRD = 3;
    private static final int RECORDS = 3;

    private final SimulatedFileSystem disk = SimulatedFileSystem.create(new HandClock());
    private final InMemoryQuorum quorum = new InMemoryQuorum(Set.of(1, 2, 3));
    private final Map<Integer, RunningBroker> running = new TreeMap<>();
    private UUID topic;
    /** What the first broker has in the directory that fails, and what not. */
    private int lost;

    private int kept;

    private Path directory(int broker, String name) {
        return disk.root().resolve("broker-" + broker).resolve(name);
    }

    private RunningBroker started(int id) throws IOException {
        BrokerSettings settings = BrokerSettings.of(Map.of(
                "node.id", Integer.toString(id),
                "listeners", "PLAINTEXT://localhost:0",
                "milena.cluster.id", RunningNodes.CLUSTER,
                "controller.quorum.voters", "1@localhost:0,2@localhost:0,3@localhost:0",
                "broker.heartbeat.interval.ms", "20000",
                "broker.session.timeout.ms", "600000"));
        Path one = directory(id, "one");
        return RunningBroker.of(Broker.start(
                settings,
                new Surroundings(
                        new DataPaths(one, List.of(one, directory(id, "two"))),
                        new SocketNetwork(settings.sockets()),
                        Environment.system(),
                        (data, voter, around, listener) -> quorum.open(voter.self(), around, listener),
                        partitions -> {})));
    }

    @BeforeEach
    void start() throws Exception {
        Map<Integer, Future<RunningBroker>> starting = new TreeMap<>();
        try (ExecutorService starters = Executors.newCachedThreadPool()) {
            for (int id = 1; id <= 3; id++) {
                int broker = id;
                starting.put(id, starters.submit(() -> started(broker)));
            }
            for (var start : starting.entrySet()) {
                running.put(start.getKey(), start.getValue().get());
            }
        }
        topic = create();
        RunningNodes.await("both partitions are in sync", () -> isr(0).size() == 2 && isr(1).size() == 2);
        lost = partitionIn("two");
        kept = 1 - lost;
    }

    /** Nobody waits until others know of it: they are heard of rarely. */
    @AfterEach
    void stop() {
        running.values().forEach(broker -> broker.broker().kill());
    }

    private RunningBroker broker(int id) {
        return Objects.requireNonNull(running.get(id));
    }

    private UUID create() throws IOException {
        List<Integer> brokers = List.of(FIRST, SECOND);
        CreatableTopic wanted = CreatableTopic.builder()
                .name("orders")
                .numPartitions(-1)
                .replicationFactor((short) -1)
                .assignments(
                        List.of(new CreatableReplicaAssignment(0, brokers), new CreatableReplicaAssignment(1, brokers)))
                .build();
        var created = broker(FIRST)
                .ask(new CreateTopicsRequest(List.of(wanted), 10_000, false), 7, CreateTopicsResponse.class)
                .topics()
                .getFirst();
        assertEquals(ErrorCode.NONE, ErrorCode.of(created.errorCode()));
        return created.topicId();
    }

    private int partitionIn(String name) throws IOException {
        return broker(FIRST).ask(new DescribeLogDirsRequest(null), 4, DescribeLogDirsResponse.class).results().stream()
                .filter(result -> result.logDir().endsWith(name))
                .flatMap(result -> result.topics().stream())
                .flatMap(found -> found.partitions().stream())
                .map(DescribeLogDirsResponse.DescribeLogDirsPartition::partitionIndex)
                .findFirst()
                .orElseThrow();
    }

    /** As the second broker has it. */
    private MetadataResponsePartition described(int partition) throws IOException {
        return described(SECOND, partition);
    }

    private MetadataResponsePartition described(int asked, int partition) throws IOException {
        return broker(asked)
                .ask(
                        MetadataRequest.builder()
                                .topics(List.of(new MetadataRequestTopic(topic, null)))
                                .build(),
                        12,
                        MetadataResponse.class)
                .topics()
                .getFirst()
                .partitions()
                .stream()
                .filter(each -> each.partitionIndex() == partition)
                .findFirst()
                .orElseThrow();
    }

    private List<Integer> isr(int partition) throws IOException {
        return described(partition).isrNodes().stream().sorted().toList();
    }

    private PartitionProduceResponse produced(int broker, int partition) throws IOException {
        try (RawClient client = broker(broker).connect()) {
            return new TopicClient(client, "orders", topic)
                    .produce(-1, TopicClient.BY_ID, TopicClient.data(partition, Batches.ofRecords(RECORDS)))
                    .getFirst();
        }
    }

    private ErrorCode produce(int broker, int partition) throws IOException {
        return ErrorCode.of(produced(broker, partition).errorCode());
    }

    private void kill(int broker) {
        Objects.requireNonNull(running.remove(broker)).broker().kill();
        quorum.kill(broker);
    }

    private static void delete(Path directory) throws IOException {
        List<Path> paths;
        try (Stream<Path> found = Files.walk(directory)) {
            paths = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }

    @Test
    void whatWasInADirectoryThatWasReplacedByAnEmptyOneIsCopiedFromOthers() throws Exception {
        // Given records that one broker has lost with a directory, and some that it has missed
        assertEquals(ErrorCode.NONE, produce(FIRST, lost));
        kill(FIRST);
        RunningNodes.await("the second leads", () -> produce(SECOND, lost) == ErrorCode.NONE);
        delete(directory(FIRST, "two"));
        // When it comes back
        running.put(FIRST, started(FIRST));
        // Then it gets them again
        RunningNodes.await(
                "both partitions are in sync",
                () -> isr(lost).size() == 2 && isr(kept).size() == 2);
        kill(SECOND);
        RunningNodes.await("the first leads", () -> described(THIRD, lost).leaderId() == FIRST);
        PartitionProduceResponse next = produced(FIRST, lost);
        assertEquals(ErrorCode.NONE, ErrorCode.of(next.errorCode()));
        assertEquals(2 * RECORDS, next.baseOffset());
    }

    @Test
    void othersLeadAtOnceWhatIsInItAndItsBrokerKeepsTheRest() throws Exception {
        assertEquals(ErrorCode.NONE, produce(FIRST, lost));
        disk.faults((operation, path) -> {
            if (path.startsWith(directory(FIRST, "two")) && operation != DiskOperation.READ) {
                throw DiskFaults.inputOutputError(path);
            }
        });
        assertNotEquals(ErrorCode.NONE, produce(FIRST, lost));
        // Then
        RunningNodes.await("the second leads", () -> described(lost).leaderId() == SECOND);
        assertEquals(List.of(SECOND), isr(lost));
        assertEquals(FIRST, described(kept).leaderId());
        assertEquals(List.of(FIRST, SECOND), isr(kept));
        assertEquals(ErrorCode.NONE, produce(SECOND, lost));
        assertEquals(ErrorCode.NONE, produce(FIRST, kept));
    }
}
