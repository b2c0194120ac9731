package io.milena.broker;

import static io.milena.broker.RunningNodes.ids;
import static io.milena.broker.RunningNodes.partition;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.AddRaftVoterRequest;
import io.milena.protocol.message.AddRaftVoterResponse;
import io.milena.protocol.message.CreateTopicsRequest;
import io.milena.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.milena.protocol.message.CreateTopicsResponse;
import io.milena.protocol.message.DescribeClusterRequest;
import io.milena.protocol.message.DescribeClusterResponse;
import io.milena.protocol.message.DescribeClusterResponse.DescribeClusterBroker;
import io.milena.protocol.message.DescribeQuorumRequest;
import io.milena.protocol.message.DescribeQuorumResponse;
import io.milena.protocol.message.RemoveRaftVoterRequest;
import io.milena.protocol.message.RemoveRaftVoterResponse;
import io.milena.testkit.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are controllers, brokers, or both, and what clients learn of the quorum. */
class ProcessRolesTest {
    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;

    @TempDir
    private Path folder;

    private RunningNodes nodes;

    @BeforeEach
    void prepare() {
        nodes = new RunningNodes(folder);
    }

    @AfterEach
    void close() throws IOException {
        nodes.close();
    }

    private DescribeClusterResponse cluster(int asked, byte endpoints) throws IOException {
        DescribeClusterRequest request = DescribeClusterRequest.builder()
                .endpointType(endpoints)
                .includeFencedBrokers(true)
                .build();
        return nodes.ask(asked, request, 2, DescribeClusterResponse.class);
    }

    private static List<Integer> brokerIds(DescribeClusterResponse response) {
        return response.brokers().stream().map(DescribeClusterBroker::brokerId).toList();
    }

    @Test
    void aControllerAndTwoBrokersAreACluster() throws Exception {
        // Given a controller that is no broker, and two brokers that follow it
        nodes.start("1@localhost:" + FreePorts.take(), Map.of(1, "controller", 2, "broker", 3, "broker"));

        // Then any of them says so; a broker serves as soon as it hears of the metadata, and is a member a little later
        RunningNodes.await(
                "both brokers follow",
                () -> ids(partition(nodes.describeQuorum(1)).observers()).equals(List.of(2, 3)));
        DescribeQuorumResponse quorum = nodes.describeQuorum(2);
        assertEquals(1, partition(quorum).leaderId());
        assertEquals(List.of(1), ids(partition(quorum).currentVoters()));
        assertEquals(
                List.of("CONTROLLER", "QUORUM"),
                quorum.nodes().getFirst().listeners().stream()
                        .map(DescribeQuorumResponse.Listener::name)
                        .toList());
        assertEquals(
                nodes.node(1).port(),
                quorum.nodes().getFirst().listeners().getFirst().port());

        // And only brokers are brokers
        assertEquals(List.of(2, 3), brokerIds(cluster(3, BROKERS)));
        assertEquals(-1, cluster(3, BROKERS).controllerId());
        assertEquals(List.of(1), brokerIds(cluster(1, CONTROLLERS)));
        assertEquals(1, cluster(1, CONTROLLERS).controllerId());
        assertEquals(
                ErrorCode.MISMATCHED_ENDPOINT_TYPE.code(),
                cluster(2, CONTROLLERS).errorCode());

        // And a broker passes on what the controller decides
        CreateTopicsRequest create = new CreateTopicsRequest(
                List.of(CreatableTopic.builder()
                        .name("orders")
                        .numPartitions(1)
                        .replicationFactor((short) 2)
                        .build()),
                10_000,
                false);
        assertEquals(
                0,
                nodes.ask(3, create, 7, CreateTopicsResponse.class)
                        .topics()
                        .getFirst()
                        .errorCode());

        // And a broker that stops is known, and not alive
        nodes.stop(3);
        RunningNodes.await(
                "broker 3 is fenced",
                () -> cluster(2, BROKERS).brokers().stream()
                        .anyMatch(broker -> broker.brokerId() == 3 && broker.isFenced()));
    }

    @Test
    void controllersThatFollowBecomeVotersWhenTheirNumberIsOddThen() throws Exception {
        String first = "1@localhost:" + FreePorts.take();
        nodes.start(first, Map.of(1, "broker,controller"));
        nodes.start(first, Map.of(2, "broker,controller"));
        RunningNodes.await(
                "node 2 follows",
                () -> ids(partition(nodes.describeQuorum(1)).observers()).equals(List.of(2)));
        assertEquals(List.of(1), ids(partition(nodes.describeQuorum(2)).currentVoters()));

        nodes.start(first, Map.of(3, "controller"));

        RunningNodes.await(
                "three voters",
                () -> ids(partition(nodes.describeQuorum(2)).currentVoters()).equals(List.of(1, 2, 3)));
        assertEquals(List.of(), partition(nodes.describeQuorum(2)).observers());
        assertEquals(List.of(1, 2, 3), brokerIds(cluster(2, CONTROLLERS)));
        // Who runs stays one, and would hear of nothing any more
        assertEquals(ErrorCode.INVALID_REQUEST.code(), remove(2, CLUSTER, 3).errorCode());
        assertEquals(List.of(1, 2, 3), ids(partition(nodes.describeQuorum(2)).currentVoters()));
        // Two of them are a majority now.
        nodes.stop(1);
        RunningNodes.await(
                "another leads", () -> partition(nodes.describeQuorum(2)).leaderId() != 1);
        RemoveRaftVoterResponse removed = remove(2, CLUSTER, 1);
        assertEquals(0, removed.errorCode(), removed::errorMessage);
        assertEquals(List.of(2, 3), ids(partition(nodes.describeQuorum(2)).currentVoters()));
    }

    @Test
    void fiveControllersDecideWithoutTwoOfThem() throws Exception {
        // Given
        List<String> voters = new ArrayList<>();
        for (int id = 1; id <= 5; id++) {
            voters.add(id + "@localhost:" + FreePorts.take());
        }
        String both = "broker,controller";
        nodes.start(
                String.join(",", voters), Map.of(1, both, 2, both, 3, "controller", 4, "controller", 5, "controller"));
        DescribeQuorumResponse.PartitionData quorum = partition(nodes.describeQuorum(1));
        assertEquals(List.of(1, 2, 3, 4, 5), ids(quorum.currentVoters()));
        // When the one that leads is gone, and another
        int leader = quorum.leaderId();
        int another = leader == 3 ? 4 : 3;
        nodes.stop(leader);
        nodes.stop(another);
        // Then
        int asked = leader == 1 ? 2 : 1;
        RunningNodes.await(
                "another leads",
                () -> !List.of(leader, another, -1)
                        .contains(partition(nodes.describeQuorum(asked)).leaderId()));
        CreateTopicsRequest create = new CreateTopicsRequest(
                List.of(CreatableTopic.builder()
                        .name("orders")
                        .numPartitions(1)
                        .replicationFactor((short) 1)
                        .build()),
                10_000,
                false);
        RunningNodes.await(
                "a topic",
                () -> nodes.ask(asked, create, 7, CreateTopicsResponse.class)
                                .topics()
                                .getFirst()
                                .errorCode()
                        == 0);
    }

    private static final String CLUSTER = RunningNodes.CLUSTER;

    private RemoveRaftVoterResponse remove(int asked, String cluster, int voter) throws IOException {
        return nodes.ask(
                asked, new RemoveRaftVoterRequest(cluster, voter, Uuids.ZERO), 0, RemoveRaftVoterResponse.class);
    }

    @Test
    void changesThatMakeNoSenseAreRefused() throws Exception {
        nodes.start("1@localhost:" + FreePorts.take(), Map.of(1, "broker,controller"));
        assertEquals(
                ErrorCode.INCONSISTENT_CLUSTER_ID.code(),
                remove(1, "another", 1).errorCode());
        assertEquals(ErrorCode.VOTER_NOT_FOUND.code(), remove(1, CLUSTER, 7).errorCode());
        assertEquals(ErrorCode.INVALID_REQUEST.code(), remove(1, CLUSTER, 1).errorCode());
        assertEquals(ErrorCode.DUPLICATE_VOTER.code(), add(1, CLUSTER, 1).errorCode());
        assertEquals(
                ErrorCode.INCONSISTENT_CLUSTER_ID.code(), add(1, "another", 2).errorCode());
        assertEquals(ErrorCode.REQUEST_TIMED_OUT.code(), add(1, CLUSTER, 2).errorCode());
        DescribeQuorumResponse another = nodes.ask(
                1,
                new DescribeQuorumRequest(List.of(new DescribeQuorumRequest.TopicData(
                        "orders", List.of(new DescribeQuorumRequest.PartitionData(0))))),
                2,
                DescribeQuorumResponse.class);
        assertEquals(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code(), partition(another).errorCode());
    }

    private AddRaftVoterResponse add(int asked, String cluster, int voter) throws IOException {
        AddRaftVoterRequest request = AddRaftVoterRequest.builder()
                .clusterId(cluster)
                .voterId(voter)
                .timeoutMs(1_000)
                .listeners(List.of(new AddRaftVoterRequest.Listener("CONTROLLER", "localhost", FreePorts.take())))
                .build();
        return nodes.ask(asked, request, 1, AddRaftVoterResponse.class);
    }

    @Test
    void rolesThatDoNotFitAreRefused() {
        assertRefused("process.roles", Map.of("process.roles", "broker"));
        assertRefused("process.roles", Map.of("process.roles", "voter", "controller.quorum.voters", "1@localhost:1"));
        assertRefused("process.roles", Map.of("process.roles", "broker", "controller.quorum.voters", "1@localhost:1"));
        assertRefused("process.roles", Map.of("controller.quorum.voters", "2@localhost:1"));
        assertRefused("controller.quorum.voters", Map.of("controller.quorum.voters", "1@localhost"));
        assertRefused(
                "milena.quorum.listener",
                Map.of("controller.quorum.voters", "1@localhost:1", "milena.quorum.listener", "here"));
        assertFalse(BrokerSettings.of(Map.of()).quorum().isOfCluster());
    }

    private static void assertRefused(String setting, Map<String, String> settings) {
        IllegalArgumentException error =
                assertThrows(IllegalArgumentException.class, () -> BrokerSettings.of(settings));
        assertTrue(String.valueOf(error.getMessage()).contains(setting), error::getMessage);
    }
}
