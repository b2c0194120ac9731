package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.milena.console.RunningConsole.Event;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Searching and following a topic, whose records Kafka's own producer has written. */
@Timeout(120)
class SearchTest {
    private static final String SEARCH = "/api/v1/topics/{topic}/search";
    private static final String TAIL = "/api/v1/topics/{topic}/tail";
    private static final int RECORDS = 3000;

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
    }

    @AfterEach
    void stop() {
        running.close();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Half of the records in each partition, at one a second from the time 0 on. */
    private void fill(String compression) throws InterruptedException, ExecutionException {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            RecordHeaders headers = new RecordHeaders();
            headers.add("trace", utf8("t" + i));
            records.add(new ProducerRecord<>(
                    "orders", i % 2, i * 1000L, utf8("user-" + i % 100), utf8("{\"id\":" + i + "}"), headers));
        }
        running.produce(Map.of("compression.type", compression, "linger.ms", "5"), records);
    }

    private List<Event> search(String query) throws IOException, InterruptedException {
        List<Event> events = running.events(SEARCH, "/api/v1/topics/orders/search?" + query);
        assertEquals("end", events.getLast().name(), events.getLast().toString());
        return events;
    }

    private static List<Integer> ids(List<Event> events) throws IOException {
        List<Integer> ids = new ArrayList<>();
        for (Event event : events) {
            if (event.name().equals("record")) {
                ids.add(RunningConsole.JSON
                        .readTree(event.data().at("/value/text").asText())
                        .get("id")
                        .asInt());
            }
        }
        return ids;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void whatIsLookedForIsFoundInEveryPartition() throws IOException, InterruptedException, ExecutionException {
        for (String compression : List.of("none", "zstd")) {
            fill(compression);
        }
        assertEquals(List.of(1234, 1234), ids(search("value=" + encoded("{\"id\":1234}"))));
        assertEquals(List.of(77, 77), ids(search("keyIs=user-77&toMs=100000")));
        assertEquals(List.of(2990, 2990), ids(search("fromMs=2990000&json=" + encoded("$.id=2990"))));
        assertEquals(List.of(2998, 2998), ids(search("partition=0&fromMs=2997000")));
        assertEquals(List.of(9, 9), ids(search("header=trace:t9&toMs=10000")));
        assertEquals(List.of(42, 42), ids(search("valueRegex=" + encoded("\"id\":4.\\}") + "&key=USER-42&ignoreCase")));
        JsonNode end = search("value=nowhere").getLast().data();
        assertEquals("done", end.get("reason").asText());
        assertEquals(2 * RECORDS, end.get("scannedRecords").asInt());
        assertEquals(2 * RECORDS, end.get("totalRecords").asInt());
        assertEquals(1.0, end.get("fraction").asDouble());
        assertTrue(end.get("scannedBytes").asLong() > 10_000);
    }

    @Test
    void aSearchThatWasEndedGoesOnWhereItWas() throws IOException, InterruptedException, ExecutionException {
        fill("lz4");
        List<Integer> found = new ArrayList<>();
        String position = "";
        String reason = "limit";
        while (reason.equals("limit")) {
            List<Event> events = search("keyIs=user-" + 7 + "&limit=4" + position);
            found.addAll(ids(events));
            reason = events.getLast().data().get("reason").asText();
            position = "&position=" + events.getLast().data().get("position").asText();
        }
        List<Integer> all = new ArrayList<>();
        for (int i = 7; i < RECORDS; i += 100) {
            all.add(i);
        }
        assertEquals(all, found);

        // each hit can be gone on from as well
        List<Event> some = search("keyIs=user-7&limit=3");
        Event second = some.stream()
                .filter(event -> event.name().equals("record"))
                .skip(1)
                .findFirst()
                .orElseThrow();
        assertEquals(all.subList(2, all.size()), ids(search("keyIs=user-7&position=" + second.id())));
    }

    @Test
    void whatIsFoundComesInOrderHoweverManyPartitionsAreLookedAtSideBySide()
            throws IOException, InterruptedException, ExecutionException {
        int partitions = 12;
        int each = 40;
        running.admin()
                .createTopics(List.of(new NewTopic("large", partitions, (short) 1)))
                .all()
                .get();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < partitions * each; i++) {
            String value = "{\"id\":" + i / partitions + ",\"rest\":\"" + "x".repeat(100_000) + "\"}";
            records.add(new ProducerRecord<>("large", i % partitions, utf8("k"), utf8(value)));
        }
        running.produce(Map.of(), records); // several steps in each partition

        List<String> places = new ArrayList<>();
        List<Event> events =
                running.events(SEARCH, "/api/v1/topics/large/search?key=K&ignoreCase=true&limit=1000&maxBytes=10");
        for (Event event : events) {
            if (event.name().equals("record")) {
                places.add(event.data().get("partition") + ":" + event.data().get("offset"));
            }
        }
        List<String> expected = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            for (int offset = 0; offset < each; offset++) {
                expected.add(partition + ":" + offset);
            }
        }
        assertEquals(expected, places);
        assertEquals(
                partitions * each, events.getLast().data().get("scannedRecords").asInt());
    }

    @Test
    void whatIsNoSearchIsRefusedBeforeItBegins() throws IOException, InterruptedException {
        for (String wrong : List.of(
                "keyRegex=(",
                "json=id",
                "position=x",
                "limit=0",
                "partition=2",
                "fromMs=yesterday",
                "ignoreCase=perhaps")) {
            running.get(400, SEARCH, "/api/v1/topics/orders/search?" + wrong);
        }
        running.get(404, SEARCH, "/api/v1/topics/nowhere/search");
    }

    @Test
    void recordsAreShownAsTheyCome() throws IOException, InterruptedException, ExecutionException {
        running.produce(Map.of(), new ProducerRecord<>("orders", 0, utf8("k"), utf8("before")));
        FutureTask<List<Event>> followed = new FutureTask<>(() -> running.events(
                "GET",
                TAIL,
                "/api/v1/topics/orders/tail?value=wanted",
                null,
                event -> event.data().at("/value/text").asText().equals("wanted last")));
        Thread.ofVirtual().start(followed);
        while (!followed.isDone()) { // until it has begun to follow, nothing of this is seen
            running.produce(
                    Map.of(),
                    new ProducerRecord<>("orders", 1, utf8("k"), utf8("wanted first")),
                    new ProducerRecord<>("orders", 1, utf8("k"), utf8("other")),
                    new ProducerRecord<>("orders", 1, utf8("k"), utf8("wanted last")));
        }
        List<Event> events = followed.get();
        assertEquals("wanted first", events.getFirst().data().at("/value/text").asText());
        assertEquals(2, events.size(), events.toString());

        List<Event> fromBegin =
                running.events("GET", TAIL, "/api/v1/topics/orders/tail?fromMs=0&partition=0", null, event -> true);
        assertEquals("before", fromBegin.getFirst().data().at("/value/text").asText());
    }
}
