package io.milena.embedded;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A partition on its way to another broker, which may copy nothing yet: what becomes of that when brokers go and come. */
@Timeout(120)
class ReassignmentTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final int RECORDS = 100;

    @Test
    void aReassignmentGoesOnWhenTheControllerMovesAndWhoReceivesItStartsAnew() throws Exception {
        try (MilenaCluster cluster = Milena.cluster(3);
                Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
            // Given a partition that is to move from one of the two brokers that do not decide to the other
            int controller = cluster.controller().orElseThrow();
            int source = controller % 3 + 1;
            int target = source % 3 + 1;
            begin(cluster, admin, source);
            admin.alterPartitionReassignments(
                            Map.of(PARTITION, Optional.of(new NewPartitionReassignment(List.of(target)))))
                    .all()
                    .get();
            assertEquals(List.of(target), underWay(admin).orElseThrow().addingReplicas());

            // When the active controller dies
            cluster.kill(controller);
            await(() -> cluster.controller().isPresent(), "nobody decides");
            assertNotEquals(controller, cluster.controller().orElseThrow());
            // Then the next one knows of it
            PartitionReassignment known = underWay(admin).orElseThrow();
            assertEquals(List.of(target), known.addingReplicas());
            assertEquals(List.of(source), known.removingReplicas());

            // And when the broker that receives it is started anew as well
            cluster.start(controller);
            cluster.kill(target);
            cluster.start(target);
            assertTrue(underWay(admin).isPresent());
            limit(admin, source, OpType.DELETE);

            // Then it ends where it was to end, with all records
            await(() -> underWay(admin).isEmpty(), "the reassignment does not end");
            await(() -> ids(describe(admin).replicas()).equals(List.of(target)), "nobody is told of it");
            assertEquals(List.of(target), ids(describe(admin).isr()));
            assertEquals(numbers().toList(), read(cluster));
        }
    }

    /** All records are there, and followers get none of them. */
    private static void begin(MilenaCluster cluster, Admin admin, int broker) throws Exception {
        admin.createTopics(List.of(new NewTopic(PARTITION.topic(), Map.of(0, List.of(broker)))))
                .all()
                .get();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            var sent = numbers()
                    .map(number -> producer.send(new ProducerRecord<>(PARTITION.topic(), "key", number)))
                    .toList();
            for (var each : sent) {
                each.get();
            }
        }
        limit(admin, broker, OpType.SET);
    }

    private static void limit(Admin admin, int leader, OpType type) throws Exception {
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, PARTITION.topic()),
                        List.of(new AlterConfigOp(new ConfigEntry("leader.replication.throttled.replicas", "*"), type)),
                        new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(leader)),
                        List.of(new AlterConfigOp(new ConfigEntry("leader.replication.throttled.rate", "0"), type))))
                .all()
                .get();
    }

    private static Optional<PartitionReassignment> underWay(Admin admin) {
        try {
            return Optional.ofNullable(
                    admin.listPartitionReassignments().reassignments().get().get(PARTITION));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static TopicPartitionInfo describe(Admin admin) {
        try {
            return requireNonNull(admin.describeTopics(List.of(PARTITION.topic()))
                            .allTopicNames()
                            .get()
                            .get(PARTITION.topic()))
                    .partitions()
                    .getFirst();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }

    private static Stream<String> numbers() {
        return IntStream.range(0, RECORDS).mapToObj(Integer::toString);
    }

    private static List<String> read(MilenaCluster cluster) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers(), "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            List<String> values = new ArrayList<>();
            while (values.size() < RECORDS) {
                consumer.poll(Duration.ofSeconds(10)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }

    /** Looks again and again; what goes on in the brokers makes what is waited for come. */
    private static void await(BooleanSupplier condition, String otherwise) {
        for (int i = 0; i < 3_000; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            Clock.system().parkUntil(Clock.system().nanos() + 10_000_000);
        }
        throw new AssertionError(otherwise);
    }
}
