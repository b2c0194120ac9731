package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kafka Streams with {@code exactly_once_v2}: its process is killed twice in the middle of a run, and the broker's in between (ours only: the oracle belongs to whoever started it). What comes out is
 * what comes out when nobody is killed.
 */
class StreamsTest {
    private static final int PARTITIONS = 2;
    /** How many inputs may be without a result, so that there is something to do whenever somebody is killed. */
    private static final int AHEAD = 100;

    private static final List<String> WORDS = List.of("all", "that", "is", "gold", "does", "not", "glitter");

    @TempDir
    static Path data = Path.of("");

    @TempDir
    Path folder = Path.of("");

    private static @Nullable Distribution broker;

    @BeforeAll
    static void startBroker() throws IOException {
        if (BrokerUnderTest.isMilena()) {
            broker = start(0);
        }
    }

    private static Distribution start(int port) throws IOException {
        return Distribution.start(
                data,
                port,
                "--set",
                "group.initial.rebalance.delay.ms=0",
                "--set",
                "offsets.topic.num.partitions=4",
                "--set",
                "transaction.state.log.num.partitions=4");
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) {
            broker.close();
        }
    }

    private static String address() {
        return broker == null ? BrokerUnderTest.address() : broker.address();
    }

    private static void killBroker() throws IOException, InterruptedException {
        if (broker != null) {
            broker.kill();
            broker = start(broker.port());
        }
    }

    @Test
    void aWordCountIsExactWhoeverIsKilled() throws Exception {
        List<String> topics = topics("counts", "lines");
        List<Input> lines = IntStream.range(0, 800)
                .mapToObj(i -> new Input(List.of(
                        new ProducerRecord<>(topics.get(1), i % PARTITIONS, null, word(i) + " " + word(i / 7)))))
                .toList();
        Map<String, Long> totals = new TreeMap<>();
        IntStream.range(0, lines.size()).forEach(i -> {
            totals.merge(word(i), 1L, Long::sum);
            totals.merge(word(i / 7), 1L, Long::sum);
        });
        Map<String, List<Long>> expected = new TreeMap<>();
        totals.forEach((word, count) ->
                expected.put(word, LongStream.rangeClosed(1, count).boxed().toList()));

        Map<String, List<Long>> counts = new TreeMap<>();
        run("count", topics, lines, 2)
                .forEach(each -> counts.computeIfAbsent(each.key(), word -> new ArrayList<>())
                        .add(ByteBuffer.wrap(each.value()).getLong()));

        assertEquals(expected, counts);
    }

    private static String word(int i) {
        return WORDS.get(i % WORDS.size());
    }

    @Test
    void aJoinIsExactWhoeverIsKilled() throws Exception {
        List<String> topics = topics("pairs", "left", "right");
        int count = 800;
        List<Input> sides = IntStream.range(0, count)
                .mapToObj(i -> new Input(List.of(
                        side(topics.get(1), i, "left"),
                        // The other side of another pair, so that what is joined is not in the same transaction.
                        side(topics.get(2), (i + AHEAD / 2) % count, "right"))))
                .toList();
        List<String> expected = IntStream.range(0, count)
                .mapToObj(i -> i + ": left+right")
                .sorted()
                .toList();

        List<String> pairs = run("join", topics, sides, 1).stream()
                .map(each -> each.key() + ": " + new String(each.value(), java.nio.charset.StandardCharsets.UTF_8))
                .sorted()
                .toList();

        assertEquals(expected, pairs);
    }

    private static ProducerRecord<String, String> side(String topic, int key, String value) {
        return new ProducerRecord<>(topic, key % PARTITIONS, Integer.toString(key), value);
    }

    private static List<String> topics(String... prefixes) throws Exception {
        List<String> names =
                List.of(prefixes).stream().map(BrokerUnderTest::freshName).toList();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address()))) {
            admin.createTopics(names.stream()
                            .map(name -> new NewTopic(name, PARTITIONS, (short) 1))
                            .toList())
                    .all()
                    .get();
        }
        return names;
    }

    /** What is sent at once. */
    private record Input(List<ProducerRecord<String, String>> records) {}

    /** Feeds an application, kills it and the broker, and answers all that it has committed. */
    private List<ConsumerRecord<String, byte[]>> run(
            String kind, List<String> topics, List<Input> inputs, int resultsEach) throws Exception {
        int total = inputs.size() * resultsEach;
        Semaphore ahead = new Semaphore(AHEAD);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread feeder = Thread.startVirtualThread(() -> {
            try {
                feed(inputs, ahead);
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        try (StreamsApplication application = new StreamsApplication(kind, address(), folder, topics);
                KafkaConsumer<String, byte[]> consumer = consumer(topics.getFirst())) {
            Output output = new Output(consumer, application, ahead, resultsEach, failure);
            output.awaitAtLeast(total / 4);
            application.restart();
            output.awaitAtLeast(total / 2);
            killBroker();
            output.awaitAtLeast(3 * total / 4);
            application.restart();
            output.awaitAtLeast(total);
            feeder.join();
            output.poll(Duration.ofMillis(500)); // what must not come
            return output.records;
        }
    }

    private static void feed(List<Input> inputs, Semaphore ahead) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", address(), "linger.ms", 0),
                new StringSerializer(),
                new StringSerializer())) {
            for (Input input : inputs) {
                ahead.acquire();
                for (ProducerRecord<String, String> record : input.records()) {
                    var _ = producer.send(record).get();
                }
            }
        }
    }

    private static KafkaConsumer<String, byte[]> consumer(String topic) {
        KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                new HashMap<>(Map.of(
                        "bootstrap.servers", address(),
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest")),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(IntStream.range(0, PARTITIONS)
                .mapToObj(i -> new TopicPartition(topic, i))
                .toList());
        return consumer;
    }

    /** What the application has committed so far; each result lets the feeder go on. */
    private record Output(
            KafkaConsumer<String, byte[]> consumer,
            StreamsApplication application,
            Semaphore ahead,
            int resultsEach,
            AtomicReference<Throwable> failure,
            List<ConsumerRecord<String, byte[]>> records) {
        private static final int ROUNDS = 1_800;

        Output(
                KafkaConsumer<String, byte[]> consumer,
                StreamsApplication application,
                Semaphore ahead,
                int resultsEach,
                AtomicReference<Throwable> failure) {
            this(consumer, application, ahead, resultsEach, failure, new ArrayList<>());
        }

        void awaitAtLeast(int count) {
            for (int round = 0; records.size() < count; round++) {
                application.checkAlive();
                if (failure.get() != null) {
                    throw new AssertionError("feeding failed", failure.get());
                }
                if (round == ROUNDS) {
                    throw new AssertionError(
                            records.size() + " of " + count + " results after three minutes\n" + application.log());
                }
                poll(Duration.ofMillis(100));
            }
        }

        void poll(Duration patience) {
            int before = records.size() / resultsEach;
            consumer.poll(patience).forEach(records::add);
            ahead.release(records.size() / resultsEach - before);
        }
    }
}
