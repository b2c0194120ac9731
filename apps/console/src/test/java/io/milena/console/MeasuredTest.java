package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Charts and warnings of a running broker. */
@Timeout(120)
class MeasuredTest {
    private static final String CHARTS = "/api/v1/charts";
    private static final String WARNINGS = "/api/v1/warnings";

    @TempDir
    private Path data;

    private RunningConsole running;

    @BeforeEach
    void start() throws IOException, InterruptedException, ExecutionException {
        running = RunningConsole.start(data, Map.of());
        running.admin()
                .createTopics(List.of(
                        new NewTopic("orders", 3, (short) 1).configs(Map.of("retention.ms", "3600000")),
                        new NewTopic("quiet", 30, (short) 1)))
                .all()
                .get();
    }

    @AfterEach
    void stop() {
        running.close();
    }

    private void produce(int count, @Nullable String key) throws InterruptedException, ExecutionException {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] bytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
            records.add(new ProducerRecord<>("orders", 1, bytes, new byte[100]));
        }
        running.produce(Map.of(), records);
    }

    @Test
    void whatClientsDoIsDrawn() throws IOException, InterruptedException, ExecutionException {
        produce(10, "k");
        running.console().sampler().sample();
        produce(500, "k");
        running.admin()
                .alterConsumerGroupOffsets("g", Map.of(new TopicPartition("orders", 1), new OffsetAndMetadata(500)))
                .all()
                .get();
        running.console().sampler().sample();

        JsonNode all =
                running.get(200, CHARTS, CHARTS + "?name=bytes-in,records-in,produce-latency-p99,requests,connections");
        Set<String> names = new TreeSet<>();
        all.get("series").forEach(line -> names.add(line.get("name").asText()));
        assertEquals(
                Set.of("bytes-in", "records-in", "produce-latency-p99", "requests", "connections"),
                names,
                all.toString());
        JsonNode rate = running.get(200, CHARTS, CHARTS + "?name=records-in&topic=orders")
                .at("/series/0");
        assertEquals("orders", rate.at("/labels/topic").asText());
        assertTrue(rate.at("/points/0/1").asDouble() > 0, rate.toString());
        JsonNode lag = running.get(200, CHARTS, CHARTS + "?name=lag&group=g&topic=orders")
                .at("/series/0");
        assertEquals(10, lag.at("/points/0/1").asInt());
        JsonNode group = running.get(200, "/api/v1/groups", "/api/v1/groups").at("/groups/0");
        assertEquals(
                "g 10 [\"orders\"]",
                group.get("id").asText() + " " + group.path("lagRecords") + " " + group.path("topics"));
        // In tenths: none, if all of this was quick.
        assertTrue(group.path("lagSeconds").isNumber(), group.toString());
        JsonNode partition = running.get(200, "/api/v1/topics/{topic}", "/api/v1/topics/orders")
                .at("/partitions/1");
        JsonNode topic = running.get(200, "/api/v1/topics", "/api/v1/topics").at("/topics/1");
        JsonNode cluster = running.get(200, "/api/v1/cluster", "/api/v1/cluster");
        for (JsonNode busy : List.of(partition, topic, cluster, cluster.at("/brokers/0"))) {
            assertTrue(busy.path("recordsInPerSecond").asDouble() > 0, busy.toString());
            assertTrue(busy.path("bytesInPerSecond").asLong() > 0, busy.toString());
        }
        running.get(400, CHARTS, CHARTS + "?name=temperature");
        running.get(400, CHARTS, CHARTS);
    }

    @Test
    void whatGroupsCommitIsNotCountedAsTraffic() throws IOException, InterruptedException, ExecutionException {
        commit(1);
        produce(10, "k");
        running.console().sampler().sample();
        for (int offset = 2; offset < 10; offset++) {
            commit(offset);
        }
        running.console().sampler().sample();

        JsonNode cluster = running.get(200, "/api/v1/cluster", "/api/v1/cluster");
        assertEquals(0, cluster.get("recordsInPerSecond").asDouble(), cluster.toString());
    }

    private void commit(long offset) throws InterruptedException, ExecutionException {
        running.admin()
                .alterConsumerGroupOffsets("g", Map.of(new TopicPartition("orders", 1), new OffsetAndMetadata(offset)))
                .all()
                .get();
    }

    @Test
    void whatSomebodyShouldLookAtIsNamed() throws IOException, InterruptedException, ExecutionException {
        produce(1, "k");
        running.console().sampler().sample();
        produce(2000, "k");
        produce(5, null);
        running.console().sampler().sample();
        running.admin()
                .alterConsumerGroupOffsets("late", Map.of(new TopicPartition("orders", 1), new OffsetAndMetadata(3)))
                .all()
                .get();
        running.ask(
                200,
                "DELETE",
                "/api/v1/topics/{topic}/partitions/{partition}/records",
                "/api/v1/topics/orders/partitions/1/records?beforeOffset=7",
                null);

        Set<String> warnings = new TreeSet<>();
        running.get(200, WARNINGS, WARNINGS)
                .get("warnings")
                .forEach(each -> warnings.add(
                        each.get("kind").asText() + " " + each.path("topic").asText() + " "
                                + each.path("partition").asText()));
        assertEquals(
                Set.of(
                        "hot-partition orders 1",
                        "no-key orders ",
                        "retention-before-read orders 1",
                        "too-many-partitions quiet "),
                warnings);
    }
}
