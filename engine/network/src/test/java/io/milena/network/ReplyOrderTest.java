package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Threads;
import io.milena.testkit.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replies leave in the order of their requests, however late or early they are there. */
@Timeout(120)
class ReplyOrderTest {
    private static final int REQUESTS = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** "now..." is answered at once, everything else when the test says so. */
    private static final class Controlled implements FrameHandler {
        private final Map<String, PendingReply> pending = new ConcurrentHashMap<>();
        private final BlockingQueue<String> taken = new LinkedBlockingQueue<>();

        @Override
        public Reply handle(java.nio.ByteBuffer frame) {
            String text = LoopbackServer.text(frame);
            if (text.startsWith("now")) {
                taken.add(text);
                return Reply.ready(PendingReply.frame(text));
            }
            PendingReply reply = new PendingReply();
            pending.put(text, reply);
            taken.add(text);
            return reply;
        }

        PendingReply reply(String text) {
            PendingReply reply = pending.get(text);
            if (reply == null) {
                throw new AssertionError(text + " was not taken");
            }
            return reply;
        }
    }

    @Test
    void laterRepliesThatAreThereFirstWaitForTheEarlierOnes() throws Exception {
        // Given
        Controlled handler = new Controlled();
        try (LoopbackServer server = LoopbackServer.start(handler);
                Client client = server.connect()) {
            client.send("a", "b", "now-c", "d", "now-e");
            for (String text : List.of("a", "b", "now-c", "d", "now-e")) {
                assertEquals(text, handler.taken.take());
            }
            // When
            handler.reply("d").complete("d");
            handler.reply("b").complete("b");
            handler.reply("a").awaitTurn();
            handler.reply("a").complete("a");
            // Then
            for (String text : List.of("a", "b", "now-c", "d", "now-e")) {
                assertEquals(text, client.receive());
            }
        }
    }

    @Test
    void aReplyOfNothingSendsNothing() throws IOException {
        FrameHandler handler = frame -> {
            String text = LoopbackServer.text(frame);
            return text.isBlank() ? Reply.none() : Reply.ready(PendingReply.frame(text));
        };
        try (LoopbackServer server = LoopbackServer.start(handler);
                Client client = server.connect()) {
            client.send(" ", "a", " ", " ", "b");
            assertEquals("a", client.receive());
            assertEquals("b", client.receive());
        }
    }

    @Test
    void manyPipelinedRequestsOfManyClientsAreAnsweredInOrder() throws Exception {
        // Given
        Completer completer = new Completer();
        Thread completing = Threads.system().start("completer", completer::run);
        try (LoopbackServer server =
                LoopbackServer.startWith((local, remote) -> completer.handler(), LoopbackServer.WIDE)) {
            // When
            List<String> wrong = Collections.synchronizedList(new ArrayList<>());
            List<Thread> clients = IntStream.range(0, 8)
                    .mapToObj(number -> Threads.system().startBlocking("client", () -> {
                        try (Client client = server.connect()) {
                            exchange(client, number);
                        } catch (IOException | InterruptedException | AssertionError e) {
                            wrong.add(number + ": " + e);
                        }
                    }))
                    .toList();
            // Then
            for (Thread client : clients) {
                assertTrue(client.join(PATIENCE), "a client still waits");
            }
            assertEquals(List.of(), wrong);
            assertEquals(8 * REQUESTS, server.statistics().requests());
        } finally {
            completer.end();
        }
        assertTrue(completing.join(PATIENCE));
    }

    private static void exchange(Client client, int number) throws IOException, InterruptedException {
        Thread sender = Threads.system().startBlocking("sender", () -> {
            try {
                for (int i = 0; i < REQUESTS; i++) {
                    client.send(number + "-" + i);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        for (int i = 0; i < REQUESTS; i++) {
            assertEquals(number + "-" + i, client.receive());
        }
        sender.join();
    }

    /** Completes replies on a thread of its own, in an order of its own. */
    private static final class Completer {
        private static final String END = "end";
        private final BlockingQueue<Due> due = new LinkedBlockingQueue<>();
        private final Random random = new Random(Seeds.seeds(1).findFirst().orElseThrow());

        private record Due(PendingReply reply, String text) {}

        FrameHandler handler() {
            Random own = new Random(random.nextLong());
            return frame -> {
                String text = LoopbackServer.text(frame);
                if (own.nextInt(3) > 0) {
                    return Reply.ready(PendingReply.frame(text));
                }
                PendingReply reply = new PendingReply();
                due.add(new Due(reply, text));
                return reply;
            };
        }

        void run() {
            List<Due> some = new ArrayList<>();
            boolean goesOn = true;
            while (goesOn) {
                try {
                    some.add(due.take());
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                due.drainTo(some);
                Collections.reverse(some);
                goesOn = some.stream().noneMatch(one -> one.text.equals(END));
                some.forEach(one -> one.reply.complete(one.text));
                some.clear();
            }
        }

        void end() {
            due.add(new Due(new PendingReply(), END));
        }
    }
}
