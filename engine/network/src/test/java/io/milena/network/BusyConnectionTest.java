package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.Payload;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whose requests come quickly is served by threads of the system, and noticed by nobody but the clock. */
@Timeout(120)
class BusyConnectionTest {
    private static final Duration SHORT = Duration.ofMillis(10);
    private static final String VIRTUAL = "read by virtual, answered by virtual";
    private static final String OF_SYSTEM = "read by system, answered by system";

    private static final int FILE_BYTES = 24 * 1024 * 1024;

    private final Map<String, PendingReply> pending = new ConcurrentHashMap<>();
    private final BlockingQueue<String> taken = new LinkedBlockingQueue<>();

    @TempDir
    private Path folder;

    private LoopbackServer server;

    /** Answers with the threads at work; "pending" when the test says so, "now" at once. */
    private Reply handle(ByteBuffer frame) {
        String text = LoopbackServer.text(frame);
        if (text.startsWith("pending")) {
            taken.add(text);
            return reply(text);
        }
        return switch (text) {
            case "bad" -> throw new CloseConnection("bad on purpose");
            case "now" -> Reply.ready(PendingReply.frame("now"));
            default -> new Told("read by " + thread());
        };
    }

    /** Waits until the server has taken these, which are the next. */
    private void awaitTaken(String... texts) throws InterruptedException {
        for (String text : texts) {
            assertEquals(text, taken.poll(60, TimeUnit.SECONDS));
        }
    }

    private PendingReply reply(String text) {
        return pending.computeIfAbsent(text, _ -> new PendingReply());
    }

    private static String thread() {
        return Thread.currentThread().isVirtual() ? "virtual" : "system";
    }

    /** Always sent by the writer, as it is not said to be ready. */
    private record Told(String reader) implements Reply {
        @Override
        public List<Payload> await() {
            return PendingReply.frame(reader + ", answered by " + thread());
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = LoopbackServer.start(this::handle);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        server.close();
        server.assertNoThreadIsLeft();
    }

    /** The clock of the server stands still, so any number of requests comes quickly. */
    private static void ask(Client client, int times) throws IOException {
        ask(client, "?", times);
    }

    private static void ask(Client client, String text, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            client.ask(text);
        }
    }

    /** The writer may have waited for the reply behind those that make the connection busy. */
    private static void makeBusy(Client client) throws IOException {
        ask(client, Pace.REQUESTS + 1);
        assertEquals(OF_SYSTEM, client.ask("?"));
    }

    @Test
    void whoAsksQuicklyHasThreadsOfTheSystem() throws Exception {
        try (Client client = server.connect();
                Client other = server.connect()) {
            assertEquals(VIRTUAL, client.ask("?"));
            makeBusy(client);
            assertEquals(VIRTUAL, other.ask("?"));
        }
    }

    @Test
    void whoBecomesSlowGivesThemBack() throws Exception {
        try (Client client = server.connect()) {
            for (int times = 0; times < 3; times++) {
                ask(client, Pace.REQUESTS);
                ask(client, 1);
                assertEquals(OF_SYSTEM, client.ask("?"));
                server.clock.advanceMs(60_000);
                ask(client, Pace.REQUESTS - 2);
                ask(client, 1);
                assertEquals(VIRTUAL, client.ask("?"));
                ask(client, Pace.REQUESTS - 2);
            }
        }
    }

    /** What is there at once is answered by the reader, and the writer waits for what comes then. */
    @Test
    void theWriterDoesSoTooAlthoughItHasNothingToSend() throws Exception {
        try (Client client = server.connect()) {
            makeBusy(client);
            server.clock.advanceMs(60_000);
            ask(client, "now", Pace.REQUESTS);
            assertTrue(server.awaitEndOf("connection-1-writer-busy"));
            assertEquals(VIRTUAL, client.ask("?"));
        }
    }

    @Test
    void whatIsAtWorkIsAnsweredWhenTheServerStops() throws Exception {
        try (Client client = server.connect();
                Client silent = server.connect()) {
            makeBusy(client);
            makeBusy(silent);
            client.send("pending a", "pending b");
            awaitTaken("pending a", "pending b");
            reply("pending a").awaitTurn();
            Thread stop = Threads.system().startBlocking("stop", server::close);
            silent.assertClosed();
            assertFalse(stop.join(SHORT), "two replies are due");
            reply("pending a").complete("a");
            reply("pending b").complete("b");
            assertEquals("a", client.receive());
            assertEquals("b", client.receive());
            client.assertClosed();
            assertTrue(stop.join(Duration.ofSeconds(60)));
        }
    }

    @Test
    void theRepliesOfAClientThatLeavesAreGivenUp() throws Exception {
        try (Client client = server.connect()) {
            makeBusy(client);
            client.send("pending a", "pending b");
            awaitTaken("pending a", "pending b");
            reply("pending a").awaitTurn();
        }
        server.awaitEnd(1);
        reply("pending a").awaitGivenUp();
        reply("pending b").awaitGivenUp();
    }

    @Test
    void aServerThatIsAbortedClosesIt() throws Exception {
        try (Client client = server.connect()) {
            makeBusy(client);
            client.send("pending");
            reply("pending").awaitTurn();
            server.abort();
            client.assertClosed();
            reply("pending").awaitGivenUp();
        }
    }

    @Test
    void aConsumerThatDoesNotReadDoesNotKeepThem() throws Exception {
        try (TemporaryFile file = new TemporaryFile(folder.resolve("segment"), new byte[FILE_BYTES])) {
            try (LoopbackServer files = LoopbackServer.start(
                            frame -> LoopbackServer.text(frame.duplicate()).equals("file")
                                    ? Reply.ready(List.<Payload>of(file.part(0, FILE_BYTES)))
                                    : handle(frame));
                    Client consumer = Client.connect(files.port(), 64 * 1024)) {
                makeBusy(consumer);
                consumer.send("pending", "file", "file");
                awaitTaken("pending");
                reply("pending").complete("the writer sends what follows");
                consumer.receive();
                consumer.receiveBytes(1);
                files.abort();
                files.assertNoThreadIsLeft();
            }
            assertEquals(0, file.held());
        }
    }

    @Test
    void whoBreaksTheRulesGetsTheAnswersThatAreDue() throws Exception {
        try (Complaints complaints = new Complaints();
                Client client = server.connect()) {
            makeBusy(client);
            client.send("?", "bad");
            assertEquals(OF_SYSTEM, client.receive());
            client.assertClosed();
            assertTrue(complaints.next().endsWith("bad on purpose"));
        }
    }

    @Test
    void aFrameBeginsOnOneThreadAndEndsOnAnother() throws Exception {
        try (Client client = server.connect()) {
            ask(client, Pace.REQUESTS - 1);
            byte[] two = {0, 0, 0, 1, '?', 0, 0, 0, 1, '?'};
            for (int length = 6; length < two.length; length++) {
                client.sendBytes(Arrays.copyOf(two, length));
                String first = client.receive();
                client.sendBytes(Arrays.copyOfRange(two, length, two.length));
                String second = client.receive();
                boolean isBusyNow = length % 2 == 0;
                assertTrue(first.startsWith(isBusyNow ? "read by virtual" : "read by system"), first);
                assertTrue(second.startsWith(isBusyNow ? "read by system" : "read by virtual"), second);
                server.clock.advanceMs(isBusyNow ? 60_000 : 0); // so the next change is the other way
                ask(client, Pace.REQUESTS - 2);
            }
        }
    }

    @Test
    void whoFindsThemAllInUseIsServedAsBefore() throws Exception {
        List<Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < BusyThreads.MAX / 2; i++) {
                clients.add(server.connect());
                makeBusy(clients.getLast());
            }
            try (Client late = server.connect()) {
                ask(late, Pace.REQUESTS + 1);
                assertEquals(VIRTUAL, late.ask("?"));
                clients.getFirst().close();
                server.awaitEnd(1);
                ask(late, 2);
                assertEquals(OF_SYSTEM, late.ask("?"));
            }
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
    }
}
