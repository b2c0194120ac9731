package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.milena.console.RunningConsole.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that speak HTTP only consume with a group, alone and beside a consumer of Kafka's. */
@Timeout(120)
class HttpConsumerTest {
    private static final String CONSUMERS = "/api/v1/groups/{group}/consumers";
    private static final String CONSUMER = CONSUMERS + "/{consumer}";
    private static final String PATH = "/api/v1/groups/readers/consumers";

    @TempDir
    private Path data;

    private RunningConsole running;

    @BeforeEach
    void start() throws IOException, InterruptedException, ExecutionException {
        running = RunningConsole.start(data, Map.of());
        running.admin()
                .createTopics(List.of(new NewTopic("orders", 4, (short) 1)))
                .all()
                .get();
        produce(0, 40);
    }

    @AfterEach
    void stop() {
        running.close();
    }

    private void produce(int from, int to) throws InterruptedException, ExecutionException {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = from; i < to; i++) {
            records.add(new ProducerRecord<>("orders", i % 4, null, ("" + i).getBytes(StandardCharsets.UTF_8)));
        }
        running.produce(Map.of(), records);
    }

    private String open() throws IOException, InterruptedException {
        return running.post(
                        201,
                        CONSUMERS,
                        PATH,
                        "{\"topics\":[\"orders\"],\"from\":\"earliest\",\"sessionTimeoutMs\":6000}")
                .get("id")
                .asText();
    }

    private Set<Integer> read(String id, int count) throws IOException, InterruptedException {
        Set<Integer> values = new TreeSet<>();
        while (values.size() < count) {
            JsonNode answer =
                    running.get(200, CONSUMER + "/records", PATH + "/" + id + "/records?waitMs=5000&limit=15");
            answer.get("records")
                    .forEach(record -> values.add(record.at("/value/text").asInt()));
        }
        return values;
    }

    private static Set<Integer> range(int from, int to) {
        Set<Integer> range = new TreeSet<>();
        for (int i = from; i < to; i++) {
            range.add(i);
        }
        return range;
    }

    @Test
    void aGroupGoesOnWhereItHasCommitted() throws IOException, InterruptedException, ExecutionException {
        String first = open();
        assertEquals(range(0, 40), read(first, 40));
        JsonNode committed = running.post(200, CONSUMER + "/commit", PATH + "/" + first + "/commit", "{}");
        assertEquals(10, committed.at("/offsets/3/committedOffset").asInt());
        produce(40, 44);
        assertEquals(range(40, 44), read(first, 4));
        running.ask(204, "DELETE", CONSUMER, PATH + "/" + first, null);
        running.get(404, CONSUMER + "/records", PATH + "/" + first + "/records");

        String second = open();
        assertEquals(range(40, 44), read(second, 4), "given, but not committed");
    }

    /** Sends a value in a transaction of its own to a partition that rests, which stays open until it is ended. */
    private static KafkaProducer<byte[], byte[]> begin(RunningConsole running, String id, String value)
            throws InterruptedException, ExecutionException {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", running.bootstrap(), "transactional.id", id),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("payments", 0, null, value.getBytes(StandardCharsets.UTF_8)))
                .get();
        return producer;
    }

    private String open(String group, String isolation) throws IOException, InterruptedException {
        return running.post(
                        201,
                        CONSUMERS,
                        "/api/v1/groups/" + group + "/consumers",
                        "{\"topics\":[\"payments\"],\"from\":\"earliest\"" + isolation + "}")
                .get("id")
                .asText();
    }

    private List<String> poll(String group, String id, int waitMs) throws IOException, InterruptedException {
        List<String> values = new ArrayList<>();
        running.get(
                        200,
                        CONSUMER + "/records",
                        "/api/v1/groups/" + group + "/consumers/" + id + "/records?waitMs=" + waitMs)
                .get("records")
                .forEach(record -> values.add(record.at("/value/text").asText()));
        return values;
    }

    @Test
    void transactionsThatAreAbortedOrOpenAreNotGivenUnlessAskedFor()
            throws IOException, InterruptedException, ExecutionException {
        running.admin()
                .createTopics(List.of(new NewTopic("payments", 1, (short) 1)))
                .all()
                .get();
        try (var aborted = begin(running, "one", "aborted");
                var committed = begin(running, "two", "committed")) {
            committed.commitTransaction();
            aborted.abortTransaction();
        }
        try (var open = begin(running, "three", "open")) {
            String sees = open("careful", "");
            assertEquals(List.of("committed"), poll("careful", sees, 5000));
            assertEquals(List.of(), poll("careful", sees, 200));
            String seesAll = open("careless", ",\"isolation\":\"read_uncommitted\"");
            assertEquals(List.of("aborted", "committed", "open"), poll("careless", seesAll, 5000));
            open.commitTransaction();
            assertEquals(List.of("open"), poll("careful", sees, 20_000));
        }
        running.post(
                400,
                CONSUMERS,
                "/api/v1/groups/careful/consumers",
                "{\"topics\":[\"payments\"],\"isolation\":\"serializable\"}");
    }

    @Test
    void recordsAreStreamedAndCommitted() throws IOException, InterruptedException, ExecutionException {
        String id = open();
        Set<Integer> seen = new HashSet<>();
        running.events("GET", CONSUMER + "/stream", PATH + "/" + id + "/stream?commit=true", null, (Event event) -> {
            seen.add(event.data().at("/value/text").asInt());
            return seen.size() == 40;
        });
        assertEquals(range(0, 40), seen);
    }

    @Test
    void partitionsAreSharedWithAConsumerOfKafka() throws IOException, InterruptedException {
        String id = open();
        Set<TopicPartition> theirs = new HashSet<>();
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", running.bootstrap(), "group.id", "readers", "heartbeat.interval.ms", "500"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("orders"));
            while (consumer.assignment().size() != 2) {
                consumer.poll(Duration.ofMillis(200));
            }
            theirs.addAll(consumer.assignment());
            JsonNode group = running.get(200, "/api/v1/groups/{group}", "/api/v1/groups/readers");
            assertEquals(2, group.get("members").size());
            assertEquals("range", group.get("assignor").asText());
        }
        assertEquals(2, theirs.size());
        running.ask(204, "DELETE", CONSUMER, PATH + "/" + id, null);
    }

    @Test
    void whatIsNoConsumerIsRefused() throws IOException, InterruptedException {
        running.post(400, CONSUMERS, PATH, "{}");
        running.post(404, CONSUMERS, PATH, "{\"topics\":[\"nowhere\"]}");
        running.post(400, CONSUMERS, PATH, "{\"topics\":[\"orders\"],\"from\":\"yesterday\"}");
        running.get(404, CONSUMER + "/records", PATH + "/nobody/records");
        String id = open();
        running.get(404, CONSUMER + "/records", "/api/v1/groups/others/consumers/" + id + "/records");
    }

    @Test
    void rangesAreThoseOfKafka() {
        assertEquals(
                Map.of(
                        "a", Map.of("t", List.of(0, 1), "u", List.of(0)),
                        "b", Map.of("t", List.of(2, 3), "u", List.of(1)),
                        "c", Map.of("t", List.of(4))),
                RangeAssignment.of(
                        Map.of("c", List.of("t", "gone"), "a", List.of("t", "u"), "b", List.of("u", "t")),
                        Map.of("t", 5, "u", 2)));
    }
}
