package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.runtime.Signal;
import io.milena.runtime.Threads;
import io.milena.runtime.Transport;
import io.milena.testkit.LinkSettings;
import io.milena.testkit.Seeds;
import io.milena.testkit.SimulatedEnvironment;
import io.milena.testkit.SimulatedProcess;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server in a simulated world, where a minute of patience costs nothing and every seed is another order of events. */
@Timeout(120)
class SimulatedServerTest {
    private static final int PORT = 9092;
    private static final long IDLE_MS = 60_000;

    /** Until the sweeper has come by, and the news have travelled. */
    private static final long SWEEP_MS = 10_100;

    /** Whoever sends so many at once is busy by then, and no more after a pause. */
    private static final int REQUESTS = 3 * Pace.REQUESTS;

    private static final int PAUSE_MS = 1_000;

    private static final ConnectionServer.Limits LIMITS =
            new ConnectionServer.Limits(1_000_000, 128 * 1024, 100, IDLE_MS);

    /** A server and its clients in one world. */
    private static final class World {
        final SimulatedEnvironment simulation;
        final SimulatedProcess process;
        final List<PendingReply> pending = new ArrayList<>();
        final AtomicInteger taken = new AtomicInteger();
        final AtomicInteger handlers = new AtomicInteger();
        /** How often a side of a connection went to a thread for busy ones. */
        final AtomicInteger busy = new AtomicInteger();

        final ConnectionServer server;

        World(long seed) {
            simulation = new SimulatedEnvironment(seed);
            process = simulation.process("broker", simulation.disk());
            try {
                server = ConnectionServer.start(
                        process.network().listen(new InetSocketAddress("0.0.0.0", PORT)),
                        (local, remote) -> new Handler(),
                        LIMITS,
                        counting(process.environment()));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private Environment counting(Environment environment) {
            Threads threads = environment.threads();
            return new Environment(
                    environment.clock(),
                    new Threads() {
                        @Override
                        public Thread start(String name, Runnable body) {
                            return threads.start(name, body);
                        }

                        @Override
                        public Thread startBlocking(String name, Runnable body) {
                            return threads.startBlocking(name, body);
                        }

                        @Override
                        public Thread startBusy(String name, Runnable body) {
                            busy.incrementAndGet();
                            return threads.startBusy(name, body);
                        }
                    },
                    environment.random());
        }

        /** "none" is not answered, "pending" when the test says so, "slow" takes long and is not answered; the rest comes back after a while. */
        private final class Handler implements FrameHandler {
            private final RandomGenerator random = simulation.random();

            Handler() {
                handlers.incrementAndGet();
            }

            @Override
            public Reply handle(ByteBuffer frame) {
                taken.incrementAndGet();
                byte[] content = new byte[frame.remaining()];
                frame.get(content);
                String text = LoopbackServer.text(ByteBuffer.wrap(content));
                return switch (text.strip()) {
                    case "none" -> Reply.none();
                    case "pending" -> {
                        PendingReply reply = new PendingReply();
                        pending.add(reply);
                        yield reply;
                    }
                    case "slow" -> {
                        sleep(2 * IDLE_MS);
                        yield Reply.none();
                    }
                    case "none later" ->
                        () -> {
                            process.environment().clock().sleepMs(2 * IDLE_MS);
                            return List.of();
                        };
                    default -> echo(content);
                };
            }

            private Reply echo(byte[] content) {
                if (random.nextBoolean()) {
                    return Reply.ready(PendingReply.frame(content));
                }
                Deadline due = Deadline.afterMs(process.environment().clock(), random.nextInt(20));
                Signal never = new Signal();
                return () -> {
                    never.await(() -> false, due);
                    return PendingReply.frame(content);
                };
            }

            private void sleep(long durationMs) {
                try {
                    process.environment().clock().sleepMs(durationMs);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public void close() {
                handlers.decrementAndGet();
            }
        }

        Transport connect() {
            return simulation.call(() -> {
                simulation.clock().sleepMs(1);
                return simulation.test().network().connect(InetSocketAddress.createUnresolved("broker", PORT));
            });
        }

        void send(Transport client, String text, int sizeInBytes) {
            simulation.run(() -> client.writeFully(new ByteBuffer[] {frame(text, sizeInBytes)}));
        }

        void send(Transport client, String text) {
            send(client, text, text.length());
        }

        String ask(Transport client, String text) {
            send(client, text);
            return simulation.call(() -> receive(client));
        }

        void complete(String text) {
            simulation.run(() -> pending.removeFirst().complete(text));
        }

        void assertOpen() {
            assertEquals(1, server.statistics().open());
        }

        void assertClosed() {
            assertEquals(0, server.statistics().open());
            assertEquals(0, handlers.get());
        }
    }

    /** A frame that promises {@code sizeInBytes} and begins with {@code text}: whole if that is all. */
    private static ByteBuffer frame(String text, int sizeInBytes) {
        byte[] content = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(Integer.BYTES + content.length)
                .putInt(sizeInBytes)
                .put(content)
                .flip();
    }

    private static String receive(Transport client) throws IOException {
        int size = fill(client, Integer.BYTES).getInt();
        return LoopbackServer.text(fill(client, size));
    }

    private static ByteBuffer fill(Transport client, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (client.read(buffer) < 0) {
                throw new EOFException();
            }
        }
        return buffer.flip();
    }

    @Test
    void aClientThatSaysNothingIsClosedAfterTheIdleTime() {
        World world = new World(1);
        Transport client = world.connect();
        assertEquals("hello", world.ask(client, "hello"));
        world.simulation.runFor(IDLE_MS - 100);
        world.assertOpen();
        world.simulation.runFor(SWEEP_MS);
        world.assertClosed();
        assertEquals(-1, world.simulation.call(() -> client.read(ByteBuffer.allocate(1))));
    }

    @Test
    void aClientThatWaitsForUsIsNotIdle() {
        World world = new World(2);
        Transport client = world.connect();
        world.send(client, "pending");
        world.simulation.runFor(5 * IDLE_MS);
        world.complete("at last");
        assertEquals("at last", world.simulation.call(() -> receive(client)));
        world.simulation.runFor(IDLE_MS - 100);
        world.assertOpen();
        world.simulation.runFor(SWEEP_MS);
        world.assertClosed();
    }

    @Test
    void theIdleTimeBeginsWhenItIsTheClientsTurn() {
        for (String request : List.of("slow", "none later")) {
            // Given a request that takes longer than that and has no answer
            World world = new World(3);
            Transport client = world.connect();
            world.send(client, request);
            // When
            world.simulation.runFor(2 * IDLE_MS + SWEEP_MS);
            // Then
            world.assertOpen();
            assertEquals("hello", world.ask(client, "hello"));
        }
    }

    @Test
    void aConsumerThatDoesNotReadIsClosedAfterTheIdleTime() {
        World world = new World(4);
        world.simulation.network().links(LinkSettings.standard().withBufferBytes(1_000));
        Transport client = world.connect();
        world.send(client, "x".repeat(900));
        world.send(client, "x".repeat(900));
        world.simulation.runFor(IDLE_MS - 100);
        world.assertOpen();
        world.simulation.runFor(SWEEP_MS);
        world.assertClosed();
    }

    @Test
    void whoStopsWithinAFrameIsClosedAfterHalfAMinute() {
        World world = new World(5);
        Transport client = world.connect();
        world.send(client, "begun", 100);
        world.simulation.runFor(29_000);
        world.assertOpen();
        world.simulation.runFor(1_000 + SWEEP_MS);
        world.assertClosed();
    }

    @Test
    void noFurtherFrameIsTakenWhileManyRepliesAreDue() {
        World world = new World(6);
        Transport client = world.connect();
        for (int i = 0; i < 200; i++) {
            world.send(client, "pending");
        }
        world.simulation.runFor(1_000);
        // One is awaited, 64 stand in line, one waits to.
        assertEquals(66, world.taken.get());
        world.complete("0");
        world.simulation.runFor(1_000);
        assertEquals(67, world.taken.get());
    }

    @Test
    void theRepliesOfAClientThatLeavesAreGivenUp() {
        World world = new World(7);
        Transport client = world.connect();
        for (int i = 0; i < 60; i++) {
            world.send(client, "pending");
        }
        world.simulation.runFor(1_000);
        world.simulation.run(client::close);
        world.simulation.runFor(1_000);
        assertEquals(60, world.pending.size());
        assertTrue(world.pending.stream().allMatch(PendingReply::isGivenUp));
        world.assertClosed();
    }

    @Test
    void memoryThatHalfFramesHoldComesBack() {
        // Given as many half frames as there is memory
        World world = new World(8);
        for (int i = 0; i < 10; i++) {
            world.send(world.connect(), "x".repeat(40_000), 900_000);
        }
        Transport healthy = world.connect();
        // When
        world.send(healthy, "hello");
        world.simulation.runFor(25_000);
        // Then
        assertEquals(0, world.taken.get());
        assertEquals("hello", world.simulation.call(() -> receive(healthy)));
        assertTrue(world.simulation.clock().nanos() < 400_000_000_000L, "served too late");
    }

    @Test
    void allIsAnsweredInOrderAndNothingIsLeftForEverySeed() {
        Seeds.each(SimulatedServerTest.class, 50, SimulatedServerTest::crowd);
    }

    /** Clients that ask, some of which leave early, while the memory is scarce; then the server stops. */
    private static void crowd(long seed) {
        World world = new World(seed);
        AtomicInteger done = new AtomicInteger();
        AtomicInteger answers = new AtomicInteger();
        int clients = 8;
        int faithful = 5;
        for (int number = 0; number < clients; number++) {
            Transport client = world.connect();
            RandomGenerator random = world.simulation.random();
            boolean isFaithful = number < faithful;
            boolean pauses = isFaithful && number > 0;
            List<String> asked = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                asked.add(number + "-" + i + "x".repeat(random.nextInt(10) == 0 ? random.nextInt(100_000) : 5));
            }
            world.simulation.environment().threads().start("sender", () -> {
                try {
                    for (int i = 0; i < REQUESTS; i++) {
                        if (pauses && i % Pace.REQUESTS == 0) {
                            world.simulation.clock().sleepMs(random.nextBoolean() ? PAUSE_MS : 0);
                        }
                        String text = asked.get(i);
                        boolean isWhole = isFaithful || random.nextInt(20) > 0;
                        client.writeFully(new ByteBuffer[] {frame(text, text.length() + (isWhole ? 0 : 5))});
                    }
                } catch (IOException | InterruptedException e) {
                    assertFalse(isFaithful, () -> "a faithful client was closed: " + e);
                }
            });
            world.simulation.environment().threads().start("receiver", () -> {
                try {
                    for (String text : asked) {
                        if (!isFaithful && random.nextInt(10) == 0) {
                            client.close();
                        }
                        String answer = receive(client);
                        if (isFaithful) {
                            assertEquals(text, answer);
                            answers.incrementAndGet();
                        }
                    }
                } catch (IOException e) {
                    assertFalse(isFaithful, () -> "a faithful client was closed: " + e);
                }
                done.incrementAndGet();
            });
        }
        world.simulation.runUntil(() -> done.get() == clients);
        assertEquals(faithful * REQUESTS, answers.get());
        assertTrue(world.busy.get() > 0);
        world.simulation.call(() -> {
            world.server.close();
            return true;
        });
        world.assertClosed();
    }
}
