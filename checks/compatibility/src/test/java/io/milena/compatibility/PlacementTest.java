package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** An administrator moves partitions between three brokers, each a process of its own, with unmodified tools. */
@EnabledIfSystemProperty(named = "milena.oracle", matches = "^$", disabledReason = "needs three brokers of its own")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class PlacementTest {
    @TempDir
    static Path folder = Path.of("");

    private ProcessCluster cluster;
    private Admin admin;

    @BeforeAll
    void start() throws Exception {
        cluster = ProcessCluster.start(folder, 3, "offsets.topic.num.partitions=1");
        admin = Admin.create(cluster.settings());
    }

    @AfterAll
    void stop() {
        admin.close();
        cluster.close();
    }

    private TopicPartition create(List<Integer> brokers) throws Exception {
        String topic = BrokerUnderTest.freshName("placed");
        admin.createTopics(List.of(new NewTopic(topic, Map.of(0, brokers))))
                .all()
                .get();
        return new TopicPartition(topic, 0);
    }

    private TopicPartitionInfo describe(TopicPartition partition) {
        try {
            return admin.describeTopics(List.of(partition.topic()))
                    .allTopicNames()
                    .get()
                    .get(partition.topic())
                    .partitions()
                    .get(partition.partition());
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }

    private static Set<Integer> idSet(List<Node> nodes) {
        return Set.copyOf(ids(nodes));
    }

    private void produce(TopicPartition to, int count) {
        BrokerUnderTest.produce(
                IntStream.range(0, count)
                        .mapToObj(i -> new ProducerRecord<String, String>(to.topic(), "k", Integer.toString(i)))
                        .toList(),
                cluster.settings());
    }

    private List<String> read(TopicPartition partition, int count) {
        try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(cluster.settings())) {
            consumer.assign(List.of(partition));
            return BrokerUnderTest.poll(consumer, count).stream()
                    .map(ConsumerRecord::value)
                    .toList();
        }
    }

    private void reassign(TopicPartition partition, List<Integer> brokers) throws Exception {
        admin.alterPartitionReassignments(Map.of(partition, Optional.of(new NewPartitionReassignment(brokers))))
                .all()
                .get();
    }

    private boolean isUnderWay(TopicPartition partition) {
        try {
            return admin.listPartitionReassignments(Set.of(partition))
                    .reassignments()
                    .get()
                    .containsKey(partition);
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aPartitionMovesToOtherBrokersWithAllItsRecordsAndLeavesNothingBehind() throws Exception {
        // Given
        TopicPartition partition = create(List.of(1, 2));
        produce(partition, 1000);
        // When
        reassign(partition, List.of(3, 2));
        // Then
        BrokerUnderTest.await("the reassignment is over", () -> !isUnderWay(partition));
        BrokerUnderTest.await(
                "broker 3 is told of", () -> ids(describe(partition).replicas()).equals(List.of(3, 2)));
        assertEquals(Set.of(2, 3), idSet(describe(partition).isr()));
        assertEquals(IntStream.range(0, 1000).mapToObj(Integer::toString).toList(), read(partition, 1000));
        produce(partition, 1);
        assertTrue(Files.exists(cluster.data(3).resolve(partition.toString())));
        BrokerUnderTest.await(
                "the files of broker 1 are gone",
                () -> !Files.exists(cluster.data(1).resolve(partition.toString())));
    }

    @Test
    void preferredLeadersAreElected() throws Exception {
        // Given
        TopicPartition partition = create(List.of(1, 2, 3));
        reassign(partition, List.of(2, 1, 3));
        BrokerUnderTest.await(
                "the order is told of",
                () -> ids(describe(partition).replicas()).equals(List.of(2, 1, 3)));
        assertEquals(1, describe(partition).leader().id());
        // When
        admin.electLeaders(ElectionType.PREFERRED, Set.of(partition)).all().get();
        // Then
        BrokerUnderTest.await(
                "broker 2 leads", () -> describe(partition).leader().id() == 2);
    }
}
