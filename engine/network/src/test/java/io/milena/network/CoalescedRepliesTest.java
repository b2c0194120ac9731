package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.Payload;
import io.milena.runtime.Threads;
import io.milena.testkit.HandClock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replies that are ready leave in one write; one that is not holds none back. */
@Timeout(120)
class CoalescedRepliesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A client that has sent the frames a, b, c and d, and stays. */
    private static final class Writes extends Feed {
        private final CountDownLatch closed = new CountDownLatch(1);
        private final BlockingQueue<String> writes = new LinkedBlockingQueue<>();

        Writes() {
            super(frames(), new Random(1));
        }

        private static byte[] frames() {
            ByteBuffer frames = ByteBuffer.allocate(4 * (Integer.BYTES + 1));
            for (char name = 'a'; name <= 'd'; name++) {
                frames.putInt(1).put((byte) name);
            }
            return frames.array();
        }

        @Override
        public int read(ByteBuffer into) {
            if (remaining() == 0) {
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return super.read(into);
        }

        @Override
        public void writeFully(ByteBuffer[] buffers) {
            StringBuilder texts = new StringBuilder();
            for (ByteBuffer buffer : buffers) {
                String text = StandardCharsets.ISO_8859_1.decode(buffer).toString();
                texts.append(text.length() == Integer.BYTES ? "" : text);
            }
            writes.add(texts.toString());
        }

        @Override
        public void close() {
            super.close();
            closed.countDown();
        }

        @Nullable
        String next() throws InterruptedException {
            return writes.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private final Writes client = new Writes();
    private final PendingReply a = new PendingReply();
    private final PendingReply b = new PendingReply();
    private final CountDownLatch taken = new CountDownLatch(4);
    private Connection connection;
    private Thread serving;

    private Reply reply(ByteBuffer frame) {
        taken.countDown();
        return switch (LoopbackServer.text(frame)) {
            case "a" -> a;
            case "b" -> b;
            default -> new Failing();
        };
    }

    /** A reply that is ready, but not what it should be. */
    private static final class Failing implements Reply {
        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public List<Payload> await() {
            throw new IllegalStateException("failed on purpose");
        }
    }

    @BeforeEach
    void serve() throws Exception {
        HandClock clock = new HandClock();
        Activity activity = new Activity(clock);
        ConnectionStatistics statistics = new ConnectionStatistics();
        connection = new Connection(
                client,
                this::reply,
                new FrameReader(client, new FrameBuffers(1 << 20), activity, statistics, 1 << 20),
                new PayloadWriter(client, activity, statistics),
                activity,
                new Pace(clock));
        BusyThreads busyThreads = new BusyThreads(Threads.system());
        serving =
                Threads.system().start("serving", () -> connection.serve(Threads.system(), busyThreads, "connection"));
        assertTrue(taken.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    @AfterEach
    void end() throws Exception {
        connection.close();
        assertTrue(serving.join(PATIENCE));
    }

    @Test
    void whatIsReadyLeavesTogetherAndBeforeAFailure() throws Exception {
        b.complete("b");
        a.awaitTurn();
        // When
        a.complete("a");
        // Then
        assertEquals("ab", client.next());
        assertTrue(serving.join(PATIENCE), "a reply that fails ends the connection");
        assertNull(client.writes.poll());
    }

    @Test
    void aReplyThatIsNotReadyHoldsNoneBack() throws Exception {
        a.awaitTurn();
        // When
        a.complete("a");
        // Then
        assertEquals("a", client.next());
        b.awaitTurn();
        b.complete("b");
        assertEquals("b", client.next());
    }
}
