package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.testkit.Arbitrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that break the rules lose their connection, and nobody else notices. */
@Timeout(120)
class BrokenClientsTest {
    private static final int FRAME_BYTES_MAX = 1_000_000;
    private static final ConnectionServer.Limits LIMITS =
            new ConnectionServer.Limits(FRAME_BYTES_MAX, 64L << 20, 100, -1);

    private final PendingReply pending = new PendingReply();
    private final CountDownLatch handlersClosed = new CountDownLatch(1);
    private LoopbackServer server;
    private Client other;

    /** Echoes, but for what these tests ask of it. */
    private final class Obedient implements FrameHandler {
        @Override
        public Reply handle(ByteBuffer frame) {
            return switch (LoopbackServer.text(frame.duplicate())) {
                case "pending" -> pending;
                case "break the rules" -> throw new CloseConnection("it was asked for");
                case "fail" -> throw new IllegalStateException("it was asked for");
                case "fail later" ->
                    () -> {
                        throw new IllegalStateException("it was asked for");
                    };
                case "break the rules later" ->
                    () -> {
                        throw new CloseConnection("it was asked for");
                    };
                default -> LoopbackServer.echo(frame);
            };
        }

        @Override
        public void close() {
            handlersClosed.countDown();
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = LoopbackServer.startWith((local, remote) -> new Obedient(), LIMITS);
        other = server.connect();
        assertEquals("before", other.ask("before"));
    }

    @AfterEach
    void theOtherClientIsStillServed() throws Exception {
        assertEquals("after", other.ask("after"));
        try (Client late = server.connect()) {
            assertEquals("late", late.ask("late"));
        }
        other.close();
        server.close();
        server.assertNoThreadIsLeft();
    }

    @Test
    void theLargestFrameIsTaken() throws IOException {
        byte[] largest = Arbitrary.bytes(new Random(1), FRAME_BYTES_MAX);
        try (Client client = server.connect()) {
            client.sendFrame(largest);
            assertArrayEquals(largest, client.receiveFrame());
        }
    }

    @Test
    void aFrameBeyondTheLimitEndsTheConnection() throws IOException {
        for (int size : new int[] {FRAME_BYTES_MAX + 1, Integer.MAX_VALUE}) {
            try (Client client = server.connect()) {
                client.sendSize(size);
                client.assertClosed();
            }
        }
    }

    @Test
    void aSizeOfNothingOrLessEndsTheConnection() throws IOException {
        for (int size : new int[] {0, -1, Integer.MIN_VALUE}) {
            try (Client client = server.connect()) {
                client.sendSize(size);
                client.assertClosed();
            }
        }
    }

    @Test
    void randomBytesEndTheConnectionOrAreAFrame() throws Exception {
        Random random = new Random(3);
        for (int number = 2; number < 40; number++) {
            try (Client client = server.connect()) {
                client.sendBytes(Arbitrary.bytes(random, 1 + random.nextInt(300)));
            } catch (IOException e) {
                // Closed while it was sending.
            }
            server.awaitEnd(number);
        }
    }

    @Test
    void halfAFrameAndNoMoreEndsTheConnection() throws Exception {
        // Given
        try (Client client = server.connect()) {
            client.ask("a whole one");
            client.sendSize(100);
            client.sendBytes(new byte[50]);
        }
        // When
        server.awaitEnd(2);
        // Then
        assertEquals(2, server.statistics().requests());
    }

    @Test
    void halfASizeAndNoMoreEndsTheConnection() throws Exception {
        try (Client client = server.connect()) {
            client.sendBytes(new byte[] {0, 0});
        }
        server.awaitEnd(2);
    }

    @Test
    void whoSaysNothingAtAllIsForgotten() throws Exception {
        server.connect().close();
        server.awaitEnd(2);
        assertEquals(1, server.statistics().open());
        assertTrue(handlersClosed.await(60, TimeUnit.SECONDS));
    }

    @Test
    void whatWasAskedBeforeTheBreachIsAnswered() throws Exception {
        try (Client client = server.connect()) {
            client.send("first", "pending", "third");
            client.sendSize(-1);
            client.sendBytes(new byte[10_000]);
            assertEquals("first", client.receive());
            pending.complete("second");
            assertEquals("second", client.receive());
            assertEquals("third", client.receive());
            client.assertClosed();
        }
    }

    @Test
    void aHandlerThatRefusesOrFailsEndsItsConnection() throws Exception {
        int number = 2;
        for (String request : new String[] {"break the rules", "fail", "fail later", "break the rules later"}) {
            try (Client client = server.connect()) {
                client.send("answered", request, "never taken");
                assertEquals("answered", client.receive());
                client.assertClosed();
            }
            server.awaitEnd(number);
            number++;
        }
    }

    @Test
    void theWaitForAReplyEndsWhenTheClientLeaves() throws Exception {
        try (Client client = server.connect()) {
            client.send("pending");
            pending.awaitTurn();
            assertFalse(pending.isGivenUp());
        }
        pending.awaitGivenUp();
        server.awaitEnd(2);
    }
}
