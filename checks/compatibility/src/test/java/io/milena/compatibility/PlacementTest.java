package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeReplicaLogDirsResult.ReplicaLogDirInfo;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** An administrator moves partitions between three brokers, each a process of its own, with unmodified tools; {@code -Dmilena.oracle.cluster=kafka} has them moved between three nodes of Apache Kafka. */
@EnabledIfSystemProperty(named = "milena.oracle", matches = "^$", disabledReason = "needs three brokers of its own")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
class PlacementTest {
    @TempDir
    static Path folder = Path.of("");

    private BrokerProcesses cluster;
    private Admin admin;

    @BeforeAll
    void start() throws Exception {
        cluster = BrokerProcesses.start(folder);
        admin = Admin.create(cluster.settings());
    }

    @AfterAll
    void stop() {
        admin.close();
        cluster.close();
    }

    private TopicPartition create(List<Integer> brokers) throws Exception {
        String topic = BrokerUnderTest.freshName("placed");
        admin.createTopics(List.of(new NewTopic(topic, Map.of(0, brokers))))
                .all()
                .get();
        return new TopicPartition(topic, 0);
    }

    private TopicPartitionInfo describe(TopicPartition partition) {
        return TopicView.partition(admin, partition);
    }

    private static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }

    private static Set<Integer> idSet(List<Node> nodes) {
        return Set.copyOf(ids(nodes));
    }

    private void produce(TopicPartition to, int count) {
        BrokerUnderTest.produce(
                IntStream.range(0, count)
                        .mapToObj(i -> new ProducerRecord<String, String>(to.topic(), "k", Integer.toString(i)))
                        .toList(),
                cluster.settings());
    }

    private List<String> read(TopicPartition partition, int count) {
        try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(cluster.settings())) {
            consumer.assign(List.of(partition));
            return BrokerUnderTest.poll(consumer, count).stream()
                    .map(ConsumerRecord::value)
                    .toList();
        }
    }

    private void reassign(TopicPartition partition, List<Integer> brokers) throws Exception {
        admin.alterPartitionReassignments(Map.of(partition, Optional.of(new NewPartitionReassignment(brokers))))
                .all()
                .get();
    }

    private boolean isUnderWay(TopicPartition partition) {
        try {
            return admin.listPartitionReassignments(Set.of(partition))
                    .reassignments()
                    .get()
                    .containsKey(partition);
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aPartitionMovesToOtherBrokersWithAllItsRecordsAndLeavesNothingBehind() throws Exception {
        // Given
        TopicPartition partition = create(List.of(1, 2));
        produce(partition, 1000);
        // When
        reassign(partition, List.of(3, 2));
        // Then
        BrokerUnderTest.await("the reassignment is over", () -> !isUnderWay(partition));
        BrokerUnderTest.await(
                "broker 3 is told of", () -> ids(describe(partition).replicas()).equals(List.of(3, 2)));
        assertEquals(Set.of(2, 3), idSet(describe(partition).isr()));
        assertEquals(IntStream.range(0, 1000).mapToObj(Integer::toString).toList(), read(partition, 1000));
        produce(partition, 1);
        assertTrue(cluster.holds(3, partition));
        BrokerUnderTest.await("the files of broker 1 are gone", () -> !cluster.holds(1, partition));
    }

    private String tool(String name, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--bootstrap-server", cluster.addresses()));
        all.addAll(List.of(arguments));
        return ExternalProgram.run(
                        ExternalProgram.java("milena.tools.classpath", "org.apache.kafka.tools." + name, all))
                .expectSuccess()
                .output();
    }

    private Path plan(TopicPartition partition, List<Integer> brokers) throws Exception {
        Path file = folder.resolve(partition + ".json");
        Files.writeString(
                file,
                "{\"version\":1,\"partitions\":[{\"topic\":\"%s\",\"partition\":0,\"replicas\":%s}]}"
                        .formatted(partition.topic(), brokers));
        return file;
    }

    private String reassignTool(Path plan, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--reassignment-json-file", plan.toString()));
        all.addAll(List.of(arguments));
        return tool("reassign.ReassignPartitionsCommand", all.toArray(String[]::new));
    }

    private List<String> throttles() throws Exception {
        Set<ConfigResource> brokers = Set.of(
                new ConfigResource(ConfigResource.Type.BROKER, "1"),
                new ConfigResource(ConfigResource.Type.BROKER, "2"),
                new ConfigResource(ConfigResource.Type.BROKER, "3"));
        return admin.describeConfigs(brokers).all().get().values().stream()
                .flatMap(config -> config.entries().stream())
                .filter(entry -> entry.name().endsWith("throttled.rate"))
                .map(entry -> entry.name() + "=" + entry.value())
                .distinct()
                .sorted()
                .toList();
    }

    @Test
    void apachesToolMovesAPartitionAtTheRateThatItIsToldAndCleansUpAfterIt() throws Exception {
        // Given
        TopicPartition partition = create(List.of(1));
        byte[] noise = new byte[100_000];
        new Random(1).nextBytes(noise);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(cluster.settings(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < 120; i++) {
                var _ = producer.send(new ProducerRecord<>(partition.topic(), noise));
            }
        }
        Path plan = plan(partition, List.of(3));
        // When it would take two minutes
        reassignTool(plan, "--execute", "--throttle", "100000");
        String early = reassignTool(plan, "--verify", "--preserve-throttles");
        // Then
        assertTrue(early.contains("is still in progress"), early);
        assertEquals(
                List.of("follower.replication.throttled.rate=100000", "leader.replication.throttled.rate=100000"),
                throttles());
        // And when the limit is raised it does not take that long any more
        reassignTool(plan, "--execute", "--additional", "--throttle", "100000000");
        BrokerUnderTest.await("the reassignment is over", () -> !isUnderWay(partition));
        String verified = reassignTool(plan, "--verify");
        assertTrue(verified.contains("is completed"), verified);
        assertEquals(List.of(), throttles());
    }

    @Test
    void apachesToolElectsPreferredLeaders() throws Exception {
        // Given
        TopicPartition partition = create(List.of(1, 2, 3));
        reassign(partition, List.of(3, 1, 2));
        // When
        String output = tool(
                "LeaderElectionCommand",
                "--election-type",
                "preferred",
                "--topic",
                partition.topic(),
                "--partition",
                "0");
        // Then
        assertTrue(output.contains("Successfully completed leader election (PREFERRED)"), output);
        BrokerUnderTest.await(
                "broker 3 leads", () -> describe(partition).leader().id() == 3);
    }

    @Test
    void aMoveIsCalledOffAndWhatWasCopiedGoes() throws Exception {
        // Given a move that does not come to its end
        TopicPartition partition = create(List.of(1));
        produce(partition, 100);
        limit(partition, "0");
        reassign(partition, List.of(2));
        assertTrue(isUnderWay(partition));
        // When
        admin.alterPartitionReassignments(Map.of(partition, Optional.empty()))
                .all()
                .get();
        // Then
        assertFalse(isUnderWay(partition));
        BrokerUnderTest.await(
                "it is where it was", () -> ids(describe(partition).replicas()).equals(List.of(1)));
        BrokerUnderTest.await("the files of broker 2 are gone", () -> !cluster.holds(2, partition));
        assertEquals(100, read(partition, 100).size());
        limit(partition, null);
    }

    private void limit(TopicPartition partition, @Nullable String rate) throws Exception {
        AlterConfigOp.OpType type = rate == null ? AlterConfigOp.OpType.DELETE : AlterConfigOp.OpType.SET;
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, partition.topic()),
                        List.of(new AlterConfigOp(new ConfigEntry("leader.replication.throttled.replicas", "*"), type)),
                        new ConfigResource(ConfigResource.Type.BROKER, "1"),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("leader.replication.throttled.rate", rate == null ? "" : rate), type))))
                .all()
                .get();
    }

    private Map<TopicPartitionReplica, ReplicaLogDirInfo> directories(TopicPartition partition) {
        try {
            return admin.describeReplicaLogDirs(IntStream.rangeClosed(1, 3)
                            .mapToObj(id -> new TopicPartitionReplica(partition.topic(), partition.partition(), id))
                            .toList())
                    .all()
                    .get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String otherDirectory(int broker, String directory) {
        return cluster.data(broker).stream()
                .map(Path::toString)
                .filter(path -> !path.equals(directory))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void replicasMoveToOtherDirectoriesWhileTheLeaderChanges() throws Exception {
        // Given
        TopicPartition partition = create(List.of(1, 2, 3));
        produce(partition, 1000);
        Map<TopicPartitionReplica, String> wanted = new HashMap<>();
        directories(partition)
                .forEach((replica, info) -> wanted.put(
                        replica, otherDirectory(replica.brokerId(), String.valueOf(info.getCurrentReplicaLogDir()))));
        // When
        admin.alterReplicaLogDirs(wanted).all().get();
        for (List<Integer> order : List.of(List.of(2, 3, 1), List.of(3, 1, 2), List.of(1, 2, 3))) {
            reassign(partition, order);
            admin.electLeaders(ElectionType.PREFERRED, Set.of(partition)).all().get();
            produce(partition, 10);
        }
        // Then
        wanted.forEach((replica, directory) -> BrokerUnderTest.await(replica + " is in " + directory, () -> {
            ReplicaLogDirInfo info = directories(partition).get(replica);
            return directory.equals(info.getCurrentReplicaLogDir()) && info.getFutureReplicaLogDir() == null;
        }));
        produce(partition, 10);
        assertEquals(1040, read(partition, 1040).size());
        BrokerUnderTest.await("all are in sync", () -> describe(partition).isr().size() == 3);
    }

    private String milena(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-b", cluster.addresses()));
        return ExternalProgram.run(Distribution.command(all.toArray(String[]::new)))
                .expectSuccess()
                .output();
    }

    @Test
    void theCommandLineMovesPartitionsAndEmptiesABroker() throws Exception {
        assumeFalse(ThreeBrokers.areKafkas(), "asks any broker for the settings of each, which Kafka's do not answer");
        // Given
        TopicPartition partition = create(List.of(1));
        produce(partition, 1000);
        // When
        String moved = milena("partitions", "reassign", partition.topic() + ":0=2", "--throttle", "10000000");
        // Then
        assertTrue(moved.endsWith("Moved 1 partition(s)\n"), moved);
        assertEquals(
                partition + "  leader 2  replicas [2]  in sync [2]\n", milena("partitions", "list", partition.topic()));
        assertEquals(List.of(), throttles());
        // And
        String planned = milena("cluster", "rebalance", "--plan", "--leaving", "2");
        assertTrue(planned.contains(partition + "  [2] -> ["), planned);
        assertEquals(List.of(2), ids(describe(partition).replicas()));
        String emptied = milena("cluster", "rebalance", "--execute", "--leaving", "2");
        assertTrue(emptied.matches("(?s).*Moved \\d+ partition\\(s\\)\n"), emptied);
        // What has a replica on each of the three brokers has nowhere else to go, and nothing else is left there.
        for (TopicDescription topic : admin.describeTopics(
                        admin.listTopics().names().get())
                .allTopicNames()
                .get()
                .values()) {
            for (TopicPartitionInfo each : topic.partitions()) {
                assertTrue(each.replicas().size() == 3 || !ids(each.replicas()).contains(2), topic.name() + " " + each);
            }
        }
        assertFalse(ids(describe(partition).replicas()).contains(2));
        assertEquals(1000, read(partition, 1000).size());
    }

    @Test
    void preferredLeadersAreElected() throws Exception {
        // Given
        TopicPartition partition = create(List.of(1, 2, 3));
        reassign(partition, List.of(2, 1, 3));
        BrokerUnderTest.await(
                "the order is told of",
                () -> ids(describe(partition).replicas()).equals(List.of(2, 1, 3)));
        assertEquals(1, describe(partition).leader().id());
        // When
        admin.electLeaders(ElectionType.PREFERRED, Set.of(partition)).all().get();
        // Then
        BrokerUnderTest.await(
                "broker 2 leads", () -> describe(partition).leader().id() == 2);
    }
}
