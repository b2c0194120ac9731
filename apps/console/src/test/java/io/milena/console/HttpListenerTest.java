package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Threads;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpListenerTest {
    private static final int AT_WORK_MAX = 64;

    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch isWorking = new CountDownLatch(AT_WORK_MAX);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private HttpListener listener;

    @BeforeEach
    void start() throws IOException {
        listener = HttpListener.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new RequestGuard(true, Set.of(), false),
                new Router()
                        .add("/hello", request -> Page.Response.text(200, "hello " + request.accept()))
                        .add("/slow", this::slow)
                        .add("POST", "/hello", request -> {
                            String name = request.body().only("name").textNeeded("name");
                            return Page.Response.text(200, "hello " + name);
                        })
                        .add(
                                "/events",
                                request -> Page.Response.events(events -> {
                                    events.send("one", "1", json -> json.writeString("a\nb"));
                                    throw new BadRequest(503, "It is over.");
                                }))
                        .add("/broken", request -> {
                            throw new IllegalStateException("broken on purpose");
                        }),
                Threads.system());
    }

    private Page.Response slow(Request request) {
        isWorking.countDown();
        try {
            mayEnd.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Page.Response.text(200, "at last");
    }

    @AfterEach
    void stop() {
        mayEnd.countDown();
        listener.close();
        client.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://localhost:" + listener.address().getPort() + path));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).header("Accept", "you").build(), BodyHandlers.ofString());
    }

    /** What comes back for these bytes, until the server closes. */
    private String raw(String bytes) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort())) {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aPageAnswersItsPathAndNoOther() throws IOException, InterruptedException {
        HttpResponse<String> response = get("/hello");
        assertEquals("hello you\n", response.body());
        assertEquals(400, get("/hello?any=thing").statusCode());
        assertEquals("no-store", response.headers().firstValue("Cache-Control").orElseThrow());
        assertEquals(
                "nosniff",
                response.headers().firstValue("X-Content-Type-Options").orElseThrow());
        for (String path : List.of("/", "/hello/", "/hello/there", "/hell", "/../hello", "//hello")) {
            assertEquals(404, get(path).statusCode(), path);
        }
    }

    @Test
    void aForeignNameIsRefusedBeforeAnyPageIsAsked() throws IOException {
        String answer = raw("GET /broken HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 403 "), answer);
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return client.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void whatIsWrongWithABodyIsNamed() throws IOException, InterruptedException {
        assertEquals("hello you\n", post("/hello", "{\"name\":\"you\"}").body());
        for (String[] wrong : new String[][] {
            {"", "name is missing."},
            {"{}", "name is missing."},
            {"{\"name\":7}", "name must be a text."},
            {"{\"nam\":\"you\"}", "There is no field nam; allowed are name."},
            {"[]", "The body must be a JSON object."},
            {"{} {}", "The body must be one JSON object; there is more behind it."},
            {"{\"name\":", "The body is not JSON: "},
            {"{", "The body is not JSON: Unexpected end-of-input: expected close marker for Object (line 1, column 2)"}
        }) {
            HttpResponse<String> response = post("/hello", wrong[0]);
            assertEquals(400, response.statusCode(), wrong[0]);
            assertTrue(response.body().contains("\"detail\":\"" + wrong[1]), response.body());
            assertEquals(
                    "application/problem+json",
                    response.headers().firstValue("Content-Type").orElseThrow());
        }
        assertEquals(413, post("/hello", " ".repeat((8 << 20) + 1)).statusCode());
    }

    @Test
    void aMethodThatAPathDoesNotHaveIsRefusedAndTheOthersAreNamed() throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request("/hello").DELETE().build(), BodyHandlers.ofString());
        assertEquals(405, response.statusCode());
        assertEquals("GET, HEAD, POST", response.headers().firstValue("Allow").orElseThrow());
        assertEquals(405, post("/slow", "{}").statusCode());
    }

    @Test
    void eventsAreSentAsTheyHappenAndTheLastSaysWhatWentWrong() throws IOException, InterruptedException {
        HttpResponse<String> response =
                client.send(request("/events").header("Accept-Encoding", "gzip").build(), BodyHandlers.ofString());
        assertEquals(
                "text/event-stream",
                response.headers().firstValue("Content-Type").orElseThrow());
        assertEquals(
                ":\n\n"
                        + "event: one\n"
                        + "id: 1\n"
                        + "data: \"a\\n"
                        + "b\"\n\n"
                        + "event: problem\n"
                        + "data: {\"type\":\"about:blank\",\"title\":\"Service"
                        + " Unavailable\",\"status\":503,\"detail\":\"It is over.\"}\n\n",
                response.body());
    }

    @Test
    void whoeverWantsItGetsItCompressed() throws IOException, InterruptedException {
        HttpResponse<byte[]> response =
                client.send(request("/hello").header("Accept-Encoding", "gzip").build(), BodyHandlers.ofByteArray());
        try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            assertEquals("hello \n", new String(plain.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void aHeadHasNoBody() throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                request("/hello")
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        assertEquals(200, response.statusCode());
        assertEquals("", response.body());
    }

    @Test
    void aPageThatFailsEndsItsConnectionOnly() throws IOException, InterruptedException {
        assertThrows(IOException.class, () -> get("/broken"));
        assertEquals(200, get("/hello").statusCode());
    }

    @Test
    void moreRequestsThanItTakesAreTurnedAwayAndTheOthersGoOn() throws IOException, InterruptedException {
        List<Socket> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < AT_WORK_MAX; i++) {
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), listener.address().getPort());
                socket.getOutputStream()
                        .write("GET /slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                waiting.add(socket);
            }
            isWorking.await();
            assertThrows(IOException.class, () -> get("/hello"));
            mayEnd.countDown();
            for (Socket socket : waiting) {
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertTrue(answer.contains("at last"), answer);
            }
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
        assertEquals(200, get("/hello").statusCode());
    }

    @Test
    void anAddressInUseIsNamed() {
        BindException e = assertThrows(
                BindException.class,
                () -> HttpListener.start(
                        listener.address(), new RequestGuard(true, Set.of(), false), new Router(), Threads.system()));
        assertTrue(
                String.valueOf(e.getMessage()).contains(":" + listener.address().getPort()), e.getMessage());
    }
}
