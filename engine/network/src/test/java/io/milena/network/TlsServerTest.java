package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.Payload;
import io.milena.testkit.Arbitrary;
import io.milena.testkit.Credentials;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that speaks TLS, with the JDK's own client and with peers that do not. */
@Timeout(120)
class TlsServerTest {
    private static final int FILE_BYTES = 24 * 1024 * 1024;
    private static final long IDLE_MS = 60_000;
    private static TlsWorld world;
    private static SSLContext believer;
    private static byte[] content;
    private static TemporaryFile file;
    private Complaints complaints;

    @BeforeAll
    static void makeCredentials(@TempDir Path folder) throws IOException {
        world = new TlsWorld(folder);
        believer = Credentials.anonymousBelieving(world.server);
        content = Arbitrary.bytes(new Random(1), FILE_BYTES);
        file = new TemporaryFile(folder.resolve("segment"), content);
    }

    @AfterAll
    static void nothingIsHeld() throws IOException {
        assertEquals(0, file.held());
        file.close();
    }

    @BeforeEach
    void listen() {
        complaints = new Complaints();
    }

    @AfterEach
    void listenNoMore() {
        complaints.close();
    }

    private static Reply fileOrEcho(ByteBuffer frame) {
        return LoopbackServer.text(frame.duplicate()).equals("file")
                ? Reply.ready(List.<Payload>of(
                        new Payload.InMemory(
                                ByteBuffer.allocate(4).putInt(FILE_BYTES).flip()),
                        file.part(0, FILE_BYTES)))
                : LoopbackServer.echo(frame);
    }

    @Test
    void bothVersionsCarryFramesOfEverySize() throws Exception {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            try (LoopbackServer server = world.start(Map.of());
                    SSLSocket socket = TlsWorld.connect(server.port(), believer, version);
                    Client client = new Client(socket)) {
                Random random = new Random(2);
                for (int size : List.of(1, 2, 2_043, 2_044, 16_379, 16_380, 16_384, 16_385, 70_000, 3_000_000)) {
                    byte[] sent = Arbitrary.bytes(random, size);
                    client.sendFrame(sent);
                    assertArrayEquals(sent, client.receiveFrame());
                }
                assertEquals(version, socket.getSession().getProtocol());
            }
        }
        assertTrue(complaints.isEmpty());
    }

    @Test
    void whoAsksQuicklyIsServedOnOtherThreads() throws Exception {
        try (LoopbackServer server = world.start(Map.of());
                Client client = new Client(TlsWorld.connect(server.port(), believer, "TLSv1.3"))) {
            for (int i = 0; i < 3 * Pace.REQUESTS; i++) {
                server.clock.advanceMs(i < Pace.REQUESTS ? 0 : 20);
                assertEquals("request " + i, client.ask("request " + i));
            }
            assertTrue(server.awaitEndOf("connection-1-busy"));
        }
    }

    @Test
    void partsOfFilesArriveWhole() throws Exception {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            try (LoopbackServer server = world.start(TlsServerTest::fileOrEcho, LoopbackServer.WIDE, Map.of());
                    SSLSocket socket = TlsWorld.connect(server.port(), believer, version);
                    Client client = new Client(socket)) {
                client.send("file", "before", "file");
                assertArrayEquals(content, client.receiveFrame());
                assertEquals("before", client.receive());
                assertArrayEquals(content, client.receiveFrame());
                assertEquals("after", client.ask("after"));
            }
        }
    }

    @Test
    void onlyTheVersionsThatAreEnabledAreSpoken() throws Exception {
        try (LoopbackServer server = world.start(Map.of("ssl.enabled.protocols", "TLSv1.3"))) {
            try (SSLSocket old = TlsWorld.connect(server.port(), believer, "TLSv1.2")) {
                assertThrows(SSLException.class, old::startHandshake);
            }
            assertTrue(complaints.next().contains("the TLS handshake failed: "));
            try (Client current = new Client(TlsWorld.connect(server.port(), believer, "TLSv1.3"))) {
                assertEquals("hello", current.ask("hello"));
            }
        }
    }

    @Test
    void aClientThatDoesNotBelieveTheServerLeavesALine() throws Exception {
        try (LoopbackServer server = world.start(Map.of());
                SSLSocket socket = TlsWorld.connect(server.port(), Credentials.anonymousBelieving(world.stranger))) {
            assertThrows(SSLException.class, socket::startHandshake);
            assertTrue(complaints.next().contains("the TLS handshake failed: "));
        }
    }

    @Test
    void whoMustShowACertificateShowsOneThatIsTrusted() throws Exception {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            try (LoopbackServer server = world.start(Map.of("ssl.client.auth", "required"))) {
                try (Client known =
                        new Client(TlsWorld.connect(server.port(), world.client.believing(world.server), version))) {
                    assertEquals("hello", known.ask("hello"));
                }
                assertRefused(server, believer, version);
                assertRefused(server, world.stranger.believing(world.server), version);
            }
        }
    }

    @Test
    void whoMayShowACertificateMayGoWithout() throws Exception {
        try (LoopbackServer server = world.start(Map.of("ssl.client.auth", "requested"))) {
            try (Client known = new Client(TlsWorld.connect(server.port(), world.client.believing(world.server)));
                    Client unknown = new Client(TlsWorld.connect(server.port(), believer))) {
                assertEquals("hello", known.ask("hello"));
                assertEquals("hello", unknown.ask("hello"));
            }
            // the JDK's client shows none that the server has not said it would trust
            assertRefused(server, world.stranger.believing(world.server), "TLSv1.2", "-");
        }
    }

    private void assertRefused(LoopbackServer server, SSLContext context, String... version) throws Exception {
        boolean isSilent = version.length > 1;
        try (SSLSocket socket = TlsWorld.connect(server.port(), context, version[0]);
                Client client = new Client(socket)) {
            if (isSilent) {
                assertEquals("hello", client.ask("hello"));
            } else {
                assertThrows(SSLException.class, () -> client.ask("hello"));
                assertTrue(complaints.next().contains("the TLS handshake failed: "));
            }
        }
    }

    @Test
    void whoSpeaksPlainTextIsToldApartAndDoesNoHarm() throws Exception {
        try (LoopbackServer server = world.start(Map.of());
                Client healthy = new Client(TlsWorld.connect(server.port(), believer))) {
            healthy.ask("hello");
            try (Client plain = server.connect()) {
                plain.send("a request in plain text");
                plain.assertClosed();
            }
            assertTrue(complaints
                    .next()
                    .endsWith("it does not speak TLS, as this listener does: a Kafka client needs"
                            + " security.protocol=SSL"));
            assertEquals("still there", healthy.ask("still there"));
        }
    }

    @Test
    void whoSpeaksTlsToAListenerOfPlainTextIsToldApart() throws Exception {
        try (LoopbackServer server = LoopbackServer.start(LoopbackServer::echo);
                SSLSocket socket = TlsWorld.connect(server.port(), believer)) {
            assertThrows(IOException.class, socket::startHandshake);
            assertTrue(complaints.next().contains("it speaks TLS, which this listener does not"));
        }
    }

    @Test
    void whoOnlyLooksWhetherThereIsAListenerLeavesNoLine() throws Exception {
        try (LoopbackServer server = world.start(Map.of())) {
            server.connect().close();
            server.awaitEnd(1);
            assertTrue(complaints.isEmpty());
        }
    }

    @Test
    void aHandshakeThatIsNotFinishedIsIdle() throws Exception {
        ConnectionServer.Limits limits = new ConnectionServer.Limits(1_000_000, 64L << 20, 1000, IDLE_MS);
        try (LoopbackServer server = world.start(LoopbackServer::echo, limits, Map.of());
                Client silent = server.connect();
                Client stuck = server.connect()) {
            stuck.sendBytes(new byte[] {22, 3, 1, 2, 0, 1});
            while (server.statistics().accepted() < 2) {
                Thread.onSpinWait();
            }
            while (server.statistics().open() > 0) {
                server.clock.advanceMs(1_000);
                Thread.onSpinWait();
            }
            silent.assertClosed();
            stuck.assertClosed();
        }
    }

    @Test
    void aServerThatStopsDoesNotWaitForAHandshake() throws Exception {
        LoopbackServer server = world.start(Map.of());
        try (Client stuck = server.connect()) {
            stuck.sendBytes(new byte[] {22, 3, 1, 2, 0, 1});
            server.close();
            stuck.assertClosed();
            server.assertNoThreadIsLeft();
        }
    }

    @Test
    void noSecondHandshakeIsMade() throws Exception {
        try (LoopbackServer server = world.start(Map.of());
                SSLSocket socket = TlsWorld.connect(server.port(), believer, "TLSv1.2");
                Client client = new Client(socket)) {
            assertEquals("hello", client.ask("hello"));
            socket.startHandshake();
            assertThrows(IOException.class, () -> client.ask("hello again"));
            assertTrue(complaints.next().contains("it wants to negotiate anew"));
        }
    }

    @Test
    void aRecordThatWasChangedOnTheWayEndsTheConnection() throws Exception {
        try (LoopbackServer server = world.start(Map.of());
                Client healthy = new Client(TlsWorld.connect(server.port(), believer));
                java.net.Socket plain = new java.net.Socket("127.0.0.1", server.port())) {
            SSLSocket socket =
                    (SSLSocket) believer.getSocketFactory().createSocket(plain, "localhost", server.port(), false);
            try (Client client = new Client(socket)) {
                assertEquals("hello", client.ask("hello"));
                plain.getOutputStream().write(new byte[] {23, 3, 3, 0, 32});
                plain.getOutputStream().write(new byte[32]);
                assertThrows(IOException.class, () -> client.ask("hello again"));
            }
            assertEquals("still there", healthy.ask("still there"));
        }
    }

    @Test
    void theEndOfAClientIsTheEnd() throws Exception {
        try (LoopbackServer server = world.start(Map.of())) {
            for (int number = 1; number <= 2; number++) {
                SSLSocket socket = TlsWorld.connect(server.port(), believer, number == 1 ? "TLSv1.2" : "TLSv1.3");
                Client client = new Client(socket);
                assertEquals("hello", client.ask("hello"));
                client.close();
                server.awaitEnd(number);
            }
            assertEquals(0, server.statistics().open());
            assertTrue(complaints.isEmpty());
        }
    }
}
