package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The story that explains a cluster, with unmodified clients: orders of two users, a group of two members, one of which crashes, and a broker that is killed and comes back. The same for Milena and for Apache Kafka
 * ({@code -Dmilena.oracle.cluster=kafka}). The second user is user-789, because the keys user-123 and user-456 belong to one partition of three, there as here.
 */
@Timeout(240)
class StoryTest {
    private static final String TOPIC = "orders";
    private static final String GROUP = "order-processor";
    /** The least that brokers allow by default. */
    private static final int SESSION_MS = 6_000;

    @TempDir
    Path folder = Path.of("");

    private final List<RecordMetadata> acknowledged = new ArrayList<>();

    @Test
    void ordersSurviveTheirConsumersAndTheirBrokers() throws Exception {
        try (ThreeBrokers brokers = ThreeBrokers.start(folder);
                Admin admin = Admin.create(Map.of("bootstrap.servers", brokers.bootstrapServers()));
                KafkaProducer<String, String> producer = BrokerUnderTest.producer(
                        Map.of("bootstrap.servers", brokers.bootstrapServers(), "acks", "all"))) {
            // 1: every partition has one leader and one follower, spread over the brokers
            admin.createTopics(List.of(new NewTopic(TOPIC, 3, (short) 2))).all().get();
            BrokerUnderTest.await(
                    "all are in sync",
                    () -> partitions(admin).stream().allMatch(p -> p.isr().size() == 2));
            assertEquals(
                    Set.of(1, 2, 3),
                    partitions(admin).stream().map(p -> p.leader().id()).collect(Collectors.toSet()));

            // 2: O1 and O3 are in one partition, in order, and O2 elsewhere
            RecordMetadata first = send(producer, "user-123");
            RecordMetadata second = send(producer, "user-789");
            RecordMetadata third = send(producer, "user-123");
            assertEquals(first.partition(), third.partition());
            assertTrue(first.offset() < third.offset());
            assertNotEquals(first.partition(), second.partition());

            try (GroupMember a = member(brokers);
                    GroupMember b = member(brokers)) {
                // 3: the members share the partitions, process and commit
                BrokerUnderTest.await(
                        "the partitions are shared",
                        () -> !a.partitions().isEmpty()
                                && !b.partitions().isEmpty()
                                && union(a, b).equals(Set.of(0, 1, 2)));
                BrokerUnderTest.await("all is processed", () -> processed(a, b).size() == 3);
                assertEquals(Map.of(first.partition(), 2L, second.partition(), 1L), committed(admin));

                // 4: A crashes, and after its session B goes on where A had committed
                boolean hasFirst = a.partitions().contains(first.partition());
                a.crash();
                long crashed = System.nanoTime();
                RecordMetadata fourth = send(producer, hasFirst ? "user-123" : "user-789");
                BrokerUnderTest.await("B takes over", () -> b.partitions().equals(Set.of(0, 1, 2)));
                long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - crashed);
                assertTrue(tookMs > SESSION_MS / 2, () -> "A was given up after " + tookMs + " ms");
                BrokerUnderTest.await("O4 is processed", () -> b.processed().contains("O4"));
                assertEquals(List.of("O1", "O2", "O3", "O4"), processed(a, b));
                assertEquals(fourth.offset() + 1, committed(admin).get(fourth.partition()));

                // 5: the leader of O1's partition is killed; the other partition of that broker is under-replicated
                // too, and all goes on
                int killed = partitions(admin).get(first.partition()).leader().id();
                brokers.kill(killed);
                RecordMetadata fifth = send(producer, "user-123");
                assertEquals(first.partition(), fifth.partition());
                BrokerUnderTest.await(
                        "another leads",
                        () -> partitions(admin).stream()
                                .allMatch(p -> p.leader() != null
                                        && p.leader().id() != killed
                                        && p.isr().stream().noneMatch(node -> node.id() == killed)));
                List<TopicPartitionInfo> underReplicated = partitions(admin).stream()
                        .filter(p -> p.isr().size() < p.replicas().size())
                        .toList();
                assertEquals(2, underReplicated.size(), underReplicated::toString);
                send(producer, "user-789");
                BrokerUnderTest.await("processing goes on", () -> b.processed().containsAll(List.of("O5", "O6")));

                brokers.start(killed);
                BrokerUnderTest.await(
                        "all are in sync again",
                        () -> partitions(admin).stream().allMatch(p -> p.isr().size() == 2));
                send(producer, "user-123");
                BrokerUnderTest.await("processing goes on", () -> b.processed().contains("O7"));
                // What was processed is processed again only where a commit went down with the broker; nothing is lost.
                assertEquals(Set.of("O1", "O2", "O3", "O4", "O5", "O6", "O7"), Set.copyOf(processed(a, b)));
                BrokerUnderTest.await(
                        "all is committed",
                        () -> acknowledged.stream()
                                .allMatch(each -> committed(admin).getOrDefault(each.partition(), 0L) > each.offset()));
            }
        }
    }

    /** The next order, when it is acknowledged. */
    private RecordMetadata send(KafkaProducer<String, String> producer, String user) throws Exception {
        String name = "O" + (acknowledged.size() + 1);
        acknowledged.add(producer.send(new ProducerRecord<>(TOPIC, user, name)).get());
        return acknowledged.getLast();
    }

    private static GroupMember member(ThreeBrokers brokers) throws Exception {
        return new GroupMember(brokers.bootstrapServers(), TOPIC, GROUP, SESSION_MS);
    }

    private static Set<Integer> union(GroupMember a, GroupMember b) {
        return Stream.of(a, b).flatMap(member -> member.partitions().stream()).collect(Collectors.toSet());
    }

    private static List<String> processed(GroupMember a, GroupMember b) {
        return Stream.of(a, b)
                .flatMap(member -> member.processed().stream())
                .sorted()
                .toList();
    }

    private static List<TopicPartitionInfo> partitions(Admin admin) {
        return TopicView.partitions(admin, TOPIC);
    }

    private static Map<Integer, Long> committed(Admin admin) {
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get();
            return offsets.entrySet().stream()
                    .collect(Collectors.toMap(
                            each -> each.getKey().partition(),
                            each -> each.getValue().offset()));
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
