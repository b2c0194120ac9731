package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.milena.runtime.Network;
import io.milena.runtime.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thread of the system waits for bytes on a socket, but not for ever. */
@Timeout(120)
class SocketPatienceTest {
    private static final long LONG_MS = 60_000;

    private final ByteBuffer into = ByteBuffer.allocateDirect(8);
    private Client client;
    private Transport transport;

    @BeforeEach
    void connect() throws Exception {
        try (Network.Listener listener = new SocketNetwork().listen(new InetSocketAddress("127.0.0.1", 0))) {
            client = Client.connect(listener.address().getPort());
            transport = listener.accept();
        }
        // As on every connection, a virtual thread has read before
        client.sendBytes(new byte[] {1});
        Thread.startVirtualThread(this::read).join();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        transport.close();
    }

    private void read() {
        try {
            transport.read(into);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void end() {
        try {
            transport.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatArrivesIsReadAndNothingIsNoEnd() throws Exception {
        assertEquals(0, transport.read(into, 1));
        client.sendBytes(new byte[] {2, 3});
        int count = transport.read(into, LONG_MS);
        while (count < 2) {
            count += transport.read(into, LONG_MS);
        }
        assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), into.duplicate().flip());
        assertEquals(0, transport.read(into, 1));
        client.close();
        assertEquals(-1, transport.read(into, LONG_MS));
    }

    @Test
    void aCloseEndsTheWait() throws Exception {
        Thread closing = Thread.startVirtualThread(this::end);
        assertThrows(IOException.class, () -> transport.read(into, LONG_MS));
        closing.join();
    }
}
