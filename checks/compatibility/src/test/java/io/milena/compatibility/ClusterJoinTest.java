package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A node with data becomes the first of three, by the command line, while a producer never stops; and Apache Kafka's tool for the quorum. */
@EnabledIfSystemProperty(named = "milena.oracle", matches = "^$", disabledReason = "starts our processes, not brokers")
@Timeout(240)
class ClusterJoinTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final int SIGTERM = 128 + 15;

    @TempDir
    Path folder = Path.of("");

    private final Map<Integer, Distribution> running = new TreeMap<>();

    @AfterEach
    void stop() {
        running.values().forEach(Distribution::close);
    }

    private String data(int id) {
        return folder.resolve("data-" + id).toString();
    }

    private void start(int id) throws IOException {
        running.put(id, Distribution.start(Distribution.command("start", "--port", "0", "--data", data(id))));
    }

    private String first() {
        return Objects.requireNonNull(running.get(1)).address();
    }

    private static ExternalProgram.Result milena(String... arguments) {
        return ExternalProgram.run(Distribution.command(arguments));
    }

    private String quorum(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--bootstrap-server", first()));
        all.addAll(List.of(arguments));
        return ExternalProgram.run(ExternalProgram.java(
                        "milena.tools.classpath", "org.apache.kafka.tools.MetadataQuorumCommand", all))
                .expectSuccess()
                .output();
    }

    private List<String> read(int count) {
        try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(Map.of("bootstrap.servers", first()))) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            return BrokerUnderTest.poll(consumer, count).stream()
                    .map(ConsumerRecord::value)
                    .toList();
        }
    }

    /** One record after the other; each has to be acknowledged. */
    private int produce(AtomicBoolean isStopping, AtomicInteger acknowledged) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", first(), "retry.backoff.max.ms", 200);
        try (KafkaProducer<String, String> producer = BrokerUnderTest.producer(settings)) {
            while (!isStopping.get()) {
                producer.send(new ProducerRecord<>("orders", Integer.toString(acknowledged.get())))
                        .get();
                acknowledged.incrementAndGet();
            }
        }
        return acknowledged.get();
    }

    @Test
    void aNodeWithDataBecomesTheFirstOfThreeWhileAProducerGoesOn() throws Exception {
        // Given a node that is alone, and a producer
        start(1);
        milena("topics", "create", "orders", "-b", first()).expectSuccess();
        AtomicBoolean isStopping = new AtomicBoolean();
        AtomicInteger acknowledged = new AtomicInteger();
        try (ExecutorService own = Executors.newSingleThreadExecutor()) {
            Future<Integer> producing = own.submit(() -> produce(isStopping, acknowledged));
            BrokerUnderTest.await("nothing is acknowledged", () -> acknowledged.get() > 100);

            // When two others join
            for (int id : List.of(2, 3)) {
                String said = milena("cluster", "join", "--id", Integer.toString(id), "--data", data(id), "-b", first())
                        .expectSuccess()
                        .output();
                assertEquals(id == 2, said.contains("Node 1 has become the first of a cluster"), said);
                start(id);
            }

            // Then all three agree on the metadata, and the producer has gone on
            BrokerUnderTest.await(
                    "three voters",
                    () -> milena("cluster", "status", "-b", first())
                            .output()
                            .contains("Metadata: 3 voters, 0 observers"));
            int before = acknowledged.get();
            BrokerUnderTest.await("the producer stands", () -> acknowledged.get() > before + 100);
            isStopping.set(true);
            int count = producing.get();
            assertEquals(IntStream.range(0, count).mapToObj(Integer::toString).toList(), read(count));
        }
        String status =
                milena("cluster", "status", "-b", first()).expectSuccess().output();
        assertTrue(status.contains("Brokers: 3"), status);
        assertTrue(status.contains("0 under-replicated, 0 offline"), status);
        String json = milena("cluster", "status", "--output", "json", "-b", first())
                .expectSuccess()
                .output();
        assertTrue(json.contains("\"offline\":[]"), json);

        // And Apache Kafka's tool says so too
        String described = quorum("describe", "--status");
        assertTrue(described.matches("(?s).*LeaderId:\\s+[123]\\s.*"), described);
        assertTrue(described.matches("(?s).*MaxFollowerLag:\\s+0\\s.*"), described);
        long followers = quorum("describe", "--replication")
                .lines()
                .filter(line -> line.contains("Follower"))
                .count();
        assertEquals(2, followers);

        // And who has been with another cluster is refused, as is a second one of the same number
        Files.createDirectories(Path.of(data(4)));
        Files.writeString(Path.of(data(4)).resolve("meta.properties"), "version=1\ncluster.id=another\nnode.id=4\n");
        ExternalProgram.Result stranger = milena("cluster", "join", "--id", "4", "--data", data(4), "-b", first());
        assertEquals(1, stranger.exit());
        assertTrue(stranger.errors().contains("belongs to cluster another"), stranger.errors());
        ExternalProgram.Result taken = milena("cluster", "join", "--id", "2", "--data", data(5), "-b", first());
        assertTrue(taken.errors().contains("there is a node 2 already"), taken.errors());

        // And one leaves, when it is stopped
        ExternalProgram.Result runs = milena("cluster", "leave", "--id", "3", "-b", first());
        assertTrue(runs.errors().contains("node 3 runs"), runs.errors());
        assertEquals(SIGTERM, Objects.requireNonNull(running.remove(3)).stop());
        BrokerUnderTest.await(
                "broker 3 is not alive",
                () -> milena("cluster", "status", "-b", first()).output().contains("not alive"));
        milena("cluster", "leave", "--id", "3", "-b", first()).expectSuccess();
        String left = milena("cluster", "status", "-b", first()).expectSuccess().output();
        assertTrue(left.contains("Metadata: 2 voters") && left.contains("Brokers: 2"), left);
    }
}
