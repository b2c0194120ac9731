package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupHeartbeatRequest;
import io.milena.protocol.message.ConsumerGroupHeartbeatResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Groups of KIP-848 are seen and changed as classic ones are. Their members are heartbeats that the test sends, so that each stands where the test wants it. */
@Timeout(120)
class NewGroupsTest {
    private static final String GROUP = "/api/v1/groups/{group}";
    private static final String PATH = "/api/v1/groups/new";
    private static final String TIMELINE = GROUP + "/timeline";
    private static final String OFFSETS = GROUP + "/offsets";
    private static final int REBALANCE_TIMEOUT_MS = 600_000;
    private static final int LEAVES = -1;

    @TempDir
    private Path data;

    private RunningConsole running;

    @AfterEach
    void stop() {
        running.close();
    }

    /** Two partitions, the first with three records of which the group has read one. */
    @BeforeEach
    void start() throws IOException, InterruptedException, ExecutionException {
        running = RunningConsole.start(
                data,
                Map.of(
                        "group.consumer.session.timeout.ms", "600000",
                        "group.consumer.heartbeat.interval.ms", "100"));
        running.admin()
                .createTopics(List.of(new NewTopic("orders", 2, (short) 1)))
                .all()
                .get();
        for (int i = 0; i < 3; i++) {
            byte[] value = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
            running.produce(Map.of(), new ProducerRecord<>("orders", 0, null, value));
        }
    }

    private void committed(long offset) throws InterruptedException, ExecutionException {
        running.admin()
                .alterConsumerGroupOffsets(
                        "new", Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(offset)))
                .all()
                .get();
    }

    private ConsumerGroupHeartbeatResponse beat(ConsumerGroupHeartbeatRequest request) throws InterruptedException {
        ConsumerGroupHeartbeatResponse answer =
                running.broker().localApi().ask(request, ConsumerGroupHeartbeatResponse.class);
        assertEquals(ErrorCode.NONE, ErrorCode.of(answer.errorCode()), answer.toString());
        return answer;
    }

    /** It has nothing yet; the answer says what it gets. */
    private ConsumerGroupHeartbeatResponse join(String member) throws InterruptedException {
        return beat(ConsumerGroupHeartbeatRequest.builder()
                .groupId("new")
                .memberId(member)
                .memberEpoch(0)
                .rebalanceTimeoutMs(REBALANCE_TIMEOUT_MS)
                .subscribedTopicNames(List.of("orders"))
                .topicPartitions(List.of())
                .build());
    }

    private void leave(String member) throws InterruptedException {
        beat(ConsumerGroupHeartbeatRequest.builder()
                .groupId("new")
                .memberId(member)
                .memberEpoch(LEAVES)
                .build());
    }

    private JsonNode group() throws IOException, InterruptedException {
        return running.get(200, GROUP, PATH);
    }

    private List<String> kinds() throws IOException, InterruptedException {
        List<String> kinds = new ArrayList<>();
        running.get(200, TIMELINE, PATH + "/timeline")
                .get("events")
                .forEach(event -> kinds.add(
                        (event.get("kind").asText() + " " + event.path("member").asText()).strip()));
        return kinds;
    }

    @Test
    void aMemberAndItsPartitionsAreShown() throws IOException, InterruptedException, ExecutionException {
        committed(1);
        join("first");

        JsonNode listed = running.get(200, "/api/v1/groups", "/api/v1/groups").at("/groups/0");
        assertEquals(
                "new consumer Stable",
                listed.get("id").asText() + " " + listed.get("type").asText() + " "
                        + listed.get("state").asText());
        JsonNode group = group();
        assertEquals("consumer", group.get("type").asText());
        assertEquals("Stable", group.get("state").asText());
        assertEquals("uniform", group.get("assignor").asText());
        JsonNode member = group.at("/members/0");
        assertEquals("first", member.get("id").asText());
        assertEquals(
                "[{\"topic\":\"orders\",\"partitions\":[0,1]}]",
                member.get("assignment").toString());
        assertFalse(member.get("isReconciling").asBoolean());
        JsonNode offset = group.at("/offsets/0");
        assertEquals("first", offset.get("member").asText());
        assertEquals(2, offset.get("lagRecords").asInt());
        assertTrue(offset.get("lagSeconds").asDouble() >= 0, offset.toString());

        Map<String, String> metrics = new TreeMap<>();
        running.send("GET", "/metrics", null)
                .body()
                .lines()
                .filter(line -> line.contains("consumergroup=\"new\""))
                .forEach(line -> metrics.put(
                        line.substring(0, line.lastIndexOf(' ')), line.substring(line.lastIndexOf(' ') + 1)));
        assertEquals("1", metrics.get("kafka_consumergroup_members{consumergroup=\"new\"}"), metrics.toString());
        assertEquals(
                "2",
                metrics.get("kafka_consumergroup_lag{consumergroup=\"new\",topic=\"orders\",partition=\"0\"}"),
                metrics.toString());
    }

    @Test
    void whoHoldsTheOthersUpIsShown() throws IOException, InterruptedException {
        join("first");
        join("second");

        JsonNode group = group();
        assertEquals("Reconciling", group.get("state").asText());
        assertEquals("first", group.at("/members/0/id").asText());
        assertTrue(group.at("/members/0/isReconciling").asBoolean(), group.toString());
        assertTrue(group.at("/members/1/isReconciling").asBoolean(), group.toString());
        assertEquals("[]", group.at("/members/1/assignment").toString());
        assertEquals(1, group.at("/members/1/target/0/partitions").size());
    }

    @Test
    void whyItRebalancedIsRemembered() throws IOException, InterruptedException {
        join("first");
        join("second");
        leave("first");
        assertEquals(
                List.of(
                        "member-left first",
                        "generation",
                        "member-joined second",
                        "assigned",
                        "generation",
                        "member-joined first"),
                kinds());
    }

    @Test
    void itsOffsetsAreChangedWhenNobodyIsThere() throws IOException, InterruptedException, ExecutionException {
        committed(1);
        join("first");
        String toBegin = "{\"to\": \"earliest\"}";
        String skipped = "{\"topic\": \"orders\", \"partition\": 0}";
        assertFalse(running.post(200, OFFSETS + "/preview", PATH + "/offsets/preview", toBegin)
                .get("isPossible")
                .asBoolean());
        for (JsonNode refused : List.of(
                running.post(409, OFFSETS, PATH + "/offsets", toBegin),
                running.post(409, OFFSETS + "/skip", PATH + "/offsets/skip", skipped),
                running.ask(409, "DELETE", GROUP, PATH, null))) {
            assertEquals("NON_EMPTY_GROUP", refused.get("code").asText(), refused.toString());
        }
        assertTrue(running.post(400, GROUP + "/consumers", PATH + "/consumers", "{\"topics\": [\"orders\"]}")
                .get("detail")
                .asText()
                .contains("group.protocol=consumer"));

        leave("first");
        assertEquals("Empty", group().get("state").asText());
        assertTrue(running.post(200, OFFSETS + "/preview", PATH + "/offsets/preview", toBegin)
                .get("isPossible")
                .asBoolean());
        assertEquals(
                1,
                running.post(200, OFFSETS, PATH + "/offsets", toBegin)
                        .get("readAgain")
                        .asInt());
        assertEquals(
                1,
                running.post(200, OFFSETS + "/skip", PATH + "/offsets/skip", skipped)
                        .get("committedOffset")
                        .asInt());
        assertEquals(1, group().at("/offsets/0/committedOffset").asInt());
        running.ask(204, "DELETE", GROUP, PATH, null);
        running.get(404, GROUP, PATH);
        running.get(404, TIMELINE, PATH + "/timeline");
    }
}
