package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.broker.Broker;
import io.milena.broker.BrokerSettings;
import io.milena.broker.metrics.BrokerMetrics;
import io.milena.broker.metrics.Metric;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A console beside its broker, asked as Prometheus and an orchestrator ask. */
@Timeout(120)
class ConsoleTest {
    /** Metrics that have no values in a healthy broker without TLS. */
    private static final Set<String> WITHOUT_VALUES =
            Set.of("milena_hanging_transaction_age_seconds", "milena_certificate_expiry_seconds");

    @TempDir
    private Path data;

    private BrokerSettings settings(Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(Map.of(
                "log.dirs", data.toString(),
                "listeners", "PLAINTEXT://localhost:0",
                "milena.console.listener", "http://localhost:0",
                "offsets.topic.num.partitions", "1",
                "group.initial.rebalance.delay.ms", "0"));
        all.putAll(more);
        return BrokerSettings.of(all);
    }

    private static HttpResponse<String> get(Console console, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(console.url() + path)).build(), BodyHandlers.ofString());
        }
    }

    private static void assertAnswer(int status, String text, HttpResponse<String> response) {
        assertEquals(status, response.statusCode(), response.body());
        assertEquals(text + "\n", response.body());
    }

    @Test
    void aProcessIsAliveBeforeItsBrokerIsReadyAndAfter() throws IOException, InterruptedException {
        BrokerSettings settings = settings(Map.of());
        try (Console console = Console.start(settings).orElseThrow()) {
            assertAnswer(200, "alive", get(console, "/health/live"));
            assertAnswer(503, "starting", get(console, "/health/ready"));
            assertEquals(200, get(console, "/metrics").statusCode());
            try (Broker broker = Broker.start(settings)) {
                console.show(broker);
                assertAnswer(200, "ready", get(console, "/health/ready"));
            }
            assertAnswer(503, "stopping", get(console, "/health/ready"));
            assertAnswer(200, "alive", get(console, "/health/live"));
        }
    }

    @Test
    void everyMetricOfTheCatalogIsShownUnderItsNameAndKind() throws Exception {
        BrokerSettings settings = settings(Map.of());
        try (Console console = Console.start(settings).orElseThrow();
                Broker broker = Broker.start(settings)) {
            console.show(broker);
            String bootstrap =
                    broker.address().getHostString() + ":" + broker.address().getPort();
            try (var producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new StringSerializer())) {
                for (int i = 0; i < 10; i++) {
                    producer.send(new ProducerRecord<>("orders", "key", "value " + i))
                            .get();
                }
            }
            TopicPartition partition = new TopicPartition("orders", 0);
            try (var consumer = new KafkaConsumer<>(
                    Map.of("bootstrap.servers", bootstrap, "group.id", "bil\"ling\\", "enable.auto.commit", "false"),
                    new StringDeserializer(),
                    new StringDeserializer())) {
                consumer.assign(List.of(partition));
                consumer.seek(partition, 0);
                consumer.poll(Duration.ofSeconds(20));
                consumer.commitSync(Map.of(partition, new OffsetAndMetadata(4)));
                assertThrows(
                        RuntimeException.class,
                        () -> consumer.commitSync(
                                Map.of(new TopicPartition("nowhere", 7), new OffsetAndMetadata(4)),
                                Duration.ofSeconds(1)));
            }

            Exposition shown = Exposition.parse(get(console, "/metrics").body());

            assertEquals(10, shown.samples().get("kafka_server_brokertopicmetrics_messagesin_total{topic=\"orders\"}"));
            assertEquals(
                    6,
                    shown.samples()
                            .get(
                                    "kafka_consumergroup_lag{consumergroup=\"bil\\\"ling\\\\\",topic=\"orders\",partition=\"0\"}"));
            assertTrue(shown.samples()
                    .containsKey("milena_request_duration_seconds_bucket{request=\"Produce\",le=\"+Inf\"}"));
            assertTrue(shown.samples().getOrDefault("process_cpu_seconds_total", 0.0) > 0);
            Set<String> missing = new HashSet<>();
            for (Metric metric : BrokerMetrics.catalog()) {
                String kind = shown.types().get(metric.name());
                if (kind == null) {
                    missing.add(metric.name());
                } else {
                    assertEquals(metric.kind().name().toLowerCase(Locale.ROOT), kind, metric.name());
                }
            }
            assertEquals(WITHOUT_VALUES, missing);
        }
    }

    @Test
    void anEmptySettingSwitchesItOff() throws IOException {
        assertEquals(Optional.empty(), Console.start(settings(Map.of("milena.console.listener", ""))));
    }

    @Test
    void aPortThatWasAskedForAndIsTakenIsAnError() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            BrokerSettings settings =
                    settings(Map.of("milena.console.listener", "http://localhost:" + taken.getLocalPort()));
            assertThrows(BindException.class, () -> Console.start(settings));
        }
    }

    @Test
    void theUsualPortIsGivenUpForAFreeOne() throws IOException, InterruptedException {
        BrokerSettings settings = BrokerSettings.of(Map.of("log.dirs", data.toString()));
        try (Console first = Console.start(settings).orElseThrow();
                Console second = Console.start(settings).orElseThrow()) {
            assertNotEquals(first.url(), second.url());
            assertAnswer(200, "alive", get(second, "/health/live"));
        }
    }

    @Test
    void aListenerThatIsNoneIsRefused() {
        for (String listener :
                List.of("localhost:8080", "https://localhost:8080", "http://:8080:1", "http://localhost")) {
            IllegalArgumentException e = assertThrows(
                    IllegalArgumentException.class,
                    () -> settings(Map.of("milena.console.listener", listener)),
                    listener);
            assertTrue(String.valueOf(e.getMessage()).contains("milena.console.listener"), e.getMessage());
        }
    }
}
