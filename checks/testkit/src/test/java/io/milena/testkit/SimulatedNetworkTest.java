package io.milena.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Network;
import io.milena.runtime.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Streams keep their order, buffers are bounded, and faults are those of TCP. */
class SimulatedNetworkTest {
    private static final int PORT = 9092;

    private final SimulatedEnvironment world = new SimulatedEnvironment(1);
    private final SimulatedProcess server = world.process("broker-1", world.disk());

    /** What a server does with a connection. */
    private interface Service {
        void serve(Transport transport) throws IOException;
    }

    private static void serve(SimulatedProcess process, Service service) {
        process.environment().threads().start("acceptor", () -> {
            try (Network.Listener listener = process.network().listen(new InetSocketAddress("0.0.0.0", PORT))) {
                while (true) {
                    Transport transport = listener.accept();
                    process.environment().threads().start("connection", () -> {
                        try (transport) {
                            service.serve(transport);
                        } catch (IOException e) {
                            // The client has gone, which some of these tests want.
                        }
                    });
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void echo(Transport transport) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1000);
        while (transport.read(buffer) >= 0) {
            buffer.flip();
            transport.writeFully(new ByteBuffer[] {buffer});
            buffer.clear();
        }
    }

    private static Transport connect(SimulatedEnvironment from) throws IOException, InterruptedException {
        from.clock().sleepMs(1);
        return from.test().network().connect(InetSocketAddress.createUnresolved("broker-1", PORT));
    }

    private static byte[] readFully(Transport transport, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining() && transport.read(buffer) >= 0) {}
        assertFalse(buffer.hasRemaining(), "the stream ended early");
        return buffer.array();
    }

    @Test
    void bytesComeInOrderForEverySeed() {
        Seeds.each(SimulatedNetworkTest.class, 30, seed -> {
            SimulatedEnvironment seeded = new SimulatedEnvironment(seed);
            serve(seeded.process("broker-1", seeded.disk()), SimulatedNetworkTest::echo);
            byte[] sent = Arbitrary.bytes(new Random(seed), 200_000);
            byte[] received = seeded.call(() -> {
                try (Transport transport = connect(seeded)) {
                    seeded.environment().threads().start("sender", () -> {
                        try {
                            transport.writeFully(new ByteBuffer[] {ByteBuffer.wrap(sent)});
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
                    return readFully(transport, sent.length);
                }
            });
            assertArrayEquals(sent, received);
        });
    }

    @Test
    void aReaderThatDoesNotReadStopsTheWriter() {
        AtomicInteger written = new AtomicInteger();
        serve(server, transport -> {
            while (true) {
                written.addAndGet(transport.write(ByteBuffer.allocate(1000)));
            }
        });
        AtomicReference<Transport> client = new AtomicReference<>();
        world.run(() -> client.set(connect(world)));
        world.runFor(60_000);
        assertEquals(LinkSettings.standard().bufferBytes(), written.get());
    }

    @Test
    void latencyIsTheLinks() {
        world.network().links(LinkSettings.standard().withLatencyNanos(20_000_000, 30_000_000));
        serve(server, SimulatedNetworkTest::echo);
        world.run(() -> {
            Transport transport = connect(world);
            long startNanos = world.clock().nanos();
            transport.write(ByteBuffer.allocate(1));
            readFully(transport, 1);
            long tookMs = (world.clock().nanos() - startNanos) / 1_000_000;
            assertTrue(tookMs >= 40 && tookMs <= 61, tookMs + " ms");
        });
    }

    @Test
    void aFileIsSentFromItsChannel() {
        serve(server, transport -> {
            var file = server.disk().root().resolve("file");
            Files.write(file, Arbitrary.bytes(new Random(1), 50_000));
            try (FileChannel channel = FileChannel.open(file)) {
                for (long at = 100; at < 40_100; ) {
                    at += transport.write(channel, at, 40_100 - at);
                }
            }
        });
        byte[] expected = java.util.Arrays.copyOfRange(Arbitrary.bytes(new Random(1), 50_000), 100, 40_100);
        world.run(() -> assertArrayEquals(expected, readFully(connect(world), 40_000)));
    }

    @Test
    void aCutLinkHoldsBytesBackUntilItIsHealed() {
        serve(server, SimulatedNetworkTest::echo);
        AtomicLong arrivedMs = new AtomicLong();
        Transport transport = world.call(() -> connect(world));
        world.network().cut("broker-1", "test");
        world.test().environment().threads().start("reader", () -> {
            try {
                transport.write(ByteBuffer.allocate(1));
                readFully(transport, 1);
                arrivedMs.set(world.clock().millis());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        world.runFor(5000);
        assertEquals(0, arrivedMs.get());
        world.network().heal("broker-1", "test");
        world.runFor(10);
        assertTrue(arrivedMs.get() > 0);
    }

    @Test
    void connectingThroughAPartitionTimesOut() {
        serve(server, SimulatedNetworkTest::echo);
        world.network().partition(List.of("test"), List.of("broker-1"));
        world.run(() -> assertThrows(ConnectException.class, () -> connect(world)));
        world.network().healAll();
        world.run(() -> connect(world).close());
    }

    @Test
    void nobodyListensOrNobodyIsThere() {
        world.run(() -> {
            assertThrows(ConnectException.class, () -> connect(world));
            assertThrows(
                    UnknownHostException.class,
                    () -> world.test().network().connect(InetSocketAddress.createUnresolved("nowhere", 1)));
        });
        serve(server, SimulatedNetworkTest::echo);
        world.network().refuse("broker-1");
        world.run(() -> assertThrows(ConnectException.class, () -> connect(world)));
    }

    @Test
    void aResetReachesBothEnds() {
        serve(server, SimulatedNetworkTest::echo);
        Transport transport = world.call(() -> connect(world));
        world.network().reset("test", "broker-1");
        world.run(() -> assertThrows(SocketException.class, () -> transport.read(ByteBuffer.allocate(1))));
    }

    @Test
    void whatIsDelayedOvertakesOrIsLostIsCounted() {
        serve(server, SimulatedNetworkTest::echo);
        Traffic traffic = world.network().traffic();
        Transport slow = world.call(() -> connect(world));
        Transport fast = world.call(() -> connect(world));
        world.network().link("test", "broker-1", LinkSettings.standard().withLatencyNanos(50_000_000, 60_000_000));
        world.run(() -> slow.write(ByteBuffer.allocate(1)));
        assertEquals(1, traffic.delayed());
        assertEquals(0, traffic.overtaking());

        world.network().link("test", "broker-1", LinkSettings.standard());
        world.run(() -> fast.write(ByteBuffer.allocate(1)));
        assertEquals(1, traffic.delayed());
        assertEquals(1, traffic.overtaking());

        assertEquals(0, traffic.lost());
        world.network().reset("test", "broker-1");
        assertEquals(2, traffic.lost());
    }

    @Test
    void whatNobodyIsThereToReadIsLost() {
        serve(server, SimulatedNetworkTest::echo);
        Traffic traffic = world.network().traffic();
        Transport transport = world.call(() -> connect(world));
        world.network().cut("test", "broker-1");
        world.run(() -> transport.write(ByteBuffer.allocate(1)));
        assertEquals(1, traffic.delayed());
        server.kill();
        world.process("broker-1", server.disk());
        assertEquals(1, traffic.lost());
    }

    @Test
    void closingEndsTheOtherEndAndUnblocksOnesOwn() {
        serve(server, transport -> transport.read(ByteBuffer.allocate(1)));
        world.run(() -> {
            Transport transport = connect(world);
            transport.write(ByteBuffer.allocate(1));
            assertEquals(-1, transport.read(ByteBuffer.allocate(1)));

            Transport other = connect(world);
            world.environment().threads().start("closer", () -> {
                try {
                    other.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThrows(ClosedChannelException.class, () -> other.read(ByteBuffer.allocate(1)));
        });
    }

    @Test
    void aKilledServerIsNoticedAPoweredOffOneIsNot() {
        serve(server, SimulatedNetworkTest::echo);
        Transport transport = world.call(() -> connect(world));
        server.kill();
        world.run(() -> {
            try {
                assertEquals(-1, transport.read(ByteBuffer.allocate(1)));
            } catch (SocketException e) {
                assertEquals("Connection reset", e.getMessage());
            }
        });

        SimulatedProcess next = world.process("broker-1", server.disk());
        serve(next, SimulatedNetworkTest::echo);
        Transport silent = world.call(() -> connect(world));
        next.losePower(new Random(1));
        AtomicReference<String> end = new AtomicReference<>("nothing");
        world.test().environment().threads().start("reader", () -> {
            try {
                end.set("read " + silent.read(ByteBuffer.allocate(1)));
            } catch (IOException e) {
                end.set(String.valueOf(e.getMessage()));
            }
        });
        world.runFor(60_000);
        assertEquals("nothing", end.get());

        world.process("broker-1", server.disk());
        world.runFor(10);
        assertEquals("Connection reset", end.get());
    }

    @Test
    void aHostWithoutPowerRefusesNobodyAndIsReachedWhenItIsUpAgain() {
        serve(server, SimulatedNetworkTest::echo);
        world.call(() -> connect(world));
        server.losePower(new Random(1));
        world.run(() -> {
            long beforeNanos = world.clock().nanos();
            ConnectException silence = assertThrows(ConnectException.class, () -> connect(world));
            assertEquals("Connection timed out: broker-1", silence.getMessage());
            assertTrue(world.clock().nanos() - beforeNanos >= 10_000_000_000L);
        });
        serve(world.process("broker-1", server.disk()), SimulatedNetworkTest::echo);
        world.call(() -> connect(world));
    }
}
