package io.milena.embedded;

import static io.milena.embedded.Orders.PARTITION;
import static io.milena.embedded.Orders.admin;
import static io.milena.embedded.Orders.await;
import static io.milena.embedded.Orders.ids;
import static io.milena.embedded.Orders.numbers;
import static io.milena.embedded.Orders.producer;
import static io.milena.embedded.Orders.read;
import static io.milena.embedded.Orders.send;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Eligible leader replicas (KIP-966): given a partition on two of three brokers, both of which must be in sync, and 100 acknowledged records. */
@Timeout(60)
class EligibleLeadersTest {
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
        try (KafkaProducer<String, String> producer = producer(cluster)) {
            send(producer, 0, 100);
        }
        await(admin, info -> ids(info.isr()).equals(List.of(FIRST, SECOND)));
    }

    /** The first stays alone, and goes; the second comes back. */
    private static void loseBothInTurn(MilenaCluster cluster, Admin admin) {
        cluster.kill(SECOND);
        TopicPartitionInfo alone = await(admin, info -> ids(info.isr()).equals(List.of(FIRST)));
        assertEquals(List.of(SECOND), ids(alone.elr())); // in one answer: the next broker may have heard less
        cluster.kill(FIRST);
        cluster.start(SECOND);
    }

    @Test
    void whenTheLastOneInSyncIsGoneForGoodAnEligibleOneLeadsWithAllThatWasAcknowledged() throws Exception {
        try (MilenaCluster cluster = cluster("forced");
                Admin admin = admin(cluster)) {
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
            assertEquals(numbers(100), read(cluster, 100));
        }
    }

    /** It acknowledges what may be gone with its machine, and cannot say whether it is. */
    @Test
    void whoDoesNotForceAndWasNotStoppedIsNotEligible() throws Exception {
        try (MilenaCluster cluster = cluster("written");
                Admin admin = admin(cluster)) {
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
                Admin admin = admin(cluster)) {
            begin(cluster, admin);
            cluster.stop(SECOND);
            await(admin, info -> ids(info.elr()).equals(List.of(SECOND)));
            cluster.kill(FIRST);
            cluster.start(SECOND);
            await(admin, now -> now.leader() != null && now.leader().id() == SECOND);
            assertEquals(100, read(cluster, 100).size());
        }
    }
}
