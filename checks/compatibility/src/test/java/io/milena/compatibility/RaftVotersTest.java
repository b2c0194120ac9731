package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.RaftVoterEndpoint;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** An unmodified client adds a voter to three and removes it; {@code -Dmilena.oracle.cluster=kafka} asks three nodes of Apache Kafka the same. */
@EnabledIfSystemProperty(named = "milena.oracle", matches = "^$", disabledReason = "needs three brokers of its own")
@Timeout(400)
class RaftVotersTest {
    private static final int UNDECIDED_MS = 5_000;

    @TempDir
    Path folder = Path.of("");

    private static QuorumInfo quorum(Admin admin) {
        try {
            return admin.describeMetadataQuorum().quorumInfo().get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Integer> ids(List<QuorumInfo.ReplicaState> replicas) {
        return replicas.stream()
                .map(QuorumInfo.ReplicaState::replicaId)
                .sorted()
                .toList();
    }

    private static int brokers(Admin admin) {
        try {
            return admin.describeCluster().nodes().get().size();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Uuid directory(Admin admin, int observer) {
        return quorum(admin).observers().stream()
                .filter(each -> each.replicaId() == observer)
                .map(QuorumInfo.ReplicaState::replicaDirectoryId)
                .findFirst()
                .orElseThrow();
    }

    /** Apache Kafka refuses one that has not caught up by then with REQUEST_TIMED_OUT, and is asked again. */
    private static boolean isAdded(Admin admin, int id, Uuid directory, RaftVoterEndpoint endpoint) {
        try {
            admin.addRaftVoter(id, directory, Set.of(endpoint)).all().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException) {
                return false;
            }
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void create(Admin admin, String topic) throws ExecutionException, InterruptedException {
        admin.createTopics(
                        List.of(new NewTopic(topic, 1, (short) 1)), new CreateTopicsOptions().timeoutMs(UNDECIDED_MS))
                .all()
                .get();
    }

    private static boolean isCreated(Admin admin, String topic) {
        try {
            create(admin, topic);
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return true;
            }
            if (e.getCause() instanceof TimeoutException) {
                return false;
            }
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aControllerThatFollowsBecomesAVoterAndIsRemovedWhenItWasKilled() throws Exception {
        try (BrokerProcesses cluster = BrokerProcesses.start(folder);
                Admin admin = Admin.create(cluster.settings())) {
            assertEquals(List.of(1, 2, 3), ids(quorum(admin).voters()));
            // Given a fourth, which has no vote
            RaftVoterEndpoint endpoint = cluster.join();
            BrokerUnderTest.await(
                    "it follows", () -> ids(quorum(admin).observers()).equals(List.of(4)));
            Uuid directory = directory(admin, 4);
            // When it is added
            BrokerUnderTest.await("it is added", () -> isAdded(admin, 4, directory, endpoint));
            // Then it counts: of four voters three are needed
            BrokerUnderTest.await(
                    "four voters", () -> ids(quorum(admin).voters()).equals(List.of(1, 2, 3, 4)));
            assertEquals(List.of(), ids(quorum(admin).observers()));
            var again = assertThrows(
                    ExecutionException.class,
                    () -> admin.addRaftVoter(4, directory, Set.of(endpoint))
                            .all()
                            .get());
            assertEquals(Errors.DUPLICATE_VOTER, Errors.forException(again.getCause()));
            cluster.kill(3);
            cluster.kill(4);
            var undecided = assertThrows(ExecutionException.class, () -> create(admin, "undecided"));
            assertInstanceOf(TimeoutException.class, undecided.getCause());
            cluster.start(4);
            BrokerUnderTest.await("three of four decide", () -> isCreated(admin, "decided"));
            // And when it was killed and another is back, it is removed, and two of three are enough
            BrokerUnderTest.await("broker 3 is missed", () -> brokers(admin) == 3);
            cluster.start(3);
            BrokerUnderTest.await("broker 3 is back", () -> brokers(admin) == 4);
            cluster.kill(4);
            admin.removeRaftVoter(4, directory).all().get();
            BrokerUnderTest.await(
                    "three voters", () -> ids(quorum(admin).voters()).equals(List.of(1, 2, 3)));
            cluster.kill(3);
            BrokerUnderTest.await("two of three decide", () -> isCreated(admin, "decided-again"));
        }
    }
}
