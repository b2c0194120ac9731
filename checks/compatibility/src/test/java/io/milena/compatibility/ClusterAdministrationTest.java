package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.AddRaftVoterOptions;
import org.apache.kafka.clients.admin.AddRaftVoterResult;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterPartitionReassignmentsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.RaftVoterEndpoint;
import org.apache.kafka.clients.admin.RemoveRaftVoterOptions;
import org.apache.kafka.clients.admin.RemoveRaftVoterResult;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator asks of a cluster of three, and is told, by the names of the errors; {@code -Dmilena.oracle.cluster=kafka} asks three nodes of Apache Kafka the same. */
@EnabledIfSystemProperty(named = "milena.oracle", matches = "^$", disabledReason = "needs three brokers of its own")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
class ClusterAdministrationTest {
    private static final int NOBODY = 9;
    private static final String ELR = "eligible.leader.replicas.version";

    @TempDir
    static Path folder = Path.of("");

    private ThreeBrokers cluster;
    private Admin admin;

    @BeforeAll
    void start() throws Exception {
        cluster = ThreeBrokers.start(folder);
        admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()));
    }

    @AfterAll
    void stop() {
        admin.close();
        cluster.close();
    }

    private TopicPartition create(List<Integer> brokers) throws Exception {
        TopicPartition partition = new TopicPartition(BrokerUnderTest.freshName("administered"), 0);
        admin.createTopics(List.of(new NewTopic(partition.topic(), Map.of(0, brokers))))
                .all()
                .get();
        return partition;
    }

    /** What a request came to. */
    private static String outcome(KafkaFuture<?> answer) throws InterruptedException {
        try {
            answer.get();
            return "NONE";
        } catch (ExecutionException e) {
            return outcome(e.getCause());
        }
    }

    private static String outcome(Throwable error) {
        return Errors.forException(error).name();
    }

    private TopicPartitionInfo describe(TopicPartition partition) {
        return TopicView.partition(admin, partition);
    }

    private static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).sorted().toList();
    }

    private String reassign(TopicPartition partition, Integer... brokers) throws InterruptedException {
        return outcome(admin.alterPartitionReassignments(
                        Map.of(partition, Optional.of(new NewPartitionReassignment(List.of(brokers)))))
                .all());
    }

    private String callOff(TopicPartition partition) throws InterruptedException {
        return outcome(admin.alterPartitionReassignments(Map.of(partition, Optional.empty()))
                .all());
    }

    @Test
    void aPartitionGoesToBrokersThatAreThereOnly() throws Exception {
        TopicPartition partition = create(List.of(1, 2));
        TopicPartition unknown = new TopicPartition(partition.topic(), 7);
        TopicPartition nowhere = new TopicPartition("no-such-topic", 0);
        assertEquals("UNKNOWN_TOPIC_OR_PARTITION", reassign(nowhere, 1));
        assertEquals("UNKNOWN_TOPIC_OR_PARTITION", reassign(unknown, 1));
        assertEquals("UNKNOWN_TOPIC_OR_PARTITION", callOff(unknown));
        assertEquals("INVALID_REPLICA_ASSIGNMENT", reassign(partition, 1, NOBODY));
        assertEquals("INVALID_REPLICA_ASSIGNMENT", reassign(partition, 1, -1));
        assertEquals("INVALID_REPLICA_ASSIGNMENT", reassign(partition, 1, 1));
        assertEquals("NO_REASSIGNMENT_IN_PROGRESS", callOff(partition));
        assertEquals(
                "INVALID_REPLICATION_FACTOR",
                outcome(admin.alterPartitionReassignments(
                                Map.of(partition, Optional.of(new NewPartitionReassignment(List.of(1, 2, 3)))),
                                new AlterPartitionReassignmentsOptions().allowReplicationFactorChange(false))
                        .all()));
        assertEquals("NONE", reassign(partition, 1, 2));
        assertEquals(
                Map.of(), admin.listPartitionReassignments().reassignments().get());
        assertEquals(List.of(1, 2), ids(describe(partition).replicas()));
    }

    private String elect(ElectionType type, TopicPartition partition) throws Exception {
        return admin.electLeaders(type, Set.of(partition))
                .partitions()
                .get()
                .get(partition)
                .map(ClusterAdministrationTest::outcome)
                .orElse("NONE");
    }

    @Test
    void whoIsElectedMustBeThereAndNeeded() throws Exception {
        TopicPartition partition = create(List.of(3, 1, 2));
        TopicPartition alone = create(List.of(3));
        BrokerUnderTest.await("in sync", () -> describe(partition).isr().size() == 3);
        TopicPartition unknown = new TopicPartition(partition.topic(), 7);
        for (ElectionType type : ElectionType.values()) {
            assertEquals("ELECTION_NOT_NEEDED", elect(type, partition));
            assertEquals("UNKNOWN_TOPIC_OR_PARTITION", elect(type, unknown));
            assertEquals("UNKNOWN_TOPIC_OR_PARTITION", elect(type, new TopicPartition("no-such-topic", 0)));
        }
        cluster.kill(3);
        BrokerUnderTest.await(
                "broker 3 leads nothing",
                () -> describe(partition).leader().id() == 1 && describe(alone).leader() == null);
        assertEquals("PREFERRED_LEADER_NOT_AVAILABLE", elect(ElectionType.PREFERRED, partition));
        assertEquals("PREFERRED_LEADER_NOT_AVAILABLE", elect(ElectionType.PREFERRED, alone));
        assertEquals("ELECTION_NOT_NEEDED", elect(ElectionType.UNCLEAN, partition));
        assertEquals("ELIGIBLE_LEADERS_NOT_AVAILABLE", elect(ElectionType.UNCLEAN, alone));
        cluster.start(3);
        BrokerUnderTest.await(
                "broker 3 is back",
                () -> describe(partition).isr().size() == 3 && describe(alone).leader() != null);
        String elected = elect(ElectionType.PREFERRED, partition);
        assertEquals("NONE", elected);
        assertEquals(3, describe(partition).leader().id());
    }

    private void limit(String rate, OpType type, TopicPartition partition) throws Exception {
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, partition.topic()),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("follower.replication.throttled.replicas", "*"), type)),
                        new ConfigResource(ConfigResource.Type.BROKER, "2"),
                        List.of(new AlterConfigOp(new ConfigEntry("follower.replication.throttled.rate", rate), type))))
                .all()
                .get();
    }

    @Test
    void whoIsNotInSyncLeadsWhenSomebodySaysSo() throws Exception {
        // Given a replica that has missed records and may not catch up
        TopicPartition partition = create(List.of(1, 2));
        BrokerUnderTest.await("in sync", () -> describe(partition).isr().size() == 2);
        limit("1", OpType.SET, partition);
        cluster.kill(2);
        BrokerUnderTest.await(
                "broker 1 is alone", () -> ids(describe(partition).isr()).equals(List.of(1)));
        BrokerUnderTest.produce(
                IntStream.range(0, 100)
                        .mapToObj(i -> new ProducerRecord<String, String>(partition.topic(), "k", "v".repeat(1_000)))
                        .toList(),
                Map.of("bootstrap.servers", cluster.bootstrapServers()));
        cluster.start(2);
        BrokerUnderTest.await("broker 2 is back", () -> nodes(false).size() == 3);
        cluster.kill(1);
        BrokerUnderTest.await("nobody leads", () -> describe(partition).leader() == null);
        // When
        assertEquals("PREFERRED_LEADER_NOT_AVAILABLE", elect(ElectionType.PREFERRED, partition));
        assertEquals("NONE", elect(ElectionType.UNCLEAN, partition));
        // Then
        BrokerUnderTest.await(
                "broker 2 leads",
                () -> describe(partition).leader() != null
                        && describe(partition).leader().id() == 2);
        limit("", OpType.DELETE, partition);
        cluster.start(1);
        BrokerUnderTest.await("in sync", () -> describe(partition).isr().size() == 2);
    }

    private List<String> nodes(boolean withFenced) {
        try {
            return admin
                    .describeCluster(new DescribeClusterOptions().includeFencedBrokers(withFenced))
                    .nodes()
                    .get()
                    .stream()
                    .map(node -> node.id() + (node.isFenced() ? " fenced" : ""))
                    .sorted()
                    .toList();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String unregister(int broker) throws Exception {
        return outcome(admin.unregisterBroker(broker).all());
    }

    @Test
    void aBrokerThatIsGoneIsFencedUntilItIsUnregistered() throws Exception {
        assertEquals("BROKER_ID_NOT_REGISTERED", unregister(NOBODY));
        BrokerUnderTest.await("all are there", () -> nodes(true).equals(List.of("1", "2", "3")));
        cluster.kill(3);
        BrokerUnderTest.await("broker 3 is fenced", () -> nodes(true).equals(List.of("1", "2", "3 fenced")));
        assertEquals(List.of("1", "2"), nodes(false));
        assertEquals("NONE", unregister(3));
        BrokerUnderTest.await("broker 3 is not known", () -> nodes(true).equals(List.of("1", "2")));
        assertEquals("BROKER_ID_NOT_REGISTERED", unregister(3));
        // When it starts it registers again
        cluster.start(3);
        BrokerUnderTest.await("broker 3 is back", () -> nodes(true).equals(List.of("1", "2", "3")));
    }

    /** What it led is led by others. Ours registers again by itself; Apache Kafka's is out of the cluster until it is started again. */
    @Test
    void aBrokerThatRunsComesBackWhenItWasUnregistered() throws Exception {
        BrokerUnderTest.await("all are there", () -> nodes(true).equals(List.of("1", "2", "3")));
        TopicPartition partition = create(List.of(3, 1));
        BrokerUnderTest.await("in sync", () -> describe(partition).isr().size() == 2);
        assertEquals("NONE", unregister(3));
        BrokerUnderTest.await(
                "broker 1 leads",
                () -> describe(partition).leader() != null
                        && describe(partition).leader().id() == 1);
        if (ThreeBrokers.areKafkas()) {
            cluster.kill(3);
            cluster.start(3);
        }
        BrokerUnderTest.await("broker 3 is back", () -> nodes(true).equals(List.of("1", "2", "3")));
        BrokerUnderTest.await("in sync", () -> describe(partition).isr().size() == 2);
    }

    private String update(String feature, int level, UpgradeType type, boolean isDry) throws Exception {
        return outcome(admin.updateFeatures(
                        Map.of(feature, new FeatureUpdate((short) level, type)),
                        new UpdateFeaturesOptions().validateOnly(isDry))
                .all());
    }

    private int finalized(String feature) {
        try {
            FinalizedVersionRange range = admin.describeFeatures()
                    .featureMetadata()
                    .get()
                    .finalizedFeatures()
                    .get(feature);
            return range == null ? 0 : range.maxVersionLevel();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFeatureHasALevelThatAllKnow() throws Exception {
        assertEquals(1, finalized("group.version"));
        assertEquals("INVALID_UPDATE_VERSION", update("no.such.feature", 1, UpgradeType.UPGRADE, false));
        assertEquals("INVALID_UPDATE_VERSION", update("group.version", 99, UpgradeType.UPGRADE, false));
        assertEquals("INVALID_UPDATE_VERSION", update("metadata.version", 26, UpgradeType.UPGRADE, false));
        assertEquals("INVALID_UPDATE_VERSION", update("metadata.version", 99, UpgradeType.UPGRADE, false));
        assertEquals("INVALID_UPDATE_VERSION", update("metadata.version", 0, UpgradeType.SAFE_DOWNGRADE, false));
        assertEquals("INVALID_UPDATE_VERSION", update("metadata.version", 6, UpgradeType.UNSAFE_DOWNGRADE, false));
        assertEquals("INVALID_UPDATE_VERSION", update("metadata.version", 7, UpgradeType.SAFE_DOWNGRADE, true));
        assertEquals("INVALID_UPDATE_VERSION", update("metadata.version", 7, UpgradeType.UNSAFE_DOWNGRADE, true));
        assertEquals("NONE", update("transaction.version", 1, UpgradeType.SAFE_DOWNGRADE, true));
        BrokerUnderTest.await("it is finalized", () -> finalized(ELR) == 1);
        assertEquals("NONE", update(ELR, 1, UpgradeType.UPGRADE, false));
        assertEquals("NONE", update(ELR, 0, UpgradeType.SAFE_DOWNGRADE, true));
        assertEquals(1, finalized(ELR));
        assertEquals("NONE", update(ELR, 0, UpgradeType.SAFE_DOWNGRADE, false));
        BrokerUnderTest.await("off", () -> finalized(ELR) == 0);
        assertEquals("INVALID_UPDATE_VERSION", update(ELR, 1, UpgradeType.SAFE_DOWNGRADE, false));
        assertEquals("NONE", update(ELR, 1, UpgradeType.UPGRADE, false));
        BrokerUnderTest.await("on again", () -> finalized(ELR) == 1);
    }

    @Test
    void theQuorumIsDescribedAndItsVotersAreNotTakenForOthers() throws Exception {
        QuorumInfo quorum = admin.describeMetadataQuorum().quorumInfo().get();
        List<Integer> voters = quorum.voters().stream()
                .map(QuorumInfo.ReplicaState::replicaId)
                .sorted()
                .toList();
        assertEquals(List.of(1, 2, 3), voters);
        assertEquals(Set.of(1, 2, 3), quorum.nodes().keySet());
        assertEquals(List.of(), quorum.observers());
        Set<RaftVoterEndpoint> endpoints = Set.of(new RaftVoterEndpoint("CONTROLLER", "localhost", 1));
        Uuid unknown = Uuid.randomUuid();
        var foreign = new AddRaftVoterOptions().setClusterId(Optional.of("another"));
        assertEquals("DUPLICATE_VOTER", outcome(admin.addRaftVoter(1, unknown, endpoints)));
        assertEquals("INVALID_REQUEST", outcome(admin.addRaftVoter(NOBODY, unknown, Set.of())));
        assertEquals("INCONSISTENT_CLUSTER_ID", outcome(admin.addRaftVoter(NOBODY, unknown, endpoints, foreign)));
        assertEquals("REQUEST_TIMED_OUT", outcome(admin.addRaftVoter(NOBODY, unknown, endpoints)));
        var removal = new RemoveRaftVoterOptions().setClusterId(Optional.of("another"));
        assertEquals("VOTER_NOT_FOUND", outcome(admin.removeRaftVoter(NOBODY, unknown)));
        assertEquals("VOTER_NOT_FOUND", outcome(admin.removeRaftVoter(1, unknown)));
        assertEquals("INCONSISTENT_CLUSTER_ID", outcome(admin.removeRaftVoter(1, unknown, removal)));
    }

    private static String outcome(AddRaftVoterResult result) throws InterruptedException {
        return outcome(result.all());
    }

    private static String outcome(RemoveRaftVoterResult result) throws InterruptedException {
        return outcome(result.all());
    }
}
