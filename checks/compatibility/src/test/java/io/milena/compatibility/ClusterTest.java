package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TopicExistsException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers, each a process of its own, with unmodified clients, and {@code kill -9}; all run again after each test. */
@EnabledIfSystemProperty(named = "milena.oracle", matches = "^$", disabledReason = "kills our processes, not brokers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
class ClusterTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final int CONTROLLERS_KILLED = 3;

    @TempDir
    static Path folder = Path.of("");

    private ClusterProcesses cluster;
    private Admin admin;

    @BeforeAll
    void start() throws Exception {
        cluster = ClusterProcesses.start(folder, null);
        admin = Admin.create(settings());
    }

    @AfterAll
    void stop() {
        admin.close();
        cluster.close();
    }

    private Map<String, Object> settings() {
        return Map.of("bootstrap.servers", cluster.bootstrapServers());
    }

    private TopicPartitionInfo describe() {
        return TopicView.partition(admin, PARTITION);
    }

    private Map<Long, String> read() {
        try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(settings())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
            Map<Long, String> values = new TreeMap<>();
            for (ConsumerRecord<String, String> record :
                    BrokerUnderTest.poll(consumer, ignored -> consumer.position(PARTITION) >= end)) {
                values.put(record.offset(), record.value().split(" ")[0]);
            }
            return values;
        }
    }

    @Test
    void aKilledLeaderIsFollowedByAnotherAndNothingThatWasAcknowledgedIsLost() throws Exception {
        // Given three brokers with a topic on all of them, and a producer that never stops
        admin.createTopics(List.of(new NewTopic("orders", 1, (short) 3))).all().get();
        BrokerUnderTest.await("the replicas are in sync", () -> describe().isr().size() == 3);
        try (NumberedProducer producer = new NumberedProducer(cluster.bootstrapServers(), "orders")) {
            BrokerUnderTest.await(
                    "something is acknowledged", () -> producer.acknowledged().size() > 200);
            commit(17);
            // When each broker that leads is killed in turn, and comes back
            for (int round = 0; round < 2; round++) {
                int leader = describe().leader().id();
                cluster.kill(leader);
                int before = producer.acknowledged().size();
                // Then the same producer goes on with another leader
                BrokerUnderTest.await(
                        "somebody leads", () -> producer.acknowledged().size() > before + 200);
                assertNotEquals(leader, describe().leader().id());
                cluster.start(leader);
                BrokerUnderTest.await(
                        "the old leader catches up", () -> describe().isr().size() == 3);
            }
            Map<Long, Integer> acknowledged = producer.finish();
            Map<Long, String> read = read();
            acknowledged.forEach(
                    (offset, number) -> assertEquals(Integer.toString(number), read.get(offset), "offset " + offset));
            assertEquals(read.size(), new HashSet<>(read.values()).size(), "doubled");
        }
        // And consumers find where they were
        assertEquals(17, committed());
        assertEquals(Set.of(1, 2, 3), brokers());
    }

    private void commit(long offset) {
        try (KafkaConsumer<String, String> member = reader()) {
            member.commitSync(Map.of(PARTITION, new OffsetAndMetadata(offset)));
        }
    }

    private long committed() {
        try (KafkaConsumer<String, String> member = reader()) {
            return member.committed(Set.of(PARTITION)).get(PARTITION).offset();
        }
    }

    private KafkaConsumer<String, String> reader() {
        return BrokerUnderTest.consumer(Map.of("bootstrap.servers", cluster.bootstrapServers(), "group.id", "readers"));
    }

    private Set<Integer> brokers() {
        try {
            Set<Integer> ids = new HashSet<>();
            for (Node node : admin.describeCluster().nodes().get()) {
                ids.add(node.id());
            }
            return ids;
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private QuorumInfo quorum() {
        try {
            return admin.describeMetadataQuorum().quorumInfo().get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether all voters have what is committed. */
    private boolean isComplete(QuorumInfo quorum) {
        return quorum.voters().size() == ClusterProcesses.BROKERS
                && quorum.voters().stream().allMatch(voter -> voter.logEndOffset() >= quorum.highWatermark());
    }

    private void create(String topic) throws Exception {
        try {
            admin.createTopics(List.of(new NewTopic(topic, 3, (short) 2))).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) { // its client has lost the answer and asked again
                throw e;
            }
        }
    }

    @Test
    void theQuorumGoesOnDecidingWhoeverOfItsControllersIsKilled() throws Exception {
        Set<String> decided = new HashSet<>();
        for (int round = 0; round < CONTROLLERS_KILLED; round++) {
            // When the active controller is killed
            QuorumInfo before = quorum();
            cluster.kill(before.leaderId());
            // Then another one decides
            String topic = "decided-" + round;
            create(topic);
            decided.add(topic);
            QuorumInfo after = quorum();
            assertNotEquals(before.leaderId(), after.leaderId());
            assertTrue(after.leaderEpoch() > before.leaderEpoch(), after + " after " + before);
            // And when it is back it has what was decided without it, or the next kill would leave no majority
            cluster.start(before.leaderId());
            BrokerUnderTest.await("all voters have caught up", () -> isComplete(quorum()));
            BrokerUnderTest.await("all brokers are counted in", () -> brokers().size() == ClusterProcesses.BROKERS);
        }
        assertTrue(admin.listTopics().names().get().containsAll(decided), decided::toString);
    }
}
