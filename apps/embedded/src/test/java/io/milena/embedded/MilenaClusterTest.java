package io.milena.embedded;

import static io.milena.embedded.Orders.admin;
import static io.milena.embedded.Orders.await;
import static io.milena.embedded.Orders.describe;
import static io.milena.embedded.Orders.numbers;
import static io.milena.embedded.Orders.producer;
import static io.milena.embedded.Orders.read;
import static io.milena.embedded.Orders.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.broker.peers.Peer;
import io.milena.broker.peers.Peers;
import io.milena.network.SocketNetwork;
import io.milena.protocol.message.MetadataRequest;
import io.milena.protocol.message.MetadataResponse;
import io.milena.runtime.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers in one process, with unmodified clients. */
@Timeout(60)
class MilenaClusterTest {
    @Test
    void aKilledLeaderIsFollowedByAnotherAndComesBackInSync() throws Exception {
        try (MilenaCluster cluster = Milena.cluster(3);
                Admin admin = admin(cluster);
                KafkaProducer<String, String> producer = producer(cluster)) {
            createTopic(admin);
            send(producer, 0, 100);
            int leader = describe(admin).leader().id();

            cluster.kill(leader);

            send(producer, 100, 200);
            TopicPartitionInfo after = await(admin, info -> info.isr().size() == 2);
            assertNotEquals(leader, after.leader().id());
            cluster.start(leader);
            await(admin, info -> info.isr().size() == 3);
            assertEquals(numbers(200), read(cluster, 200));
        }
    }

    @Test
    void anotherBrokerIsTheActiveControllerWhenItsBrokerIsKilled() throws Exception {
        try (MilenaCluster cluster = Milena.cluster(3);
                Admin admin = admin(cluster)) {
            int controller = cluster.controller().orElseThrow();

            cluster.kill(controller);

            assertNotEquals(controller, cluster.controller().orElseThrow());
            admin.createTopics(List.of(new NewTopic("orders", 1, (short) 2)))
                    .all()
                    .get();
            assertEquals(2, describe(admin).replicas().size());
            int other = controller % 3 + 1;
            await(() -> !nodes(cluster, other).contains(controller), "the killed broker is not fenced");
        }
    }

    /** As a process that is killed: what was written is in the files, though nobody has forced it or marked the end. */
    @Test
    void recordsAndMetadataOutliveAllBrokers() throws Exception {
        try (MilenaCluster cluster = Milena.cluster(3);
                Admin admin = admin(cluster)) {
            createTopic(admin);
            try (KafkaProducer<String, String> producer = producer(cluster)) {
                send(producer, 0, 100);
            }
            String before = cluster.bootstrapServers();
            cluster.brokers().forEach(cluster::kill);
            assertEquals(-1, cluster.controller().orElse(-1));
            assertTrue(cluster.brokers().stream().noneMatch(cluster::isRunning));

            cluster.startAll();

            assertEquals(before, cluster.bootstrapServers());
            assertEquals(numbers(100), read(cluster, 100));
        }
    }

    @Test
    void aBrokerThatIsStoppedHandsOverFirst() throws Exception {
        try (MilenaCluster cluster = Milena.cluster(3);
                Admin admin = admin(cluster);
                KafkaProducer<String, String> producer = producer(cluster)) {
            createTopic(admin);
            send(producer, 0, 10);
            int leader = describe(admin).leader().id();
            cluster.stop(leader);
            send(producer, 10, 20);
            assertNotEquals(leader, describe(admin).leader().id());
            assertEquals(numbers(20), read(cluster, 20));
        }
    }

    @Test
    void aFollowerThatIsCutOffLeavesTheInSyncReplicasUntilItsLinksHeal() throws Exception {
        try (MilenaCluster cluster = Milena.cluster(3);
                Admin admin = admin(cluster);
                KafkaProducer<String, String> producer = producer(cluster)) {
            createTopic(admin);
            send(producer, 0, 10);
            TopicPartitionInfo before = await(admin, info -> info.isr().size() == 3);
            int controller = cluster.controller().orElseThrow();
            int follower = IntStream.rangeClosed(1, 3)
                    .filter(id -> id != before.leader().id() && id != controller)
                    .findFirst()
                    .orElseThrow();

            cluster.isolate(follower);

            send(producer, 10, 20);
            await(() -> inSync(cluster, controller) == 2, "the follower that is cut off stays in sync");
            assertTrue(cluster.isRunning(follower));
            cluster.heal();
            await(() -> inSync(cluster, controller) == 3, "the follower does not come back");
            assertEquals(numbers(20), read(cluster, 20));
        }
    }

    @Test
    void anActiveControllerThatIsCutOffIsReplaced() throws Exception {
        try (MilenaCluster cluster = Milena.cluster(3)) {
            int old = cluster.controller().orElseThrow();
            cluster.isolate(old);
            assertNotEquals(old, cluster.controller().orElseThrow());
            int other = old % 3 + 1;
            await(() -> !nodes(cluster, other).contains(old), "the broker that is cut off is not fenced");
            cluster.heal();
            await(() -> nodes(cluster, other).equals(Set.of(1, 2, 3)), "the broker does not come back");
        }
    }

    @Test
    void aBrokerThatWaitsForAnAnswerOfAControllerThatIsCutOffGoesToTheNext() throws Exception {
        try (MilenaCluster cluster = Milena.cluster(3)) {
            int old = cluster.controller().orElseThrow();
            int waiting = old % 3 + 1;
            int other = waiting % 3 + 1;
            cluster.cut(old, waiting);
            await(() -> nodes(cluster, other).equals(Set.of(old, other)), "the broker that is not heard is not fenced");

            cluster.cut(old, other);

            await(
                    () -> nodes(cluster, other).equals(Set.of(waiting, other)),
                    "a broker that is connected waits for the former controller");
        }
    }

    private static int activeController(Admin admin) {
        try {
            return admin.describeMetadataQuorum().quorumInfo().get().leaderId();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Nobody would answer before {@code replica.socket.timeout.ms} is over. */
    @Test
    void whoAsksForTheQuorumIsAnsweredByTheNextControllerWhenOneIsCutOff() throws Exception {
        try (MilenaCluster cluster =
                Milena.configure().set("replica.socket.timeout.ms", "3600000").cluster(3)) {
            int old = cluster.controller().orElseThrow();
            int asked = old % 3 + 1;
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.address(asked)))) {
                assertEquals(old, activeController(admin));
                cluster.cut(old, asked);
                var answer = admin.describeMetadataQuorum().quorumInfo();
                cluster.cut(old, asked % 3 + 1);
                answer.get(); // of whoever led when the client, which knows all brokers, was heard
                await(() -> activeController(admin) != old, "the former controller is named on");
            }
        }
    }

    @Test
    void oneBrokerIsAClusterToo() throws Exception {
        try (MilenaCluster cluster = Milena.cluster(1);
                Admin admin = admin(cluster);
                KafkaProducer<String, String> producer = producer(cluster)) {
            createTopic(admin);
            send(producer, 0, 1);
            assertEquals(numbers(1), read(cluster, 1));
        }
    }

    @Test
    void whatCannotBeIsRefused(@TempDir Path folder) {
        assertThrows(IllegalArgumentException.class, () -> Milena.cluster(0));
        assertThrows(
                IllegalArgumentException.class,
                () -> Milena.configure().data(folder).cluster(3));
        assertThrows(
                IllegalArgumentException.class,
                () -> Milena.configure().set("no.such.setting", "1").cluster(3));
        try (MilenaCluster cluster = Milena.cluster(1)) {
            assertThrows(IllegalArgumentException.class, () -> cluster.kill(2));
            assertThrows(IllegalArgumentException.class, () -> cluster.cut(1, 1));
        }
    }

    /** With as many replicas as there are brokers, which is the default. */
    private static void createTopic(Admin admin) throws Exception {
        admin.createTopics(List.of(new NewTopic("orders", Optional.of(1), Optional.empty())))
                .all()
                .get();
    }

    /** The brokers that one of them counts as alive: clients ask any, and one that is cut off would tell of what it heard last. */
    private static Set<Integer> nodes(MilenaCluster cluster, int asked) {
        return metadata(cluster, asked).brokers().stream()
                .map(MetadataResponse.MetadataResponseBroker::nodeId)
                .collect(Collectors.toSet());
    }

    private static int inSync(MilenaCluster cluster, int asked) {
        return metadata(cluster, asked)
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .isrNodes()
                .size();
    }

    private static MetadataResponse metadata(MilenaCluster cluster, int asked) {
        String[] address = cluster.address(asked).split(":");
        InetSocketAddress socket = new InetSocketAddress(address[0], Integer.parseInt(address[1]));
        Peers peers = new Peers(new SocketNetwork(), Clock.system(), id -> socket, "test");
        try (Peer peer = peers.connect(asked)) {
            return peer.ask(MetadataRequest.builder().topics(null).build(), 12, MetadataResponse.class);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
