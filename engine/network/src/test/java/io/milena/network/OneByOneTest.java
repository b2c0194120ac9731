package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.Payload;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that waits for each answer gets it from the thread that reads its requests; whoever does not wait is read on. */
@Timeout(120)
class OneByOneTest {
    /** Replies that a test completes, and the names of the threads that wait for them. */
    private static final class Controlled implements FrameHandler {
        private final BlockingQueue<PendingReply> taken = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> awaitedBy = new LinkedBlockingQueue<>();

        @Override
        public Reply handle(ByteBuffer frame) {
            PendingReply pending = new PendingReply();
            taken.add(pending);
            return new Reply() {
                @Override
                public boolean isSoon() {
                    return true;
                }

                @Override
                public List<Payload> await() throws InterruptedException {
                    awaitedBy.add(Thread.currentThread().getName());
                    return pending.await();
                }

                @Override
                public void drop() {
                    pending.drop();
                }
            };
        }

        /** Answers whether the writer waited for it. */
        boolean answer(String text) throws InterruptedException {
            taken.take().complete(text);
            return awaitedBy.take().contains("-writer");
        }
    }

    private final Controlled handler = new Controlled();

    /** Until the reader answers. On a busy machine that takes longer: the writer has to be quicker than the client, 16 times. */
    private void askOneByOne(Client client) throws Exception {
        boolean isOfWriter = true;
        while (isOfWriter) {
            client.send("?");
            isOfWriter = handler.answer("!");
            assertEquals("!", client.receive());
        }
    }

    @Test
    void theReaderAnswersWhoWaits() throws Exception {
        try (LoopbackServer server = LoopbackServer.start(handler);
                Client client = server.connect()) {
            askOneByOne(client);
            for (int i = 0; i < 100; i++) {
                client.send("?");
                assertFalse(handler.answer("!"), "request " + i);
                assertEquals("!", client.receive());
            }
        }
    }

    @Test
    void whoSendsOnIsReadOn() throws Exception {
        try (LoopbackServer server = LoopbackServer.start(handler);
                Client client = server.connect()) {
            askOneByOne(client);
            // When two requests come at once
            client.send("a", "b");
            PendingReply a = handler.taken.take();
            PendingReply b = handler.taken.take();
            a.complete("a");
            b.complete("b");
            // Then
            assertTrue(handler.awaitedBy.take().contains("-writer"), "the reader sees that there is more");
            assertTrue(handler.awaitedBy.take().contains("-writer"));
            assertEquals("a", client.receive());
            assertEquals("b", client.receive());
        }
    }

    @Test
    void whatComesWhileTheReaderWaitsEndsIt() throws Exception {
        try (LoopbackServer server = LoopbackServer.start(handler);
                Client client = server.connect()) {
            askOneByOne(client);
            boolean isOfWriter = false;
            // When another request comes, again and again, while the reader waits for one
            while (!isOfWriter) {
                client.send("a");
                PendingReply first = handler.taken.take();
                first.awaitTurn();
                isOfWriter = handler.awaitedBy.take().contains("-writer");
                client.send("b");
                first.complete("a");
                assertEquals("a", client.receive());
                isOfWriter |= handler.answer("b");
                assertEquals("b", client.receive());
            }
        }
    }

    @Test
    void aStopEndsTheReadersWait() throws Exception {
        LoopbackServer server = LoopbackServer.start(handler);
        try (server;
                Client client = server.connect()) {
            askOneByOne(client);
            client.send("a");
            PendingReply pending = handler.taken.take();
            pending.awaitTurn();
            // When
            server.abort();
            // Then
            pending.awaitGivenUp();
            client.assertClosed();
        }
        server.assertNoThreadIsLeft();
    }
}
