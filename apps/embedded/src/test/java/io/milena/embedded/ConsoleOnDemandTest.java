package io.milena.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What somebody sees who opens the console of a test, over plain HTTP. */
@Timeout(60)
class ConsoleOnDemandTest {
    private static final int MEASUREMENTS = 6;

    @Test
    void theConsoleIsThereFromTheFirstCallOn() throws Exception {
        try (Milena milena = Milena.start()) {
            createTopic(milena.bootstrapServers());
            String url = milena.console();
            assertEquals(url, milena.console());
            assertEquals(200, get(url, "/health/ready").statusCode());
            assertTrue(get(url, "/").body().contains("<html"));
            assertTrue(get(url, "/api/v1/topics").body().contains("orders"));
        }
    }

    @Test
    void aConsoleThatWasNotOpenIsNotOpenedAfterTheEnd() {
        Milena milena = Milena.start();
        milena.close();
        assertThrows(IllegalStateException.class, milena::console);
    }

    @Test
    void itShowsABrokerWhoseTimeIsHeld() throws Exception {
        try (Milena milena = Milena.configure().time(VirtualTime.held()).start()) {
            createTopic(milena.bootstrapServers());
            assertTrue(get(milena.console(), "/api/v1/topics").body().contains("orders"));
        }
    }

    @Test
    void whatItTellsOfTimeIsInTheBrokersTime() throws Exception {
        VirtualTime time = VirtualTime.held();
        try (Milena milena = Milena.configure().topic("orders", 1).time(time).start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", milena.bootstrapServers()))) {
            String url = milena.console();
            assertTrue(admin.listTopics().names().get().contains("orders"));
            for (int i = 0; i < MEASUREMENTS; i++) {
                time.advance(Duration.ofSeconds(10));
            }

            long sinceMs = time.now().minus(Duration.ofMinutes(5)).toEpochMilli();
            String charts = get(url, "/api/v1/charts?name=connections&sinceMs=" + sinceMs)
                    .body();
            long points =
                    Pattern.compile("\\[\\d{13},").matcher(charts).results().count();
            assertTrue(points >= MEASUREMENTS, charts);
            String about = get(url, "/api/v1/console").body();
            assertTrue(about.contains("\"timeMs\":" + time.now().toEpochMilli()), about);
        }
    }

    @Test
    void itIsAtTheAddressThatIsSet() throws Exception {
        try (Milena milena = Milena.configure()
                .set("milena.console.listener", "http://127.0.0.1:0")
                .start()) {
            assertTrue(milena.console().startsWith("http://127.0.0.1:"));
            assertEquals(200, get(milena.console(), "/health/ready").statusCode());
        }
    }

    @Test
    void whereAnAddressIsSetItIsOpenedAtTheStartOrThatFails() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            String address = "http://localhost:" + taken.getLocalPort();
            assertThrows(
                    UncheckedIOException.class,
                    () -> Milena.configure()
                            .set("milena.console.listener", address)
                            .start());
        }
    }

    @Test
    void aClustersConsoleGoesOnWithTheBrokersThatAreLeft() throws Exception {
        try (MilenaCluster cluster = Milena.cluster(2)) {
            createTopic(cluster.bootstrapServers());
            String url = cluster.console();
            assertTrue(get(url, "/api/v1/topics").body().contains("orders"));

            cluster.stop(1);
            assertEquals(200, get(url, "/health/ready").statusCode());
            assertTrue(get(url, "/api/v1/topics").body().contains("orders"));
            cluster.kill(2);
            assertEquals(503, get(url, "/health/ready").statusCode());
            cluster.startAll();

            assertEquals(200, get(url, "/health/ready").statusCode());
            assertTrue(get(url, "/api/v1/topics").body().contains("orders"));
            assertEquals(url, cluster.console());
        }
    }

    private static void createTopic(String bootstrapServers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static HttpResponse<String> get(String url, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(url + path)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
