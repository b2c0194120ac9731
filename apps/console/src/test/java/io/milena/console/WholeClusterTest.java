package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.milena.console.RunningConsole.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

/** Three brokers: each console shows all of the cluster, also what only another broker has. */
@Timeout(120)
class WholeClusterTest {
    private static final String TOPIC = "/api/v1/topics/{topic}";
    private static final int BROKERS = 3;

    @TempDir
    private Path data;

    private List<RunningConsole> consoles = List.of();

    /** Each partition of this topic is on one broker only, each on another. */
    @BeforeEach
    void start() throws InterruptedException, ExecutionException {
        consoles = RunningConsole.cluster(data, BROKERS);
        RunningConsole any = consoles.getFirst();
        any.admin()
                .createTopics(List.of(
                        new NewTopic("apart", Map.of(0, List.of(1), 1, List.of(2), 2, List.of(3))),
                        new NewTopic("copied", 3, (short) 3)))
                .all()
                .get();
        for (int partition = 0; partition < BROKERS; partition++) {
            produce("apart", partition, "lost " + partition);
            produce("copied", partition, "copy " + partition);
        }
        any.admin()
                .alterConsumerGroupOffsets(
                        "readers",
                        Map.of(
                                new TopicPartition("apart", 0), new OffsetAndMetadata(1),
                                new TopicPartition("apart", 2), new OffsetAndMetadata(0)))
                .all()
                .get();
    }

    @AfterEach
    void stop() {
        consoles.forEach(RunningConsole::close);
    }

    private void produce(String topic, int partition, String value) throws InterruptedException, ExecutionException {
        consoles.getFirst()
                .produce(
                        Map.of(), new ProducerRecord<>(topic, partition, null, value.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void eachConsoleShowsTheWholeCluster() throws IOException, InterruptedException {
        for (RunningConsole console : consoles) {
            JsonNode cluster = console.get(200, "/api/v1/cluster", "/api/v1/cluster");
            assertEquals(BROKERS, cluster.get("brokers").size());
            Set<Integer> directories = new TreeSet<>();
            cluster.get("directories")
                    .forEach(each -> directories.add(each.get("broker").asInt()));
            assertEquals(Set.of(1, 2, 3), directories);
            assertEquals(1, cluster.get("groups").asInt());

            JsonNode topics = console.get(200, "/api/v1/topics", "/api/v1/topics");
            JsonNode topic = console.get(200, TOPIC, "/api/v1/topics/apart");
            long size = 0;
            for (JsonNode partition : topic.get("partitions")) {
                assertEquals(1, partition.get("endOffset").asInt(), partition.toString());
                assertTrue(partition.get("sizeInBytes").asLong() > 0, partition.toString());
                size += partition.get("sizeInBytes").asLong();
            }
            assertEquals(
                    size,
                    named("apart", topics.get("topics")).get("sizeInBytes").asLong());

            JsonNode groups = console.get(200, "/api/v1/groups", "/api/v1/groups");
            assertEquals(1, groups.get("groups").size());
            JsonNode group = console.get(200, "/api/v1/groups/{group}", "/api/v1/groups/readers");
            Map<Integer, Long> lags = new HashMap<>();
            group.get("offsets")
                    .forEach(each -> lags.put(
                            each.get("partition").asInt(),
                            each.get("lagRecords").asLong()));
            assertEquals(Map.of(0, 0L, 2, 1L), lags);

            for (String path : List.of("transactions", "trash", "dead-letters", "warnings")) {
                console.get(200, "/api/v1/" + path, "/api/v1/" + path);
            }
            for (int broker = 1; broker <= BROKERS; broker++) {
                console.get(200, "/api/v1/brokers/{broker}/settings", "/api/v1/brokers/" + broker + "/settings");
            }
        }
    }

    private static JsonNode named(String name, JsonNode list) {
        for (JsonNode each : list) {
            if (each.get("name").asText().equals(name)) {
                return each;
            }
        }
        throw new AssertionError("no " + name + " in " + list);
    }

    @Test
    void recordsAreReadFoundAndWrittenWhereverTheyAre() throws IOException, InterruptedException, ExecutionException {
        int written = 0;
        for (RunningConsole console : consoles) {
            for (int partition = 0; partition < BROKERS; partition++) {
                String path = "/api/v1/topics/apart/partitions/" + partition + "/records";
                JsonNode records = console.get(200, TOPIC + "/partitions/{partition}/records", path + "?offset=0");
                assertEquals(
                        "lost " + partition, records.at("/records/0/value/text").asText());
                console.post(
                        200,
                        TOPIC + "/records",
                        "/api/v1/topics/copied/records",
                        "{\"records\": [{\"partition\": " + partition + ", \"value\": {\"text\": \"more\"}}]}");
                written++;
            }
            assertEquals(
                    BROKERS,
                    console.get(200, TOPIC + "/records", "/api/v1/topics/apart/records")
                            .get("records")
                            .size());
            List<String> found = new ArrayList<>();
            for (Event event : console.events(TOPIC + "/search", "/api/v1/topics/apart/search?value=lost")) {
                if (event.name().equals("record")) {
                    found.add(event.data().at("/value/text").asText());
                }
            }
            assertEquals(List.of("lost 0", "lost 1", "lost 2"), found);
            Set<String> seen = new TreeSet<>();
            console.events("GET", TOPIC + "/tail", "/api/v1/topics/apart/tail?fromMs=0", null, event -> {
                seen.add(event.data().at("/value/text").asText());
                return seen.size() == BROKERS;
            });
            assertEquals(Set.of("lost 0", "lost 1", "lost 2"), seen);
        }
        int copied = 0;
        for (JsonNode partition :
                consoles.getLast().get(200, TOPIC, "/api/v1/topics/copied").get("partitions")) {
            copied += partition.get("endOffset").asInt();
        }
        assertEquals(BROKERS + written, copied);
    }

    @Test
    void trafficIsThatOfTheWholeCluster() throws IOException, InterruptedException, ExecutionException {
        for (RunningConsole console : consoles) {
            console.console().sampler().sample();
            console.get(200, "/api/v1/topics", "/api/v1/topics"); // looks at what is elsewhere
        }
        produce("copied", 1, "x".repeat(10_000));
        for (RunningConsole console : consoles) {
            // its replica has what is written when the followers have fetched it
            while (true) {
                console.console().sampler().sample();
                JsonNode copied = named(
                        "copied",
                        console.get(200, "/api/v1/topics", "/api/v1/topics").get("topics"));
                if (copied.path("bytesInPerSecond").asLong() > 0) {
                    break;
                }
            }
        }
    }
}
