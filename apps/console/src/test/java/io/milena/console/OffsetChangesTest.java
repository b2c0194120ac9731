package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Groups are moved over HTTP, and Kafka's own clients find them there. */
@Timeout(120)
class OffsetChangesTest {
    private static final String GROUP = "/api/v1/groups/{group}";
    private static final String OFFSETS = GROUP + "/offsets";
    private static final int SECOND_MS = 1000;

    @TempDir
    private Path data;

    private RunningConsole running;

    @BeforeEach
    void start() throws IOException, InterruptedException, ExecutionException {
        running = RunningConsole.start(data, Map.of());
        running.admin()
                .createTopics(List.of(new NewTopic("orders", 2, (short) 1)))
                .all()
                .get();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            byte[] value = ("" + i).getBytes(StandardCharsets.UTF_8);
            records.add(new ProducerRecord<>("orders", i % 2, (long) i * SECOND_MS, null, value));
        }
        running.produce(Map.of(), records);
        running.admin()
                .alterConsumerGroupOffsets(
                        "processor",
                        Map.of(
                                new TopicPartition("orders", 0), new OffsetAndMetadata(6),
                                new TopicPartition("orders", 1), new OffsetAndMetadata(3)))
                .all()
                .get();
    }

    @AfterEach
    void stop() {
        running.close();
    }

    private Map<Integer, Long> committed(String group) throws InterruptedException, ExecutionException {
        Map<Integer, Long> offsets = new TreeMap<>();
        running.admin()
                .listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .forEach((partition, offset) -> offsets.put(partition.partition(), offset.offset()));
        return offsets;
    }

    private JsonNode move(int status, String body) throws IOException, InterruptedException {
        return running.post(status, OFFSETS, "/api/v1/groups/processor/offsets", body);
    }

    private JsonNode preview(String body) throws IOException, InterruptedException {
        return running.post(200, OFFSETS + "/preview", "/api/v1/groups/processor/offsets/preview", body);
    }

    @Test
    void whatWouldBeReadAgainIsShownBeforeItIsDone() throws IOException, InterruptedException, ExecutionException {
        JsonNode plan = preview("{\"to\":\"earliest\"}");
        assertEquals(9, plan.get("readAgain").asInt());
        assertEquals(0, plan.get("skipped").asInt());
        assertEquals(6, plan.at("/partitions/0/readAgain").asInt());
        assertEquals(Map.of(0, 6L, 1, 3L), committed("processor"), "nothing has moved");

        assertEquals(plan, move(200, "{\"to\":\"earliest\"}"));
        assertEquals(Map.of(0, 0L, 1, 0L), committed("processor"));
    }

    @Test
    void aGroupIsMovedToWhereItShallBe() throws IOException, InterruptedException, ExecutionException {
        move(200, "{\"to\":\"latest\"}");
        assertEquals(Map.of(0, 10L, 1, 10L), committed("processor"));
        move(200, "{\"to\":\"shift\",\"value\":-4,\"topics\":[{\"topic\":\"orders\",\"partitions\":[1]}]}");
        assertEquals(Map.of(0, 10L, 1, 6L), committed("processor"));
        move(200, "{\"to\":\"time\",\"value\":" + 5 * SECOND_MS + "}");
        assertEquals(Map.of(0, 3L, 1, 2L), committed("processor"));
        move(200, "{\"to\":\"offset\",\"value\":9999}");
        assertEquals(Map.of(0, 10L, 1, 10L), committed("processor"), "the nearest there is");
        move(200, "{\"to\":\"shift\",\"value\":-9223372036854775808}");
        assertEquals(Map.of(0, 0L, 1, 0L), committed("processor"));
        JsonNode skipping = preview("{\"to\":\"offset\",\"value\":7}");
        assertEquals(14, skipping.get("skipped").asInt());
    }

    @Test
    void aNewGroupBeginsWhereItIsPut() throws IOException, InterruptedException, ExecutionException {
        running.post(
                200,
                OFFSETS,
                "/api/v1/groups/new/offsets",
                "{\"to\":\"offset\",\"value\":4,\"topics\":[{\"topic\":\"orders\"}]}");
        assertEquals(Map.of(0, 4L, 1, 4L), committed("new"));
        running.post(404, OFFSETS, "/api/v1/groups/other/offsets", "{\"to\":\"latest\"}");
    }

    @Test
    void aRecordThatCannotBeProcessedIsSkipped() throws IOException, InterruptedException, ExecutionException {
        String path = "/api/v1/groups/processor/offsets/skip";
        JsonNode skipped = running.post(200, OFFSETS + "/skip", path, "{\"topic\":\"orders\",\"partition\":1}");
        assertEquals(3, skipped.get("skippedOffset").asInt());
        assertEquals(Map.of(0, 6L, 1, 4L), committed("processor"));
        running.post(404, OFFSETS + "/skip", path, "{\"topic\":\"orders\",\"partition\":2}");
        move(200, "{\"to\":\"latest\"}");
        running.post(409, OFFSETS + "/skip", path, "{\"topic\":\"orders\",\"partition\":1}");
    }

    @Test
    void aGroupWithMembersStaysWhereItIs() throws IOException, InterruptedException, ExecutionException {
        try (var consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", running.bootstrap(),
                        "group.id", "processor",
                        "enable.auto.commit", "false",
                        "client.id", "worker"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("orders"));
            while (consumer.poll(Duration.ofSeconds(1)).isEmpty()) {}
            JsonNode refused = move(409, "{\"to\":\"earliest\"}");
            assertEquals("NON_EMPTY_GROUP", refused.get("code").asText());
            assertFalse(preview("{\"to\":\"earliest\"}").get("isPossible").asBoolean());
            running.ask(409, "DELETE", GROUP, "/api/v1/groups/processor", null);
            assertEquals(Map.of(0, 6L, 1, 3L), committed("processor"));

            JsonNode group = running.get(200, GROUP, "/api/v1/groups/processor");
            assertEquals("worker", group.at("/members/0/clientId").asText());
            assertEquals("[0,1]", group.at("/members/0/assignment/0/partitions").toString());
            assertEquals(
                    group.at("/members/0/id").asText(),
                    group.at("/offsets/0/member").asText());
        }
        JsonNode timeline = running.get(200, GROUP + "/timeline", "/api/v1/groups/processor/timeline");
        assertTrue(timeline.get("isComplete").asBoolean());
        JsonNode events = timeline.get("events");
        List<String> kinds = new ArrayList<>();
        events.forEach(event -> kinds.addFirst(event.get("kind").asText()));
        assertEquals(
                "[member-joined, rebalance, generation, assigned, member-left, rebalance, empty]", kinds.toString());
        assertEquals("worker", events.get(2).get("clientId").asText());
        assertEquals("the consumer is being closed", events.get(2).get("reason").asText());

        running.ask(204, "DELETE", GROUP, "/api/v1/groups/processor", null);
        running.get(404, GROUP, "/api/v1/groups/processor");
    }

    @Test
    void whatIsNoMoveIsRefused() throws IOException, InterruptedException {
        for (String wrong : List.of(
                "{}",
                "{\"to\":\"tomorrow\"}",
                "{\"to\":\"offset\"}",
                "{\"to\":\"offset\",\"value\":-1}",
                "{\"to\":\"latest\",\"topics\":[{}]}",
                "{\"to\":\"latest\",\"topics\":[{\"topic\":\"orders\",\"partitions\":[2]}]}",
                "{\"to\":\"latest\",\"topic\":\"orders\"}")) {
            move(400, wrong);
        }
        move(404, "{\"to\":\"latest\",\"topics\":[{\"topic\":\"nowhere\"}]}");
    }
}
