package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Network;
import io.milena.runtime.Threads;
import io.milena.runtime.Transport;
import io.milena.testkit.Arbitrary;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Both ends of ours, over real sockets. */
@Timeout(120)
class TlsTransportTest {
    private static final int BYTES = 12_000_000;
    private static TlsWorld world;

    @BeforeAll
    static void makeCredentials(@TempDir Path folder) throws IOException {
        world = new TlsWorld(folder);
    }

    /** Two ends of one connection. */
    private record Ends(Transport client, Transport server, Network.Listener listener) implements AutoCloseable {
        static Ends open(String host, Map<String, String> more) throws IOException {
            Network.Listener listener = world.around(new SocketNetwork(), more).listen(new InetSocketAddress(host, 0));
            Transport client = world.clientAround(new SocketNetwork())
                    .connect(InetSocketAddress.createUnresolved(
                            host, listener.address().getPort()));
            return new Ends(client, listener.accept(), listener);
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
            listener.close();
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws Exception;
    }

    private static <T> CompletableFuture<T> start(Work<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Threads.system().start("peer", () -> {
            try {
                result.complete(work.run());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private static <T> T get(CompletableFuture<T> result) throws Exception {
        return result.get(60, TimeUnit.SECONDS);
    }

    private static byte[] received(Transport transport, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            assertTrue(transport.read(bytes) > 0);
        }
        return bytes.array();
    }

    private static boolean sent(Transport transport, byte[] bytes) throws IOException {
        transport.writeFully(new ByteBuffer[] {ByteBuffer.wrap(bytes)});
        return true;
    }

    /** So much goes through that keys are changed on the way, in TLS 1.3. */
    @Test
    void bothEndsReadAndWriteAtOnce() throws Exception {
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            byte[] up = Arbitrary.bytes(new Random(1), BYTES);
            byte[] down = Arbitrary.bytes(new Random(2), BYTES);
            try (Ends ends = Ends.open("localhost", Map.of("ssl.enabled.protocols", version))) {
                CompletableFuture<byte[]> above = start(() -> received(ends.server(), BYTES));
                CompletableFuture<byte[]> below = start(() -> received(ends.client(), BYTES));
                CompletableFuture<Boolean> sendsUp = start(() -> sent(ends.client(), up));
                CompletableFuture<Boolean> sendsDown = start(() -> sent(ends.server(), down));
                assertArrayEquals(up, get(above));
                assertArrayEquals(down, get(below));
                assertTrue(get(sendsUp));
                assertTrue(get(sendsDown));
            }
        }
    }

    @Test
    void whatIsOpenedAndNotTakenHasArrived() throws Exception {
        try (Ends ends = Ends.open("localhost", Map.of())) {
            assertFalse(ends.server().hasArrived(), "before the handshake");
            CompletableFuture<Boolean> sends = start(() -> sent(ends.client(), new byte[3_000]));
            assertEquals(1, received(ends.server(), 1).length);
            assertTrue(get(sends));
            assertTrue(ends.server().hasArrived());
            received(ends.server(), 2_998);
            assertTrue(ends.server().hasArrived());
            received(ends.server(), 1);
            // What else the handshake brings is nothing that can be read.
            assertFalse(ends.server().hasArrived());
            CompletableFuture<Boolean> more = start(() -> sent(ends.client(), new byte[10]));
            assertTrue(get(more));
            while (!ends.server().hasArrived()) {
                Thread.onSpinWait();
            }
            received(ends.server(), 10);
            assertFalse(ends.server().hasArrived());
        }
    }

    @Test
    void aClientWantsTheHostThatItHasCalled() throws Exception {
        try (Ends ends = Ends.open("127.0.0.2", Map.of())) {
            CompletableFuture<byte[]> server = start(() -> received(ends.server(), 1));
            HandshakeException refusal = assertThrows(HandshakeException.class, () -> sent(ends.client(), new byte[1]));
            assertTrue(String.valueOf(refusal.getMessage()).contains("127.0.0.2"), refusal.getMessage());
            assertThrows(Exception.class, () -> get(server));
        }
    }

    @Test
    void whatMustBeShownIsNotShown() throws Exception {
        try (Ends ends = Ends.open("localhost", Map.of("ssl.client.auth", "required"))) {
            CompletableFuture<byte[]> server = start(() -> received(ends.server(), 1));
            assertThrows(IOException.class, () -> {
                sent(ends.client(), new byte[1]);
                received(ends.client(), 1);
            });
            ends.client().close(); // the server waits for that, once it has said why
            assertThrows(Exception.class, () -> get(server));
        }
    }

    @Test
    void closingEndsTheWaitsOfBoth() throws Exception {
        try (Ends ends = Ends.open("localhost", Map.of())) {
            CompletableFuture<Boolean> sends = start(() -> sent(ends.client(), new byte[1]));
            received(ends.server(), 1);
            assertTrue(get(sends));
            CompletableFuture<byte[]> reads = start(() -> received(ends.server(), 1));
            CompletableFuture<Boolean> writes = start(() -> {
                while (true) {
                    sent(ends.server(), new byte[1_000_000]);
                }
            });
            ends.server().close();
            assertThrows(Exception.class, () -> get(reads));
            assertThrows(Exception.class, () -> get(writes));
            assertFalse(ends.server().isOpen());
        }
    }

    @Test
    void aFrameClientAsksOverTls() throws Exception {
        try (LoopbackServer server = world.start(Map.of());
                FrameClient client = FrameClient.connect(
                        world.clientAround(new SocketNetwork()),
                        InetSocketAddress.createUnresolved("localhost", server.port()),
                        server.clock,
                        1_000_000)) {
            for (int i = 0; i < 50; i++) {
                assertEquals("question " + i, LoopbackServer.text(client.ask(PendingReply.frame("question " + i))));
            }
        }
    }
}
