package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Transport;
import io.milena.testkit.Seeds;
import io.milena.testkit.SimulatedEnvironment;
import io.milena.testkit.SimulatedProcess;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS over the simulated network, which cuts and delays its bytes by seed. What is sealed differs from run to run, since keys do. */
@Timeout(120)
class TlsSimulatedTest {
    private static final InetSocketAddress BROKER = InetSocketAddress.createUnresolved("broker", 9093);
    private static final long IDLE_MS = 60_000;
    private static TlsWorld credentials;

    @BeforeAll
    static void makeCredentials(@TempDir Path folder) throws IOException {
        credentials = new TlsWorld(folder);
    }

    private static ConnectionServer start(SimulatedEnvironment simulation) throws IOException {
        SimulatedProcess process = simulation.process("broker", simulation.disk());
        return ConnectionServer.start(
                credentials.around(process.network(), Map.of()).listen(new InetSocketAddress("0.0.0.0", 9093)),
                (local, remote) -> LoopbackServer::echo,
                new ConnectionServer.Limits(1_000_000, 1 << 20, 100, IDLE_MS),
                process.environment());
    }

    private static Transport connect(SimulatedEnvironment simulation) {
        return simulation.call(() -> {
            simulation.clock().sleepMs(1);
            return credentials.clientAround(simulation.test().network()).connect(BROKER);
        });
    }

    private static ByteBuffer ask(Transport client, int bytes) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + bytes);
        client.writeFully(new ByteBuffer[] {frame.putInt(bytes).rewind()});
        ByteBuffer answer = ByteBuffer.allocate(Integer.BYTES + bytes);
        while (answer.hasRemaining()) {
            if (client.read(answer) < 0) {
                throw new EOFException();
            }
        }
        return answer.flip();
    }

    @Test
    void allIsAnsweredForEverySeed() {
        Seeds.each(TlsSimulatedTest.class, 10, seed -> {
            SimulatedEnvironment simulation = new SimulatedEnvironment(seed);
            ConnectionServer server = started(simulation);
            AtomicInteger answers = new AtomicInteger();
            for (int number = 0; number < 3; number++) {
                Transport client = connect(simulation);
                simulation.environment().threads().start("client", () -> {
                    try {
                        for (int bytes = 1; bytes < 100_000; bytes *= 7) {
                            assertEquals(bytes, ask(client, bytes).getInt());
                            answers.incrementAndGet();
                        }
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                });
            }
            simulation.runUntil(() -> answers.get() == 3 * 6);
            simulation.call(() -> {
                server.close();
                return true;
            });
            assertEquals(0, server.statistics().open());
        });
    }

    private static ConnectionServer started(SimulatedEnvironment simulation) {
        try {
            return start(simulation);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aHandshakeThatIsNotFinishedEndsAfterTheIdleTime() {
        SimulatedEnvironment simulation = new SimulatedEnvironment(1);
        ConnectionServer server = started(simulation);
        Transport stuck = simulation.call(() -> {
            simulation.clock().sleepMs(1);
            return simulation.test().network().connect(BROKER);
        });
        simulation.run(() -> stuck.writeFully(new ByteBuffer[] {ByteBuffer.wrap(new byte[] {22, 3, 1, 2, 0, 1})}));
        simulation.runFor(IDLE_MS - 1_000);
        assertEquals(1, server.statistics().open());
        simulation.runFor(12_000);
        assertEquals(0, server.statistics().open());
        assertTrue(stuck.isOpen());
        assertEquals(-1, simulation.call(() -> stuck.read(ByteBuffer.allocate(1))));
    }
}
