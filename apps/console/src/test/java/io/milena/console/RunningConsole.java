package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.milena.broker.Broker;
import io.milena.broker.BrokerSettings;
import io.milena.broker.Surroundings;
import io.milena.broker.cluster.DataPaths;
import io.milena.network.SocketNetwork;
import io.milena.quorum.InMemoryQuorum;
import io.milena.runtime.Environment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A broker with its console, asked over HTTP; every answer is compared with its description. */
final class RunningConsole implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final BrokerSettings settings;
    private final Console console;
    private final Broker broker;
    private final OpenApi description;
    private @Nullable Admin admin;

    private RunningConsole(BrokerSettings settings, Environment environment, Starting starting)
            throws IOException, InterruptedException {
        this.settings = settings;
        this.console = Console.start(settings, environment).orElseThrow();
        this.broker = starting.start(settings);
        console.show(broker);
        this.description =
                OpenApi.parse(send("GET", "/api/v1/openapi.json", null).body());
    }

    static RunningConsole start(Path data, Map<String, String> more) throws IOException, InterruptedException {
        return start(data, more, Environment.system());
    }

    /** @param environment that of the console alone */
    static RunningConsole start(Path data, Map<String, String> more, Environment environment)
            throws IOException, InterruptedException {
        Map<String, String> all = settings(1);
        all.put("log.dirs", data.toString());
        all.putAll(more);
        return new RunningConsole(BrokerSettings.of(all), environment, Broker::start);
    }

    /** Those of every broker here: free ports, and internal topics of so many partitions as there are brokers. */
    private static Map<String, String> settings(int brokers) {
        return new TreeMap<>(Map.of(
                "listeners", "PLAINTEXT://localhost:0",
                "milena.console.listener", "http://localhost:0",
                "group.initial.rebalance.delay.ms", "0",
                "offsets.topic.num.partitions", Integer.toString(brokers),
                "transaction.state.log.num.partitions", Integer.toString(brokers)));
    }

    @FunctionalInterface
    private interface Starting {
        Broker start(BrokerSettings settings) throws IOException;
    }

    /** The brokers of a cluster, each with its console; they agree in memory. */
    static List<RunningConsole> cluster(Path data, int brokers) throws InterruptedException, ExecutionException {
        Set<Integer> ids = IntStream.rangeClosed(1, brokers).boxed().collect(Collectors.toSet());
        InMemoryQuorum quorum = new InMemoryQuorum(ids);
        String voters = ids.stream().map(id -> id + "@localhost:0").collect(Collectors.joining(","));
        List<FutureTask<RunningConsole>> starting = new ArrayList<>();
        for (int id : ids) {
            Map<String, String> settings = settings(brokers);
            settings.put("node.id", Integer.toString(id));
            settings.put("milena.cluster.id", "Y29uc29sZXMtb2YtYWxsIQ");
            settings.put("controller.quorum.voters", voters);
            Surroundings around = new Surroundings(
                    DataPaths.of(data.resolve("broker-" + id)),
                    new SocketNetwork(),
                    Environment.system(),
                    (folder, voter, environment, listener) -> quorum.open(voter.self(), environment, listener),
                    partitions -> {});
            FutureTask<RunningConsole> each = new FutureTask<>(() -> new RunningConsole(
                    BrokerSettings.of(settings), Environment.system(), chosen -> Broker.start(chosen, around)));
            Thread.ofPlatform().start(each); // none is of use before most are there
            starting.add(each);
        }
        List<RunningConsole> all = new ArrayList<>();
        for (FutureTask<RunningConsole> each : starting) {
            all.add(each.get());
        }
        return all;
    }

    Broker broker() {
        return broker;
    }

    Console console() {
        return console;
    }

    OpenApi description() {
        return description;
    }

    /** Each with the names that there may be in its query. */
    Map<String, List<String>> operations() {
        return Console.router(() -> broker, settings, console.sampler()).operations();
    }

    String bootstrap() {
        return broker.address().getHostString() + ":" + broker.address().getPort();
    }

    Admin admin() {
        if (admin == null) {
            admin = Admin.create(Map.of("bootstrap.servers", bootstrap()));
        }
        return admin;
    }

    /** With Kafka's producer. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    final void produce(Map<String, Object> settings, ProducerRecord<byte[], byte[]>... records)
            throws InterruptedException, ExecutionException {
        produce(settings, List.of(records));
    }

    void produce(Map<String, Object> settings, List<ProducerRecord<byte[], byte[]>> records)
            throws InterruptedException, ExecutionException {
        Map<String, Object> all = new TreeMap<>(settings);
        all.put("bootstrap.servers", bootstrap());
        try (var producer = new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (ProducerRecord<byte[], byte[]> record : records) {
                sent.add(producer.send(record));
            }
            for (Future<?> each : sent) {
                each.get();
            }
        }
    }

    private HttpRequest request(String method, String path, @Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(console.url() + path));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        return request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
    }

    HttpResponse<String> send(String method, String path, @Nullable String body)
            throws IOException, InterruptedException {
        return client.send(request(method, path, body), BodyHandlers.ofString());
    }

    /** Asks, and compares the answer with its description. */
    JsonNode get(int status, String template, String path) throws IOException, InterruptedException {
        return ask(status, "GET", template, path, null);
    }

    JsonNode post(int status, String template, String path, String body) throws IOException, InterruptedException {
        return ask(status, "POST", template, path, body);
    }

    JsonNode ask(int status, String method, String template, String path, @Nullable String body)
            throws IOException, InterruptedException {
        HttpResponse<String> response = send(method, path, body);
        assertEquals(status, response.statusCode(), response.body());
        JsonNode answer = response.body().isEmpty() ? MissingNode.getInstance() : JSON.readTree(response.body());
        assertEquals(List.of(), description.faults(method, template, status, answer));
        return answer;
    }

    /** One event of a stream. */
    record Event(String name, String id, JsonNode data) {}

    /** The events until the stream ends, or one that is the last to be read. */
    List<Event> events(String method, String template, String path, @Nullable String body, Predicate<Event> isLast)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response = client.send(request(method, path, body), BodyHandlers.ofInputStream());
        List<Event> events = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertEquals(200, response.statusCode());
            String name = "";
            String id = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    Event event = new Event(name, id, JSON.readTree(line.substring(6)));
                    assertEquals(List.of(), description.eventFaults(method, template, name, event.data()));
                    events.add(event);
                    id = "";
                    if (isLast.test(event)) {
                        break;
                    }
                }
            }
        }
        return events;
    }

    List<Event> events(String template, String path) throws IOException, InterruptedException {
        return events("GET", template, path, null, event -> false);
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close();
        }
        broker.close();
        console.close();
        client.close();
    }
}
