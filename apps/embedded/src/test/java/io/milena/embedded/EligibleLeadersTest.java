package io.milena.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.runtime.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Eligible leader replicas (KIP-966): given a partition on two of three brokers, both of which must be in sync, and 100 acknowledged records. */
@Timeout(60)
class EligibleLeadersTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final int FIRST = 1;
    private static final int SECOND = 2;
    private static final int THIRD = 3;

    private static MilenaCluster cluster(String durability) {
        return Milena.configure().set("milena.durability", durability).cluster(3);
    }

    private static void begin(MilenaCluster cluster, Admin admin) throws Exception {
        admin.createTopics(List.of(new NewTopic("orders", Map.of(0, List.of(FIRST, SECOND)))
                        .configs(Map.of("min.insync.replicas", "2"))))
                .all()
                .get();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers(), "acks", "all"),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < 100; i++) {
                producer.send(new ProducerRecord<>("orders", "key", Integer.toString(i)))
                        .get();
            }
        }
        await(admin, info -> ids(info.isr()).equals(List.of(FIRST, SECOND)));
    }

    /** The first stays alone, and goes; the second comes back. */
    private static void loseBothInTurn(MilenaCluster cluster, Admin admin) {
        cluster.kill(SECOND);
        await(admin, info -> ids(info.isr()).equals(List.of(FIRST)));
        assertEquals(List.of(SECOND), ids(await(admin, info -> true).elr()));
        cluster.kill(FIRST);
        cluster.start(SECOND);
    }

    @Test
    void whenTheLastOneInSyncIsGoneForGoodAnEligibleOneLeadsWithAllThatWasAcknowledged() throws Exception {
        try (MilenaCluster cluster = cluster("forced");
                Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
            begin(cluster, admin);
            loseBothInTurn(cluster, admin);
            TopicPartitionInfo info =
                    await(admin, now -> now.leader() != null && now.leader().id() == SECOND);
            assertEquals(List.of(SECOND), ids(info.isr()));
            admin.alterPartitionReassignments(
                            Map.of(PARTITION, Optional.of(new NewPartitionReassignment(List.of(SECOND, THIRD)))))
                    .all()
                    .get();
            await(admin, now -> ids(now.isr()).equals(List.of(SECOND, THIRD)));
            assertEquals(IntStream.range(0, 100).mapToObj(Integer::toString).toList(), read(cluster, 100));
        }
    }

    /** It acknowledges what may be gone with its machine, and cannot say whether it is. */
    @Test
    void whoDoesNotForceAndWasNotStoppedIsNotEligible() throws Exception {
        try (MilenaCluster cluster = cluster("written");
                Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
            begin(cluster, admin);
            loseBothInTurn(cluster, admin);
            TopicPartitionInfo info =
                    await(admin, now -> now.leader() == null && now.elr().size() == 1);
            assertEquals(List.of(FIRST), ids(info.elr()));
            cluster.start(FIRST);
            await(admin, now -> now.leader() != null && now.leader().id() == FIRST);
            await(admin, now -> now.isr().size() == 2);
            assertEquals(100, read(cluster, 100).size());
        }
    }

    @Test
    void whoDoesNotForceAndWasStoppedIsEligible() throws Exception {
        try (MilenaCluster cluster = cluster("written");
                Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
            begin(cluster, admin);
            cluster.stop(SECOND);
            await(admin, info -> ids(info.elr()).equals(List.of(SECOND)));
            cluster.kill(FIRST);
            cluster.start(SECOND);
            await(admin, now -> now.leader() != null && now.leader().id() == SECOND);
            assertEquals(100, read(cluster, 100).size());
        }
    }

    private static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).sorted().toList();
    }

    private static List<String> read(MilenaCluster cluster, int count) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers(), "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            List<String> values = new ArrayList<>();
            while (values.size() < count) {
                consumer.poll(Duration.ofSeconds(10)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }

    private static TopicPartitionInfo await(Admin admin, Predicate<TopicPartitionInfo> condition) {
        for (int i = 0; i < 1_000; i++) {
            TopicPartitionInfo now = describe(admin);
            if (condition.test(now)) {
                return now;
            }
            Clock.system().parkUntil(Clock.system().nanos() + 10_000_000);
        }
        throw new AssertionError("the partition does not come to that: " + describe(admin));
    }

    private static TopicPartitionInfo describe(Admin admin) {
        try {
            return admin.describeTopics(List.of("orders"))
                    .allTopicNames()
                    .get()
                    .values()
                    .iterator()
                    .next()
                    .partitions()
                    .getFirst();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
