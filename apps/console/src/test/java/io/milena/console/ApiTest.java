package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.milena.broker.BrokerSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The JSON API of a running broker: each answer says what Kafka's own clients have done, and is as the description says. */
@Timeout(120)
class ApiTest {
    private static final String TOPIC = "/api/v1/topics/{topic}";
    private static final String RECORDS = TOPIC + "/partitions/{partition}/records";
    private static final int HOUR_MS = 3_600_000;

    @TempDir
    private Path data;

    private RunningConsole running;
    private Admin admin;

    @BeforeEach
    void start() throws IOException, InterruptedException, ExecutionException {
        running = RunningConsole.start(data, Map.of());
        admin = running.admin();
        admin.createTopics(List.of(new NewTopic("orders", 2, (short) 1).configs(Map.of("retention.ms", "60000"))))
                .all()
                .get();
    }

    @AfterEach
    void stop() {
        running.close();
    }

    private JsonNode ask(int status, String template, String path) throws IOException, InterruptedException {
        return running.get(status, template, path);
    }

    private void send(ProducerRecord<byte[], byte[]> record) throws InterruptedException, ExecutionException {
        running.produce(Map.of("compression.type", "zstd"), record);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void everyPathIsDescribedAndEveryDescribedPathIsThereWithWhatItsQueryMayHold() throws IOException {
        Map<String, Set<String>> operations = new TreeMap<>();
        running.operations().forEach((operation, names) -> operations.put(operation, new TreeSet<>(names)));
        operations.keySet().removeIf(path -> !path.contains(" /api/") || path.endsWith("openapi.json"));
        assertEquals(operations, running.description().operations());
        Set<String> served = new TreeSet<>(operations.keySet());
        String reference = Files.readString(Path.of("..", "..", "docs", "console-api.md"));
        served.removeIf(operation -> reference.contains("| `" + operation + "` |"));
        assertEquals(Set.of(), served, "not in docs/console-api.md");
    }

    @Test
    void noPathTakesAQueryParameterThatItDoesNotKnow() throws IOException, InterruptedException, ExecutionException {
        for (String operation : running.description().operations().keySet()) {
            String method = operation.substring(0, operation.indexOf(' '));
            String template = operation.substring(operation.indexOf(' ') + 1);
            String path = template.replaceAll("\\{\\w+}", "orders") + "?patrition=1";
            JsonNode problem = running.ask(400, method, template, path, "{}");
            assertTrue(
                    problem.get("detail").asText().startsWith("There is no query parameter patrition here; allowed"));
        }
        assertEquals(
                2, ask(200, TOPIC, "/api/v1/topics/orders").get("partitions").size(), "nothing was changed");
    }

    @Test
    void theClusterIsCounted() throws IOException, InterruptedException, ExecutionException {
        admin.alterConsumerGroupOffsets("g", Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(0)))
                .all()
                .get();
        JsonNode cluster = ask(200, "/api/v1/cluster", "/api/v1/cluster");
        assertEquals(1, cluster.get("topics").asInt());
        assertEquals(2, cluster.get("partitions").asInt());
        assertEquals(1, cluster.get("internalTopics").asInt());
        assertEquals(1, cluster.get("internalPartitions").asInt());
        assertEquals(0, cluster.get("offline").asInt());
        assertEquals(
                running.broker().address().getPort(),
                cluster.at("/brokers/0/port").asInt());
        assertTrue(cluster.at("/directories/0/usableBytes").asLong() > 0);
    }

    @Test
    void aTopicHasItsPartitionsAndItsSettingsWithTheirMeaning()
            throws IOException, InterruptedException, ExecutionException {
        send(new ProducerRecord<>("orders", 1, null, utf8("one")));

        JsonNode topics = ask(200, "/api/v1/topics", "/api/v1/topics");
        assertEquals("orders", topics.at("/topics/0/name").asText());
        assertTrue(topics.at("/topics/0/sizeInBytes").asLong() > 60);

        JsonNode topic = ask(200, TOPIC, "/api/v1/topics/orders");
        assertEquals(0, topic.at("/partitions/0/endOffset").asInt());
        assertEquals(1, topic.at("/partitions/1/endOffset").asInt());
        JsonNode retention = setting(topic, "retention.ms");
        assertEquals("60000", retention.get("value").asText());
        assertFalse(retention.get("isDefault").asBoolean());
        assertFalse(retention.get("documentation").asText().isBlank());
        assertTrue(setting(topic, "cleanup.policy").get("isDefault").asBoolean());
    }

    private static JsonNode setting(JsonNode topic, String name) {
        for (JsonNode setting : topic.get("settings")) {
            if (setting.get("name").asText().equals(name)) {
                return setting;
            }
        }
        throw new AssertionError("no setting " + name);
    }

    @Test
    void askingForATopicDoesNotCreateIt() throws IOException, InterruptedException, ExecutionException {
        ask(404, TOPIC, "/api/v1/topics/nowhere");
        ask(404, RECORDS, "/api/v1/topics/nowhere/partitions/0/records");
        ask(404, RECORDS, "/api/v1/topics/orders/partitions/7/records");
        assertEquals(Set.of("orders"), admin.listTopics().names().get());
    }

    @Test
    void aRecordIsShownAsTextOrInBase64() throws IOException, InterruptedException, ExecutionException {
        byte[] binary = {(byte) 0xff, 0, (byte) 0xfe};
        RecordHeaders headers = new RecordHeaders();
        headers.add("trace", utf8("abc")).add("none", null);
        send(new ProducerRecord<>("orders", 0, 1_700_000_000_000L, binary, utf8("grüße"), headers));
        send(new ProducerRecord<>("orders", 0, null, null));

        JsonNode records =
                ask(200, RECORDS, "/api/v1/topics/orders/partitions/0/records").get("records");
        assertEquals(2, records.size());
        assertEquals(1_700_000_000_000L, records.at("/0/timestampMs").asLong());
        assertEquals("grüße", records.at("/0/value/text").asText());
        assertEquals(7, records.at("/0/value/sizeInBytes").asInt());
        assertEquals(
                Base64.getEncoder().encodeToString(binary),
                records.at("/0/key/base64").asText());
        assertEquals("abc", records.at("/0/headers/0/value/text").asText());
        assertTrue(records.at("/0/headers/1/value").isNull());
        assertTrue(records.at("/1/key").isNull());
        assertEquals("zstd", records.at("/1/compression").asText());
    }

    @Test
    void aLongValueIsCutBetweenCharacters() throws IOException, InterruptedException, ExecutionException {
        send(new ProducerRecord<>("orders", 0, null, utf8("äöü".repeat(1000))));

        JsonNode value = ask(200, RECORDS, "/api/v1/topics/orders/partitions/0/records?maxBytes=3")
                .at("/records/0/value");
        assertEquals("ä", value.get("text").asText());
        assertEquals(6000, value.get("sizeInBytes").asInt());
    }

    @Test
    void pagesFollowEachOtherToTheEnd() throws IOException, InterruptedException, ExecutionException {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", running.bootstrap(), "compression.type", "lz4", "linger.ms", "20"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (int i = 0; i < 257; i++) {
                sent.add(producer.send(new ProducerRecord<>("orders", 0, 1_700_000_000_000L + i, null, utf8("" + i))));
            }
            for (Future<?> each : sent) {
                each.get();
            }
        }
        List<String> values = new ArrayList<>();
        long offset = 0;
        long end = 1;
        while (offset < end) {
            JsonNode page = ask(200, RECORDS, "/api/v1/topics/orders/partitions/0/records?limit=100&offset=" + offset);
            page.get("records")
                    .forEach(record -> values.add(record.at("/value/text").asText()));
            offset = page.get("nextOffset").asLong();
            end = page.get("highWatermark").asLong();
        }
        assertEquals(257, values.size());
        assertEquals("0", values.getFirst());
        assertEquals("256", values.getLast());

        String path = "/api/v1/topics/orders/partitions/0/records?limit=3";
        assertEquals(254, ask(200, RECORDS, path).at("/records/0/offset").asInt(), "the last ones");
        assertEquals(
                100,
                ask(200, RECORDS, path + "&timestampMs=" + 1_700_000_000_100L)
                        .at("/records/0/offset")
                        .asInt());
        assertEquals(
                0,
                ask(200, RECORDS, path + "&timestampMs=" + 1_800_000_000_000L)
                        .get("records")
                        .size());
        ask(416, RECORDS, path + "&offset=9999");
    }

    @Test
    void aNumberThatIsNoneIsRefused() throws IOException, InterruptedException {
        String path = "/api/v1/topics/orders/partitions/";
        for (String wrong : List.of(
                "0/records?limit=0",
                "0/records?limit=501",
                "0/records?offset=-1",
                "0/records?offset=1e3",
                "0/records?maxBytes=99999999",
                "-1/records",
                "99999999999/records",
                "%zz/records")) {
            if (wrong.contains("%zz")) {
                continue; // the JDK's client refuses to send it
            }
            ask(400, RECORDS, path + wrong);
        }
    }

    @Test
    void aGroupIsBehindInRecordsAndSeconds() throws IOException, InterruptedException, ExecutionException {
        long now = System.currentTimeMillis();
        send(new ProducerRecord<>("orders", 0, now - 2L * HOUR_MS, null, utf8("old")));
        send(new ProducerRecord<>("orders", 0, now - HOUR_MS, null, utf8("new")));
        admin.alterConsumerGroupOffsets(
                        "a group/with+signs", Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(1)))
                .all()
                .get();

        JsonNode groups = ask(200, "/api/v1/groups", "/api/v1/groups");
        assertEquals("a group/with+signs", groups.at("/groups/0/id").asText());
        JsonNode group = ask(200, "/api/v1/groups/{group}", "/api/v1/groups/a%20group%2Fwith+signs");
        assertEquals("Empty", group.get("state").asText());
        JsonNode offset = group.at("/offsets/0");
        assertEquals(1, offset.get("committedOffset").asInt());
        assertEquals(1, offset.get("lagRecords").asInt());
        double seconds = offset.get("lagSeconds").asDouble();
        assertTrue(seconds >= 3600 && seconds < 3600 + 120, "an hour and the time of this test: " + seconds);
        ask(404, "/api/v1/groups/{group}", "/api/v1/groups/nobody");
    }

    /** A consumer commits behind the last record, where the marker stands that ends its transaction, and gets nothing any more. */
    @Test
    void nobodyIsBehindTheEndOfATransaction() throws IOException, InterruptedException, ExecutionException {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", running.bootstrap(), "transactional.id", "till-7"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            for (int transaction = 0; transaction < 2; transaction++) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("orders", 0, System.currentTimeMillis() - HOUR_MS, null, utf8("x")))
                        .get();
                producer.commitTransaction();
            }
        }
        assertEquals(List.of("2", "3600"), lagOfAGroupThatHasCommitted(2), "a record, and the marker behind it");
        assertEquals(List.of("0", "0"), lagOfAGroupThatHasCommitted(3));
        assertEquals(List.of("0", "0"), lagOfAGroupThatHasCommitted(4));
        assertEquals(List.of("3", "3600"), lagOfAGroupThatHasCommitted(1), "a marker, a record and its marker");
    }

    private List<String> lagOfAGroupThatHasCommitted(long offset)
            throws IOException, InterruptedException, ExecutionException {
        admin.alterConsumerGroupOffsets(
                        "readers", Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(offset)))
                .all()
                .get();
        JsonNode lag =
                ask(200, "/api/v1/groups/{group}", "/api/v1/groups/readers").at("/offsets/0");
        long seconds = lag.get("lagSeconds").asLong();
        return List.of(lag.get("lagRecords").asText(), seconds < 3600 || seconds > 3720 ? "" + seconds : "3600");
    }

    @Test
    void anOpenTransactionIsShownWithItsPartitions() throws IOException, InterruptedException, ExecutionException {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", running.bootstrap(), "transactional.id", "till-7"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("orders", 1, null, utf8("x"))).get();
            JsonNode open =
                    ask(200, "/api/v1/transactions", "/api/v1/transactions").at("/transactions/0");
            assertEquals("till-7", open.get("transactionalId").asText());
            assertEquals("Ongoing", open.get("state").asText());
            assertEquals(1, open.at("/partitions/0/partition").asInt());
            producer.commitTransaction();
            assertEquals(
                    "CompleteCommit",
                    ask(200, "/api/v1/transactions", "/api/v1/transactions")
                            .at("/transactions/0/state")
                            .asText());
        }
    }

    @Test
    void aDeletedTopicIsInTheTrash() throws IOException, InterruptedException, ExecutionException {
        admin.deleteTopics(List.of("orders")).all().get();

        JsonNode topic = ask(200, "/api/v1/trash", "/api/v1/trash").at("/topics/0");
        assertEquals("orders", topic.get("name").asText());
        assertEquals(2, topic.get("partitions").asInt());
        assertTrue(topic.get("goesAtMs").asLong() > topic.get("deletedAtMs").asLong());
    }

    @Test
    void aBrokerThatIsNotThereYetIsSaidToBeStarting() throws IOException, InterruptedException {
        BrokerSettings settings =
                BrokerSettings.of(Map.of("log.dirs", data.toString(), "milena.console.listener", "http://localhost:0"));
        try (Console early = Console.start(settings).orElseThrow()) {
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(early.url() + "/api/v1/topics"))
                                    .build(),
                            BodyHandlers.ofString());
            assertEquals(503, response.statusCode());
            assertEquals(
                    "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,\"detail\":\"The"
                            + " broker is starting.\"}",
                    response.body());
        }
    }

    @Test
    void whoeverIsElsewhereGetsNoRecords() throws IOException, InterruptedException {
        BrokerSettings settings =
                BrokerSettings.of(Map.of("log.dirs", data.toString(), "milena.console.listener", "http://0.0.0.0:0"));
        try (Console open = Console.start(settings).orElseThrow()) {
            open.show(running.broker());
            URI api = URI.create(open.url().replace("0.0.0.0", "localhost") + "/api/v1/topics");
            URI ready = URI.create(open.url().replace("0.0.0.0", "localhost") + "/health/ready");
            assertEquals(
                    404,
                    HttpClient.newHttpClient()
                            .send(HttpRequest.newBuilder(api).build(), BodyHandlers.ofString())
                            .statusCode());
            assertEquals(
                    200,
                    HttpClient.newHttpClient()
                            .send(HttpRequest.newBuilder(ready).build(), BodyHandlers.ofString())
                            .statusCode());
        }
    }
}
