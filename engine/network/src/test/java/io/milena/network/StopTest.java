package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.Payload;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that stops answers what is at work, closes the rest and leaves no thread behind. */
@Timeout(120)
class StopTest {
    private static final int FILE_BYTES = 24 * 1024 * 1024;
    private static final Duration SHORT = Duration.ofMillis(10);

    private final Map<String, PendingReply> pending = new ConcurrentHashMap<>();
    private final BlockingQueue<String> taken = new LinkedBlockingQueue<>();
    private final AtomicInteger handlers = new AtomicInteger();

    /** Opens for handlers that were told to wait for it. */
    private final CountDownLatch gate = new CountDownLatch(1);

    private final CountDownLatch isAtGate = new CountDownLatch(1);

    @TempDir
    private Path folder;

    private TemporaryFile file;
    private LoopbackServer server;

    private final class Counted implements FrameHandler {
        Counted() {
            handlers.incrementAndGet();
        }

        @Override
        public Reply handle(ByteBuffer frame) {
            String text = LoopbackServer.text(frame);
            taken.add(text);
            if (text.startsWith("now")) {
                return Reply.ready(PendingReply.frame(text));
            }
            if (text.equals("file")) {
                return Reply.ready(List.<Payload>of(file.part(0, FILE_BYTES)));
            }
            if (text.equals("gate")) {
                awaitGate();
                return Reply.ready(PendingReply.frame(text));
            }
            return pending.computeIfAbsent(text, key -> new PendingReply());
        }

        @Override
        public void close() {
            handlers.decrementAndGet();
        }
    }

    private void awaitGate() {
        isAtGate.countDown();
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until the server has taken these frames, which are the first. */
    private void awaitTaken(String... texts) throws InterruptedException {
        for (String text : texts) {
            assertEquals(text, taken.poll(60, TimeUnit.SECONDS));
        }
    }

    private PendingReply reply(String text) {
        return pending.computeIfAbsent(text, key -> new PendingReply());
    }

    @BeforeEach
    void start() throws IOException {
        file = new TemporaryFile(folder.resolve("segment"), new byte[FILE_BYTES]);
        server = LoopbackServer.startWith((local, remote) -> new Counted(), LoopbackServer.WIDE);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        gate.countDown();
        server.close();
        server.assertNoThreadIsLeft();
        assertEquals(0, server.statistics().open());
        assertEquals(0, handlers.get(), "handlers that were not closed");
        assertEquals(0, file.held(), "parts of files that were not released");
        file.close();
    }

    private Thread stop() {
        return Threads.system().startBlocking("stop", server::close);
    }

    /** Lets the server's patience pass until it has stopped. */
    private void awaitWithoutPatience(Thread stop) throws InterruptedException {
        boolean hasStopped = false;
        for (int i = 0; i < 6_000 && !hasStopped; i++) {
            server.clock.advanceMs(100);
            hasStopped = stop.join(SHORT);
        }
        assertTrue(hasStopped, "the server does not stop");
    }

    @Test
    void aServerWithoutClientsStopsAtOnce() throws Exception {
        int port = server.port();
        server.close();
        server.assertNoThreadIsLeft();
        assertThrows(ConnectException.class, () -> Client.connect(port));
    }

    @Test
    void whatIsAtWorkIsAnsweredAndTheRestIsClosed() throws Exception {
        try (Client busy = server.connect();
                Client half = server.connect();
                Client idle = server.connect()) {
            // Given
            busy.send("a", "b", "now-c");
            awaitTaken("a", "b", "now-c");
            reply("a").awaitTurn();
            half.ask("now");
            half.sendSize(100);
            half.sendBytes(new byte[50]);
            idle.ask("now");
            // When
            Thread stop = stop();
            idle.assertClosed();
            half.assertClosed();
            // Then
            assertFalse(stop.join(SHORT), "two replies are due");
            reply("a").complete("a");
            reply("b").complete("b");
            assertEquals("a", busy.receive());
            assertEquals("b", busy.receive());
            assertEquals("now-c", busy.receive());
            busy.assertClosed();
            assertTrue(stop.join(Duration.ofSeconds(60)), "the server waits although nothing is due");
        }
    }

    @Test
    void theFrameThatIsBeingHandledIsAnswered() throws Exception {
        try (Client busy = server.connect();
                Client idle = server.connect()) {
            // Given
            busy.send("gate", "never taken");
            isAtGate.await();
            idle.ask("now");
            // When
            Thread stop = stop();
            idle.assertClosed();
            gate.countDown();
            // Then
            assertEquals("gate", busy.receive());
            busy.assertClosed();
            assertTrue(stop.join(Duration.ofSeconds(60)));
            assertFalse(pending.containsKey("never taken"));
        }
    }

    @Test
    void whatTakesTooLongIsGivenUp() throws Exception {
        try (Client client = server.connect()) {
            client.send("a", "b");
            awaitTaken("a", "b");
            reply("a").awaitTurn();
            awaitWithoutPatience(stop());
            client.assertClosed();
            reply("a").awaitGivenUp();
            reply("b").awaitGivenUp();
        }
    }

    @Test
    void aConsumerThatDoesNotReadDoesNotKeepTheServer() throws Exception {
        try (Client consumer = Client.connect(server.port(), 64 * 1024)) {
            consumer.send("file", "file", "file");
            consumer.receiveBytes(1);
            awaitWithoutPatience(stop());
        }
    }

    @Test
    void aClientWhoseRepliesPileUpDoesNotKeepTheServer() throws Exception {
        try (Client client = server.connect()) {
            for (int i = 0; i < 200; i++) {
                client.send("reply " + i);
            }
            reply("reply 0").awaitTurn();
            awaitWithoutPatience(stop());
            for (int i = 0; i < 200; i++) {
                PendingReply reply = pending.get("reply " + i);
                assertTrue(reply == null || reply.isGivenUp(), "reply " + i + " is held");
            }
        }
    }

    @Test
    void aSecondStopDoesNothing() throws Exception {
        try (Client client = server.connect()) {
            client.ask("now");
            server.close();
            server.close();
            client.assertClosed();
        }
    }
}
