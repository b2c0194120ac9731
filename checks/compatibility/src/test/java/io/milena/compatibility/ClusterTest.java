package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers, each a process of its own, with unmodified clients, and {@code kill -9}. */
@EnabledIfSystemProperty(named = "milena.oracle", matches = "^$", disabledReason = "kills our processes, not brokers")
@Timeout(240)
class ClusterTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final int BROKERS = 3;

    @TempDir
    Path folder = Path.of("");

    private final Map<Integer, Distribution> running = new TreeMap<>();
    private String voters = "";

    private Distribution start(int id) {
        try {
            return Distribution.start(Distribution.command(
                    "start",
                    "--port",
                    "0",
                    "--data",
                    folder.resolve("broker-" + id).toString(),
                    "--set",
                    "node.id=" + id,
                    "--set",
                    "milena.cluster.id=bWlsZW5hLWFuZC1rYWZrYQ",
                    "--set",
                    "controller.quorum.voters=" + voters,
                    "--set",
                    "default.replication.factor=3",
                    "--set",
                    "min.insync.replicas=2"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** All at once: none is ready before most are there. */
    private void startAll() throws Exception {
        List<String> addresses = new ArrayList<>();
        List<ServerSocket> reserved = new ArrayList<>();
        for (int id = 1; id <= BROKERS; id++) {
            reserved.add(new ServerSocket(0));
            addresses.add(id + "@localhost:" + reserved.getLast().getLocalPort());
        }
        for (ServerSocket socket : reserved) {
            socket.close();
        }
        voters = String.join(",", addresses);
        Map<Integer, CompletableFuture<Distribution>> starting = new HashMap<>();
        for (int id = 1; id <= BROKERS; id++) {
            int number = id;
            starting.put(id, CompletableFuture.supplyAsync(() -> start(number)));
        }
        for (int id = 1; id <= BROKERS; id++) {
            running.put(id, starting.get(id).get());
        }
    }

    @AfterEach
    void stop() {
        running.values().forEach(Distribution::close);
    }

    private String addresses() {
        return running.values().stream().map(Distribution::address).collect(Collectors.joining(","));
    }

    private Map<String, Object> cluster() {
        return Map.of("bootstrap.servers", addresses());
    }

    private static TopicPartitionInfo describe(Admin admin) {
        try {
            return admin.describeTopics(List.of("orders"))
                    .allTopicNames()
                    .get()
                    .get("orders")
                    .partitions()
                    .getFirst();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Looks again and again; what goes on in the background makes what is waited for come. */
    private static void await(String what, BooleanSupplier isReached) {
        for (int i = 0; i < 600 && !isReached.getAsBoolean(); i++) {
            java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
        }
        assertTrue(isReached.getAsBoolean(), what);
    }

    private Map<Long, String> read() {
        try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(cluster())) {
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
        startAll();
        try (Admin admin = Admin.create(cluster())) {
            admin.createTopics(List.of(new NewTopic("orders", 1, (short) 3)))
                    .all()
                    .get();
            await("the replicas are not in sync", () -> describe(admin).isr().size() == 3);
            try (NumberedProducer producer = new NumberedProducer(addresses(), "orders")) {
                await("nothing is acknowledged", () -> producer.acknowledged().size() > 200);
                commit(17);
                // When each broker that leads is killed in turn, and comes back
                for (int round = 0; round < 2; round++) {
                    int leader = describe(admin).leader().id();
                    running.remove(leader).kill();
                    int before = producer.acknowledged().size();
                    // Then the same producer goes on with another leader
                    await("nobody leads", () -> producer.acknowledged().size() > before + 200);
                    assertTrue(describe(admin).leader().id() != leader);
                    running.put(leader, start(leader));
                    await(
                            "the old leader does not catch up",
                            () -> describe(admin).isr().size() == 3);
                }
                Map<Long, Integer> acknowledged = producer.finish();
                Map<Long, String> read = read();
                acknowledged.forEach((offset, number) ->
                        assertEquals(Integer.toString(number), read.get(offset), "offset " + offset));
                assertEquals(read.size(), new HashSet<>(read.values()).size(), "doubled");
            }
            // And consumers find where they were
            assertEquals(17, committed());
            assertEquals(
                    List.of(1, 2, 3),
                    admin.describeCluster().nodes().get().stream()
                            .map(Node::id)
                            .sorted()
                            .toList());
        }
    }

    private void commit(long offset) {
        try (KafkaConsumer<String, String> member = reader()) {
            member.commitSync(Map.of(PARTITION, new OffsetAndMetadata(offset)));
        }
    }

    private long committed() {
        try (KafkaConsumer<String, String> member = reader()) {
            return member.committed(java.util.Set.of(PARTITION)).get(PARTITION).offset();
        }
    }

    private KafkaConsumer<String, String> reader() {
        return BrokerUnderTest.consumer(Map.of("bootstrap.servers", addresses(), "group.id", "readers"));
    }
}
