package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import io.milena.console.RunningConsole.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Transactions that nobody ends are aborted, and what could not be processed is processed again. */
@Timeout(120)
class RepairsTest {
    private static final String TRANSACTIONS = "/api/v1/transactions";
    private static final String ABORT = TRANSACTIONS + "/{transactionalId}/abort";
    private static final String REPLAY = "/api/v1/dead-letters/{topic}/replay";

    @TempDir
    private Path data;

    private RunningConsole running;

    @BeforeEach
    void start() throws IOException, InterruptedException, ExecutionException {
        running = RunningConsole.start(data, Map.of());
        running.admin()
                .createTopics(List.of(
                        new NewTopic("orders", 3, (short) 1),
                        new NewTopic("payments", 1, (short) 1),
                        new NewTopic("orders-dlt", 2, (short) 1)))
                .all()
                .get();
    }

    @AfterEach
    void stop() {
        running.close();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void anOpenTransactionIsAbortedAndItsProducerFenced() throws IOException, InterruptedException, ExecutionException {
        running.post(404, ABORT, TRANSACTIONS + "/nobody/abort", "{}"); // nobody has used any id yet
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", running.bootstrap(), "transactional.id", "till/7"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("orders", 1, null, utf8("x"))).get();
            JsonNode open = running.get(200, TRANSACTIONS, TRANSACTIONS);
            assertEquals("Ongoing", open.at("/transactions/0/state").asText());
            assertEquals(0, open.get("hanging").size(), "its coordinator knows of it");

            JsonNode aborted = running.post(200, ABORT, TRANSACTIONS + "/till%2F7/abort", "{}");
            assertEquals("Empty", aborted.get("state").asText());
            assertThrows(KafkaException.class, producer::commitTransaction);
        }
        running.post(404, ABORT, TRANSACTIONS + "/nobody/abort", "{}");
        String hanging = "/api/v1/hanging-transactions/abort";
        running.post(404, hanging, hanging, "{\"topic\":\"orders\",\"partition\":1,\"producerId\":0}");
        running.post(400, hanging, hanging, "{\"topic\":\"orders\"}");
    }

    private static ProducerRecord<byte[], byte[]> deadLetter(
            int partition, @Nullable String key, String value, Object... of) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("trace", utf8("t-" + value));
        headers.add("kafka_dlt-exception-message", utf8("does not compute"));
        if (of.length > 0) {
            headers.add("kafka_dlt-original-topic", utf8((String) of[0]));
            headers.add(
                    "kafka_dlt-original-partition",
                    ByteBuffer.allocate(4).putInt((int) of[1]).array());
        }
        return new ProducerRecord<>(
                "orders-dlt", partition, null, key == null ? null : utf8(key), utf8(value), headers);
    }

    private List<String> valuesOf(String topic, int partition) throws IOException, InterruptedException {
        List<String> values = new ArrayList<>();
        running.get(
                        200,
                        "/api/v1/topics/{topic}/partitions/{partition}/records",
                        "/api/v1/topics/" + topic + "/partitions/" + partition + "/records")
                .get("records")
                .forEach(record -> values.add(record.at("/value/text").asText()));
        return values;
    }

    private Event replay(String body) throws IOException, InterruptedException {
        Event end = running.events("POST", REPLAY, "/api/v1/dead-letters/orders-dlt/replay", body, event -> false)
                .getLast();
        assertEquals("end", end.name());
        return end;
    }

    @Test
    void deadLettersGoBackToWhereTheyCameFrom() throws IOException, InterruptedException, ExecutionException {
        running.produce(
                Map.of(),
                deadLetter(0, "user-1", "a", "orders", 2),
                deadLetter(1, null, "b", "payments", 0),
                deadLetter(0, "user-1", "c", "gone", 0),
                deadLetter(1, null, "d", "orders", 7));
        JsonNode topics = running.get(200, "/api/v1/dead-letters", "/api/v1/dead-letters");
        assertEquals(
                "[{\"topic\":\"orders-dlt\",\"original\":\"orders\",\"records\":4}]",
                topics.get("topics").toString());

        assertEquals(3, replay("{\"isDryRun\":true}").data().get("replayed").asInt());
        assertEquals(List.of(), valuesOf("payments", 0), "nothing was written");

        JsonNode end = replay("{}").data();
        assertEquals(3, end.get("replayed").asInt());
        assertEquals(1, end.get("skipped").asInt());
        assertEquals(List.of("b"), valuesOf("payments", 0));
        List<String> orders = new ArrayList<>(valuesOf("orders", 0));
        orders.addAll(valuesOf("orders", 1));
        orders.addAll(valuesOf("orders", 2));
        assertEquals(List.of("a", "d"), orders.stream().sorted().toList());
        assertEquals(true, valuesOf("orders", 2).contains("a"), "where its headers say");

        JsonNode record = running.get(
                200,
                "/api/v1/topics/{topic}/partitions/{partition}/records/{offset}",
                "/api/v1/topics/payments/partitions/0/records/0");
        assertEquals("trace", record.at("/headers/0/name").asText());
        assertEquals("milena-replayed-from", record.at("/headers/1/name").asText());
        assertEquals("orders-dlt:1:0", record.at("/headers/1/value/text").asText());
        assertEquals(2, record.get("headers").size(), "the reasons stay behind");
    }

    @Test
    void someDeadLettersGoWhereTheyAreSent() throws IOException, InterruptedException, ExecutionException {
        running.produce(Map.of(), deadLetter(0, "k", "one"), deadLetter(0, "k", "two"), deadLetter(1, "k", "two too"));
        JsonNode end = replay("{\"filters\":{\"value\":\"two\"},\"partitions\":[0],\"to\":\"payments\"}")
                .data();
        assertEquals(1, end.get("replayed").asInt());
        assertEquals(List.of("two"), valuesOf("payments", 0));
        assertEquals(
                0,
                replay("{\"position\":\"" + "2:0" + "\"}")
                        .data()
                        .get("replayed")
                        .asInt());

        String path = "/api/v1/dead-letters/orders-dlt/replay";
        running.post(400, REPLAY, path, "{\"to\":\"orders-dlt\"}");
        running.post(404, REPLAY, path, "{\"to\":\"nowhere\"}");
        running.post(400, REPLAY, path, "{\"filters\":{\"text\":\"two\"}}");
        running.post(404, REPLAY, "/api/v1/dead-letters/nowhere/replay", "{}");
    }
}
