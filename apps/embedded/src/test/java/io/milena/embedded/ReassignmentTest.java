package io.milena.embedded;

import static io.milena.embedded.Orders.PARTITION;
import static io.milena.embedded.Orders.admin;
import static io.milena.embedded.Orders.await;
import static io.milena.embedded.Orders.describe;
import static io.milena.embedded.Orders.ids;
import static io.milena.embedded.Orders.numbers;
import static io.milena.embedded.Orders.producer;
import static io.milena.embedded.Orders.read;
import static io.milena.embedded.Orders.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A partition on its way to another broker, which may copy nothing yet: what becomes of that when brokers go and come. */
@Timeout(120)
class ReassignmentTest {
    private static final int RECORDS = 100;

    @Test
    void aReassignmentGoesOnWhenTheControllerMovesAndWhoReceivesItStartsAnew() throws Exception {
        try (MilenaCluster cluster = Milena.cluster(3);
                Admin admin = admin(cluster)) {
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
            assertEquals(numbers(RECORDS), read(cluster, RECORDS));
        }
    }

    /** All records are there, and followers get none of them. */
    private static void begin(MilenaCluster cluster, Admin admin, int broker) throws Exception {
        admin.createTopics(List.of(new NewTopic(PARTITION.topic(), Map.of(0, List.of(broker)))))
                .all()
                .get();
        try (KafkaProducer<String, String> producer = producer(cluster)) {
            send(producer, 0, RECORDS);
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
}
