package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.milena.console.RunningConsole.Event;
import io.milena.console.search.RecordFilter;
import io.milena.runtime.Clock;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers: each console shows all of the cluster, also what only another broker has. */
@Timeout(120)
class WholeClusterTest {
    private static final String TOPIC = "/api/v1/topics/{topic}";
    private static final String CHARTS = "/api/v1/charts";
    private static final int BROKERS = 3;

    @TempDir
    private static Path data;

    private static List<RunningConsole> consoles = List.of();

    /** Each partition of this topic is on one broker only, each on another. Tests that write more have topics of their own. */
    @BeforeAll
    static void start() throws InterruptedException, ExecutionException {
        consoles = RunningConsole.cluster(data, BROKERS);
        RunningConsole any = consoles.getFirst();
        create(apart("apart"), new NewTopic("copied", 3, (short) 3));
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

    private static NewTopic apart(String name) {
        return new NewTopic(name, Map.of(0, List.of(1), 1, List.of(2), 2, List.of(3)));
    }

    private static void create(NewTopic... topics) throws InterruptedException, ExecutionException {
        consoles.getFirst().admin().createTopics(List.of(topics)).all().get();
    }

    @AfterAll
    static void stop() {
        consoles.forEach(RunningConsole::close);
    }

    private static void produce(String topic, int partition, String value)
            throws InterruptedException, ExecutionException {
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
    void anyConsoleBringsBackADeletedTopicThatIsOnOtherBrokers() throws Exception {
        create(apart("undone"));
        for (int partition = 0; partition < BROKERS; partition++) {
            produce("undone", partition, "kept " + partition);
        }
        for (RunningConsole console : consoles) {
            consoles.getFirst().admin().deleteTopics(List.of("undone")).all().get();
            String id = named(
                            "undone",
                            console.get(200, "/api/v1/trash", "/api/v1/trash").get("topics"))
                    .get("id")
                    .asText();
            console.post(200, "/api/v1/trash/{id}/restore", "/api/v1/trash/" + id + "/restore", "{}");
        }
        for (int partition = 0; partition < BROKERS; partition++) {
            produce("undone", partition, "new " + partition);
        }
        for (RunningConsole console : consoles) {
            for (JsonNode partition :
                    console.get(200, TOPIC, "/api/v1/topics/undone").get("partitions")) {
                assertEquals(2, partition.get("endOffset").asInt(), partition.toString());
            }
        }
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
    void aSearchGoesOnWhereTheLeaderMovesTo() throws BadRequest, IOException, InterruptedException, ExecutionException {
        RunningConsole asked = consoles.getLast();
        create(apart("moved"));
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 160; i++) { // more than is read ahead
            records.add(new ProducerRecord<>("moved", 0, null, new byte[50_000]));
        }
        asked.produce(Map.of(), records);
        Cluster cluster = new Cluster(() -> asked.broker().localApi());
        Scan scan = new Scan(
                cluster, Clock.system(), Threads.system(), cluster.topic("moved"), List.of(0), RecordFilter.ALL, null);
        List<Long> found = new ArrayList<>();
        boolean isDone = scan.run(new Scan.Listener() {
            @Override
            public boolean found(int partition, RecordReader.Read read) throws BadRequest {
                if (found.isEmpty()) {
                    move("moved", 0, 2);
                }
                found.add(read.record().offset());
                return true;
            }

            @Override
            public void goesOn() {}
        });
        assertTrue(isDone);
        assertEquals(LongStream.range(0, 160).boxed().toList(), found);
    }

    /** To this broker alone; returns when it leads. */
    private void move(String topic, int partition, int broker) throws BadRequest {
        RunningConsole any = consoles.getFirst();
        try {
            any.admin()
                    .alterPartitionReassignments(Map.of(
                            new TopicPartition(topic, partition),
                            Optional.of(new NewPartitionReassignment(List.of(broker)))))
                    .all()
                    .get();
            Cluster cluster = new Cluster(() -> any.broker().localApi());
            while (RecordReader.leader(cluster.topic(topic), partition) != broker) {
                any.admin().describeCluster().nodes().get(); // takes its time
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void trafficIsThatOfTheWholeCluster() throws IOException, InterruptedException, ExecutionException {
        create(apart("busy"));
        for (RunningConsole console : consoles) {
            while (true) { // what is written between two samples counts in one rate only
                console.console().sampler().sample();
                for (int partition = 0; partition < BROKERS; partition++) {
                    produce("busy", partition, "x".repeat(10_000));
                }
                readAll(console, "busy");
                console.console().sampler().sample();
                if (isBusy(console)) {
                    break;
                }
            }
        }
    }

    /** On whichever broker the partition is. */
    private static boolean isBusy(RunningConsole console) throws IOException, InterruptedException {
        JsonNode partitions = console.get(200, TOPIC, "/api/v1/topics/busy").get("partitions");
        JsonNode topic = named(
                "busy", console.get(200, "/api/v1/topics", "/api/v1/topics").get("topics"));
        List<JsonNode> looked = new ArrayList<>(List.of(topic));
        partitions.forEach(looked::add);
        return looked.stream()
                .allMatch(each -> each.path("bytesInPerSecond").asLong() > 0
                        && each.path("bytesOutPerSecond").asLong() > 0
                        && each.path("recordsInPerSecond").asDouble() > 0);
    }

    private static void readAll(RunningConsole console, String topic) throws IOException, InterruptedException {
        for (int partition = 0; partition < BROKERS; partition++) {
            console.get(
                    200,
                    TOPIC + "/partitions/{partition}/records",
                    "/api/v1/topics/" + topic + "/partitions/" + partition + "/records?offset=0");
        }
    }

    @Test
    void chartsAndWarningsAreThoseOfTheWholeCluster() throws IOException, InterruptedException, ExecutionException {
        create(apart("hot"));
        for (RunningConsole console : consoles) {
            Set<String> expected = Set.of(
                    "bytes-in hot",
                    "records-in hot",
                    "produce-latency-p99 ",
                    "lag apart",
                    "lag-seconds apart",
                    "hot-partition hot");
            Set<String> seen = new TreeSet<>();
            while (!seen.containsAll(expected)) { // what the console itself samples in between makes rates of its own
                produceMany("hot", 2);
                console.console().sampler().sample();
                seen.addAll(lines(console, "bytes-in,records-in&topic=hot"));
                seen.addAll(lines(console, "produce-latency-p99"));
                seen.addAll(lines(console, "lag,lag-seconds&group=readers&topic=apart"));
                console.get(200, "/api/v1/warnings", "/api/v1/warnings")
                        .get("warnings")
                        .forEach(each -> seen.add(each.get("kind").asText() + " "
                                + each.path("topic").asText()));
            }
        }
    }

    /** Those with something above zero: name and topic. */
    private static Set<String> lines(RunningConsole console, String asked) throws IOException, InterruptedException {
        Set<String> lines = new TreeSet<>();
        for (JsonNode line : console.get(200, CHARTS, CHARTS + "?name=" + asked).get("series")) {
            for (JsonNode point : line.get("points")) {
                if (point.get(1).asDouble() > 0) {
                    lines.add(line.get("name").asText() + " "
                            + line.at("/labels/topic").asText());
                }
            }
        }
        return lines;
    }

    private static void produceMany(String topic, int partition) throws InterruptedException, ExecutionException {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            records.add(new ProducerRecord<>(topic, partition, null, new byte[10]));
        }
        consoles.getFirst().produce(Map.of(), records);
    }
}
