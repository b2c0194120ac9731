package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.Payload;
import io.milena.testkit.HandClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Frames are asked and answered one after another, with limits, and a question that nobody answers can be ended. */
@Timeout(60)
class FrameClientTest {
    private final HandClock clock = new HandClock();

    private FrameClient connect(LoopbackServer server, int bytesMax) throws IOException {
        return FrameClient.connect(
                new SocketNetwork(), new InetSocketAddress("127.0.0.1", server.port()), clock, bytesMax);
    }

    private static List<Payload> frame(String text) {
        return PendingReply.frame(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void eachFrameGetsItsAnswer() throws Exception {
        try (LoopbackServer server = LoopbackServer.start(LoopbackServer::echo);
                FrameClient client = connect(server, 1_000_000)) {
            for (String text : List.of("a", "b".repeat(500_000), "c")) {
                assertEquals(text, LoopbackServer.text(client.ask(frame(text))));
            }
            assertTrue(client.isOpen());
        }
    }

    @Test
    void anAnswerThatIsTooLargeEndsTheConnectionBeforeItIsRead() throws Exception {
        try (LoopbackServer server = LoopbackServer.start(LoopbackServer::echo);
                FrameClient client = connect(server, 10)) {
            IOException failure = assertThrows(IOException.class, () -> client.ask(frame("eleven byte")));
            assertTrue(String.valueOf(failure.getMessage()).contains("11 bytes"), failure.toString());
            assertFalse(client.isOpen());
        }
    }

    @Test
    void whoeverLosesItsPeerIsTold() throws Exception {
        try (LoopbackServer server = LoopbackServer.start(frame -> {
            throw new CloseConnection("not this one");
        })) {
            FrameClient client = connect(server, 1000);
            assertThrows(IOException.class, () -> client.ask(frame("a")));
            assertFalse(client.isOpen());
        }
    }

    @Test
    void aQuestionThatNobodyAnswersIsOverdueInTheEndAndCanBeEnded() throws Exception {
        // Given
        CountDownLatch asked = new CountDownLatch(1);
        PendingReply never = new PendingReply();
        try (LoopbackServer server = LoopbackServer.start(frame -> {
            asked.countDown();
            return never;
        })) {
            FrameClient client = connect(server, 1000);
            CountDownLatch ended = new CountDownLatch(1);
            Thread.ofVirtual().start(() -> {
                assertThrows(IOException.class, () -> client.ask(frame("a")));
                ended.countDown();
            });
            asked.await();
            assertFalse(client.isOverdue(1000));
            // When
            clock.advanceMs(1001);
            // Then
            assertTrue(client.isOverdue(1000));
            client.close();
            ended.await();
            assertFalse(client.isOverdue(1000));
        }
    }
}
