package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is changed over HTTP is what Kafka's own clients see. */
@Timeout(120)
class TopicChangesTest {
    private static final String TOPICS = "/api/v1/topics";
    private static final String TOPIC = TOPICS + "/{topic}";
    private static final String SETTINGS = TOPIC + "/settings";
    private static final String RECORDS = TOPIC + "/records";

    @TempDir
    private Path data;

    private RunningConsole running;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        running = RunningConsole.start(data, Map.of());
        running.post(
                201,
                TOPICS,
                TOPICS,
                "{\"name\":\"orders\",\"partitions\":3,\"settings\":{\"retention.ms\":\"60000\"}}");
    }

    @AfterEach
    void stop() {
        running.close();
    }

    private String retention() throws InterruptedException, ExecutionException {
        ConfigResource orders = new ConfigResource(ConfigResource.Type.TOPIC, "orders");
        Config settings = running.admin()
                .describeConfigs(List.of(orders))
                .values()
                .values()
                .iterator()
                .next()
                .get();
        return Objects.requireNonNull(settings.get("retention.ms")).value();
    }

    private static JsonNode setting(JsonNode settings, String name) {
        return StreamSupport.stream(settings.get("settings").spliterator(), false)
                .filter(setting -> setting.get("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aTopicIsCreatedAsItWasAskedFor() throws IOException, InterruptedException, ExecutionException {
        TopicDescription orders = running.admin()
                .describeTopics(List.of("orders"))
                .allTopicNames()
                .get()
                .values()
                .iterator()
                .next();
        assertEquals(3, orders.partitions().size());
        assertEquals("60000", retention());
        JsonNode again = running.post(409, TOPICS, TOPICS, "{\"name\":\"orders\"}");
        assertEquals("TOPIC_ALREADY_EXISTS", again.get("code").asText());
    }

    @Test
    void whatIsWrongWithANewTopicIsNamed() throws IOException, InterruptedException {
        for (String[] wrong : new String[][] {
            {"{}", "name is missing."},
            {"{\"name\":\"x\",\"partitions\":0}", "partitions must be a whole number from 1 to 10000."},
            {"{\"name\":\"x\",\"partition\":1}", "There is no field partition; allowed are"},
            {"{\"name\":\"x\",\"settings\":{\"retention.ms\":\"soon\"}}", "retention.ms"},
            {"{\"name\":\"x\",\"settings\":{\"retention.year\":\"1\"}}", "retention.year"},
            {"{\"name\":\"x/y\"}", "x/y"},
            {"{\"name\":\"x\",\"replicationFactor\":2}", ""}
        }) {
            JsonNode problem = running.post(400, TOPICS, TOPICS, wrong[0]);
            assertTrue(problem.get("detail").asText().contains(wrong[1]), problem.toString());
        }
    }

    @Test
    void settingsAreChangedAndTakenBack() throws IOException, InterruptedException, ExecutionException {
        String path = TOPICS + "/orders/settings";
        JsonNode tried = running.ask(
                200, "PATCH", SETTINGS, path, "{\"set\":{\"retention.ms\":\"70000\"},\"validateOnly\":true}");
        assertEquals("60000", setting(tried, "retention.ms").get("value").asText());
        JsonNode changed = running.ask(
                200,
                "PATCH",
                SETTINGS,
                path,
                "{\"set\":{\"max.message.bytes\":\"2000\"},\"reset\":[\"retention.ms\"]}");
        JsonNode retention = setting(changed, "retention.ms");
        assertEquals("604800000", retention.get("value").asText());
        assertEquals("default", retention.get("source").asText());
        assertEquals("604800000", retention());
        JsonNode bytes = setting(changed, "max.message.bytes");
        assertEquals("topic", bytes.get("source").asText());
        assertEquals("1048588", bytes.get("defaultValue").asText());
        assertEquals("int", bytes.get("type").asText());
        JsonNode problem = running.ask(400, "PATCH", SETTINGS, path, "{\"set\":{\"max.message.bytes\":\"many\"}}");
        assertTrue(problem.get("detail").asText().contains("max.message.bytes"), problem.toString());
        running.ask(404, "PATCH", SETTINGS, TOPICS + "/nowhere/settings", "{\"reset\":[\"retention.ms\"]}");
    }

    @Test
    void aChangeIsRememberedAndTakenBack() throws IOException, InterruptedException {
        String path = TOPICS + "/orders/settings";
        running.ask(200, "PATCH", SETTINGS, path, "{\"set\":{\"retention.ms\":\"70000\"}}");
        running.ask(200, "PATCH", SETTINGS, path, "{\"reset\":[\"retention.ms\"]}");
        JsonNode history = running.get(200, SETTINGS + "/history", path + "/history");
        assertTrue(history.get("isComplete").asBoolean());
        assertEquals(List.of("70000 null", "60000 70000", "null 60000"), changes(history));
        assertTrue(history.at("/changes/0/timeMs").asLong() > 1_700_000_000_000L);

        String last = "{\"id\":" + history.at("/changes/0/id").asText() + "}";
        JsonNode settings = running.post(200, SETTINGS + "/revert", path + "/revert", last);
        assertEquals("70000", setting(settings, "retention.ms").get("value").asText());
        running.post(404, SETTINGS + "/revert", path + "/revert", "{\"id\":0}");
    }

    private static List<String> changes(JsonNode history) {
        List<String> changes = new ArrayList<>();
        history.get("changes")
                .forEach(change -> changes.add(change.get("before").asText() + " "
                        + change.get("after").asText()));
        return changes;
    }

    @Test
    void aBrokerThatWasStartedAgainKnowsWhatWasChangedBefore() throws IOException, InterruptedException {
        String path = TOPICS + "/orders/settings";
        running.ask(200, "PATCH", SETTINGS, path, "{\"set\":{\"retention.ms\":\"70000\"}}");
        JsonNode before = running.get(200, SETTINGS + "/history", path + "/history");
        running.close();
        running = RunningConsole.start(data, Map.of());
        JsonNode history = running.get(200, SETTINGS + "/history", path + "/history");
        assertEquals(List.of("60000 70000", "null 60000"), changes(history));
        assertEquals(before, history, "the same moments and places, too");

        String first = "{\"id\":" + history.at("/changes/0/id").asText() + "}";
        JsonNode settings = running.post(200, SETTINGS + "/revert", path + "/revert", first);
        assertEquals("60000", setting(settings, "retention.ms").get("value").asText());
    }

    @Test
    void aNewTopicAndABrokerHaveSettingsToo() throws IOException, InterruptedException {
        JsonNode ofNew = running.get(200, "/api/v1/topic-settings", "/api/v1/topic-settings");
        assertEquals("604800000", setting(ofNew, "retention.ms").get("value").asText());
        assertFalse(
                setting(ofNew, "cleanup.policy").get("documentation").asText().isBlank());
        JsonNode ofBroker = running.get(
                200,
                "/api/v1/brokers/{broker}/settings",
                "/api/v1/brokers/" + running.broker().localApi().brokerId() + "/settings");
        assertEquals(
                "168", setting(ofBroker, "log.retention.hours").get("value").asText());
        running.get(404, "/api/v1/brokers/{broker}/settings", "/api/v1/brokers/99/settings");
    }

    @Test
    void partitionsAreAddedAndNeverTakenAway() throws IOException, InterruptedException {
        String path = TOPICS + "/orders/partitions";
        running.post(200, TOPIC + "/partitions", path, "{\"count\":5}");
        assertEquals(
                5, running.get(200, TOPIC, TOPICS + "/orders").get("partitions").size());
        running.post(400, TOPIC + "/partitions", path, "{\"count\":4}");
    }

    @Test
    void aDeletedTopicComesBack() throws IOException, InterruptedException, ExecutionException {
        running.produce(Map.of(), new ProducerRecord<>("orders", 1, null, new byte[] {7}));
        running.ask(204, "DELETE", TOPIC, TOPICS + "/orders", null);
        assertEquals(
                "There is no topic orders.",
                running.ask(404, "DELETE", TOPIC, TOPICS + "/orders", null)
                        .get("detail")
                        .asText());
        assertEquals(Set.of(), running.admin().listTopics().names().get());
        String id = running.get(200, "/api/v1/trash", "/api/v1/trash")
                .at("/topics/0/id")
                .asText();
        running.post(200, "/api/v1/trash/{id}/restore", "/api/v1/trash/" + id + "/restore", "{\"name\":\"again\"}");
        JsonNode records =
                running.get(200, TOPIC + "/partitions/{partition}/records", TOPICS + "/again/partitions/1/records");
        assertEquals("\u0007", records.at("/records/0/value/text").asText());
        running.post(404, "/api/v1/trash/{id}/restore", "/api/v1/trash/" + id + "/restore", "{}");
        running.post(400, "/api/v1/trash/{id}/restore", "/api/v1/trash/orders/restore", "{}");
    }

    private List<ConsumerRecord<byte[], byte[]>> consumed(int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", running.bootstrap(), "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(
                    new TopicPartition("orders", 0), new TopicPartition("orders", 1), new TopicPartition("orders", 2)));
            while (records.size() < count) {
                consumer.poll(java.time.Duration.ofSeconds(5)).forEach(records::add);
            }
        }
        return records;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void whatIsWrittenIsWhatAConsumerReads() throws IOException, InterruptedException {
        JsonNode written =
                running.post(200, RECORDS, TOPICS + "/orders/records", """
                    {"records": [
                      {"partition": 2, "timestampMs": 1700000000000, "key": {"text": "grüße"}, "value": {"json": {"a": [1, true, null, "x"]}},
                       "headers": [{"name": "trace", "value": {"base64": "/wD+"}}, {"name": "none"}]},
                      {"partition": 2, "key": null, "value": {"text": ""}},
                      {"partition": 2}
                    ]}\
                    """).get("records");
        assertEquals(
                "[{\"partition\":2,\"offset\":0},{\"partition\":2,\"offset\":1},{\"partition\":2,\"offset\":2}]",
                written.toString());

        List<ConsumerRecord<byte[], byte[]>> read = consumed(3);
        assertEquals("grüße", text(read.get(0).key()));
        assertEquals("{\"a\":[1,true,null,\"x\"]}", text(read.get(0).value()));
        assertEquals(1_700_000_000_000L, read.get(0).timestamp());
        assertEquals(
                List.of((byte) 0xff, (byte) 0, (byte) 0xfe),
                bytes(read.get(0).headers().lastHeader("trace").value()));
        assertEquals(null, read.get(0).headers().lastHeader("none").value());
        assertEquals("", text(read.get(1).value()));
        assertEquals(null, read.get(2).value());
        assertEquals(null, read.get(2).key());
    }

    @Test
    void numbersKeepTheirDigits() throws IOException, InterruptedException {
        String numbers =
                "{\"id\":12345678901234567890123,\"price\":1234567890.1234567890,\"tiny\":0.10,\"large\":1E+400}";
        running.post(
                200, RECORDS, TOPICS + "/orders/records", "{\"records\":[{\"value\":{\"json\":" + numbers + "}}]}");
        assertEquals(numbers, text(consumed(1).getFirst().value()));
    }

    private static List<Byte> bytes(byte[] bytes) {
        List<Byte> list = new ArrayList<>();
        for (byte each : bytes) {
            list.add(each);
        }
        return list;
    }

    @Test
    void aKeyGoesWhereKafkasProducerPutsIt() throws IOException, InterruptedException, ExecutionException {
        for (int i = 0; i < 20; i++) {
            String key = "user-" + i;
            int here = running.post(
                            200,
                            RECORDS,
                            TOPICS + "/orders/records",
                            "{\"records\":[{\"key\":{\"text\":\"" + key + "\"},\"value\":{\"text\":\"here\"}}]}")
                    .at("/records/0/partition")
                    .asInt();
            running.produce(
                    Map.of(), new ProducerRecord<>("orders", key.getBytes(StandardCharsets.UTF_8), new byte[] {'k'}));
            JsonNode newest = running.get(200, RECORDS, TOPICS + "/orders/records?limit=1&partition=" + here);
            assertEquals("k", newest.at("/records/0/value/text").asText());
            assertEquals(key, newest.at("/records/0/key/text").asText());
        }
    }

    @Test
    void whatIsWrongWithARecordIsNamed() throws IOException, InterruptedException {
        for (String[] wrong : new String[][] {
            {"{\"records\":[]}", "records must be an array of 1 to 1000 records."},
            {"{\"records\":[{\"partition\":3}]}", "records[0].partition must be a whole number from 0 to 2."},
            {"{\"records\":[{},{\"key\":{\"text\":\"a\",\"base64\":\"YQ==\"}}]}", "records[1].key must have one of"},
            {"{\"records\":[{\"value\":{\"base64\":\"*\"}}]}", "records[0].value.base64 is not base64"},
            {"{\"records\":[{\"value\":\"x\"}]}", "records[0].value must be null or an object with one of"},
            {"{\"records\":[{\"value\":{\"text\":\"a\",\"isCut\":true}}]}", "read it whole first"},
            {"{\"records\":[{\"headers\":[{\"value\":null}]}]}", "records[0].headers[0].name is missing."}
        }) {
            JsonNode problem = running.post(400, RECORDS, TOPICS + "/orders/records", wrong[0]);
            assertTrue(problem.get("detail").asText().contains(wrong[1]), problem.toString());
        }
        running.post(404, RECORDS, TOPICS + "/nowhere/records", "{\"records\":[{}]}");
    }

    @Test
    void theNewestRecordsOfAllPartitionsComeFirst() throws IOException, InterruptedException {
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            sent.add("{\"partition\":" + i % 3 + ",\"timestampMs\":" + (1000 + i) + ",\"value\":{\"text\":\"" + i
                    + "\"}}");
        }
        running.post(200, RECORDS, TOPICS + "/orders/records", "{\"records\":[" + String.join(",", sent) + "]}");
        assertEquals("11 10 9 8 7", values(TOPICS + "/orders/records?limit=5"));
        assertEquals("10 7 4", values(TOPICS + "/orders/records?limit=3&partition=1"));
        assertEquals("6 7 8", values(TOPICS + "/orders/records?limit=3&timestampMs=1006"));
        running.get(400, RECORDS, TOPICS + "/orders/records?partition=3");
    }

    private String values(String path) throws IOException, InterruptedException {
        List<String> values = new ArrayList<>();
        running.get(200, RECORDS, path)
                .get("records")
                .forEach(record -> values.add(record.at("/value/text").asText()));
        return String.join(" ", values);
    }

    @Test
    void recordsAreDeletedFromTheBegin() throws IOException, InterruptedException {
        running.post(200, RECORDS, TOPICS + "/orders/records", "{\"records\":[{\"partition\":0},{\"partition\":0}]}");
        String template = TOPIC + "/partitions/{partition}/records";
        String path = TOPICS + "/orders/partitions/0/records";
        assertEquals(
                1,
                running.ask(200, "DELETE", template, path + "?beforeOffset=1", null)
                        .get("startOffset")
                        .asInt());
        assertEquals(1, running.get(200, template, path).get("records").size());
        assertEquals(
                "Partition 0 of orders has no offset 9, but 1 to 2.",
                running.ask(416, "DELETE", template, path + "?beforeOffset=9", null)
                        .get("detail")
                        .asText());
        running.ask(400, "DELETE", template, path, null);
        assertEquals(
                "Partition 0 of orders has no offset 0, but 1 to 2.",
                running.get(416, template + "/{offset}", path + "/0")
                        .get("detail")
                        .asText());
        assertEquals(
                1,
                running.get(200, template + "/{offset}", path + "/1")
                        .get("offset")
                        .asInt());
        running.get(404, template + "/{offset}", path + "/2");
    }
}
