package io.milena.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.milena.protocol.message.MetadataRequest;
import io.milena.protocol.message.MetadataResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three brokers that find each other missing when the test says so. */
@Timeout(60)
class ClusterInVirtualTimeTest {
    private static final Set<Integer> ALL = Set.of(1, 2, 3);

    @Test
    void aBrokerThatIsCutOffIsFencedWhenItsSessionIsOver() throws Exception {
        VirtualTime time = VirtualTime.held();
        try (MilenaCluster cluster = Milena.configure().time(time).cluster(3)) {
            int controller = cluster.controller().orElseThrow();
            int lost = controller % 3 + 1;
            int other = lost % 3 + 1;

            cluster.isolate(lost);
            time.advance(Duration.ofSeconds(2));
            assertEquals(ALL, seenBy(cluster, controller));
            time.advance(Duration.ofSeconds(2));

            assertEquals(Set.of(controller, other), seenBy(cluster, controller));
            assertEquals(Set.of(controller, other), seenBy(cluster, other));
            cluster.heal();
            time.advance(Duration.ofMinutes(1));
            assertEquals(ALL, seenBy(cluster, controller));
        }
    }

    @Test
    void whoIsWellStaysHoweverMuchTimePasses() throws Exception {
        VirtualTime time = VirtualTime.held();
        try (MilenaCluster cluster = Milena.configure().time(time).cluster(3)) {
            int controller = cluster.controller().orElseThrow();
            for (Duration duration : List.of(Duration.ofSeconds(20), Duration.ofMinutes(2), Duration.ofDays(10))) {
                time.advance(duration);
                assertEquals(ALL, seenBy(cluster, controller), "after " + duration);
            }
        }
    }

    @Test
    void aFollowerThatIsCutOffLeavesTheInSyncReplicasWhenItIsLateForTooLong() throws Exception {
        VirtualTime time = VirtualTime.held();
        try (MilenaCluster cluster = Milena.configure()
                        .time(time)
                        .set("broker.session.timeout.ms", "60000")
                        .cluster(3);
                Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()));
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", cluster.bootstrapServers(), "acks", "1"),
                        new StringSerializer(),
                        new StringSerializer())) {
            admin.createTopics(List.of(new NewTopic("orders", Optional.of(1), Optional.empty())))
                    .all()
                    .get();
            time.advance(Duration.ofSeconds(5));
            int leader = partition(cluster, 1).leaderId();
            assertEquals(3, partition(cluster, leader).isrNodes().size());
            int controller = cluster.controller().orElseThrow();
            int follower = ALL.stream()
                    .filter(id -> id != leader && id != controller)
                    .findFirst()
                    .orElseThrow();

            cluster.isolate(follower);
            producer.send(new ProducerRecord<>("orders", "late")).get();
            time.advance(Duration.ofSeconds(1));
            assertEquals(3, partition(cluster, leader).isrNodes().size());
            time.advance(Duration.ofSeconds(10));

            assertEquals(2, partition(cluster, leader).isrNodes().size());
            assertEquals(ALL, seenBy(cluster, controller));
        }
    }

    @Test
    void brokersComeAndGoWhileTimeIsHeld() throws Exception {
        VirtualTime time = VirtualTime.held();
        try (MilenaCluster cluster = Milena.configure().time(time).cluster(3)) {
            int controller = cluster.controller().orElseThrow();
            int killed = controller % 3 + 1;
            cluster.kill(killed);
            time.advance(Duration.ofSeconds(5));
            assertEquals(2, seenBy(cluster, controller).size());
            cluster.start(killed);
            assertEquals(ALL, seenBy(cluster, controller));
            int stopped = killed % 3 + 1;
            cluster.stop(stopped);
            assertEquals(2, seenBy(cluster, controller).size());
            cluster.start(stopped);
            assertEquals(ALL, seenBy(cluster, controller));
        }
    }

    @Test
    void aClusterThatCannotStartLeavesTheTimeAlone() {
        VirtualTime time = VirtualTime.held();
        assertThrows(
                IllegalArgumentException.class,
                () -> Milena.configure().time(time).set("no.such.setting", "1").cluster(3));
        time.advance(Duration.ofDays(1));
    }

    /** The brokers that one of them counts as alive. */
    private static Set<Integer> seenBy(MilenaCluster cluster, int broker) throws InterruptedException {
        return metadata(cluster, broker).brokers().stream()
                .map(MetadataResponse.MetadataResponseBroker::nodeId)
                .collect(Collectors.toSet());
    }

    private static MetadataResponse.MetadataResponsePartition partition(MilenaCluster cluster, int broker)
            throws InterruptedException {
        return metadata(cluster, broker).topics().getFirst().partitions().getFirst();
    }

    private static MetadataResponse metadata(MilenaCluster cluster, int broker) throws InterruptedException {
        return cluster.running(broker)
                .localApi()
                .ask(MetadataRequest.builder().topics(null).build(), MetadataResponse.class);
    }
}
