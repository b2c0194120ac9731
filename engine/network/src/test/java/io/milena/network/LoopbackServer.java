package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Environment;
import io.milena.runtime.Network;
import io.milena.runtime.Threads;
import io.milena.testkit.HandClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A server on real sockets that remembers the threads it has started. Its clock stands still, so that nothing happens because a computer is slow. */
final class LoopbackServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** No limit that a test would reach by chance. */
    static final ConnectionServer.Limits WIDE = new ConnectionServer.Limits(16 << 20, 64L << 20, 1000, -1);

    final HandClock clock = new HandClock();
    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    private final Map<String, CompletableFuture<Thread>> byName = new ConcurrentHashMap<>();
    private final ConnectionServer server;

    private LoopbackServer(FrameHandler.Factory handlers, ConnectionServer.Limits limits, Network network)
            throws IOException {
        this.server = ConnectionServer.start(
                network.listen(new InetSocketAddress("127.0.0.1", 0)),
                handlers,
                limits,
                new Environment(clock, new RecordedThreads(), new Random(1)));
    }

    /** A server whose connections all share one handler. */
    static LoopbackServer start(FrameHandler handler) throws IOException {
        return start(handler, WIDE);
    }

    static LoopbackServer start(FrameHandler handler, ConnectionServer.Limits limits) throws IOException {
        return startWith((local, remote) -> handler, limits);
    }

    static LoopbackServer startWith(FrameHandler.Factory handlers, ConnectionServer.Limits limits) throws IOException {
        return startWith(handlers, limits, new SocketNetwork());
    }

    static LoopbackServer startWith(FrameHandler.Factory handlers, ConnectionServer.Limits limits, Network network)
            throws IOException {
        return new LoopbackServer(handlers, limits, network);
    }

    /** Answers each frame with itself at once. */
    static Reply echo(ByteBuffer frame) {
        byte[] content = new byte[frame.remaining()];
        frame.get(content);
        return Reply.ready(PendingReply.frame(content));
    }

    static String text(ByteBuffer frame) {
        return StandardCharsets.UTF_8.decode(frame).toString();
    }

    Client connect() throws IOException {
        return Client.connect(port());
    }

    int port() {
        return server.address().getPort();
    }

    ConnectionStatistics statistics() {
        return server.statistics();
    }

    /** Waits until all that is left of the {@code number}th connection is its figures. */
    void awaitEnd(int number) throws Exception {
        Thread own = connection(number).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertTrue(own.join(PATIENCE), own.getName() + " goes on");
    }

    /** Waits until a thread of that name was started and is gone. */
    boolean awaitEndOf(String name) throws Exception {
        return thread(name).get(PATIENCE.toSeconds(), TimeUnit.SECONDS).join(PATIENCE);
    }

    private CompletableFuture<Thread> connection(int number) {
        return thread("connection-" + number);
    }

    private CompletableFuture<Thread> thread(String name) {
        return byName.computeIfAbsent(name, _ -> new CompletableFuture<>());
    }

    void assertNoThreadIsLeft() throws InterruptedException {
        for (Thread thread : threads) {
            assertTrue(thread.join(PATIENCE), thread.getName() + " goes on");
        }
    }

    /** Stops the server without patience. */
    void abort() {
        server.abort();
    }

    /** Stops the server, which must not wait for its clock. */
    @Override
    public void close() {
        server.close();
    }

    private final class RecordedThreads implements Threads {
        @Override
        public Thread start(String name, Runnable body) {
            return recorded(Threads.system().start(name, body));
        }

        @Override
        public Thread startBlocking(String name, Runnable body) {
            return recorded(Threads.system().startBlocking(name, body));
        }

        private Thread recorded(Thread thread) {
            threads.add(thread);
            thread(thread.getName()).complete(thread);
            return thread;
        }
    }
}
