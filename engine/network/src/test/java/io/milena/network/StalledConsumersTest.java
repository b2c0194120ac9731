package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.protocol.Payload;
import io.milena.testkit.Arbitrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A consumer that asks and does not read fills its socket. The thread that sends to it must wait without a carrier: there are as few of those as there are processors, and a
 * transfer from a file in blocking mode would keep one each.
 */
@Timeout(180)
class StalledConsumersTest {
    private static final int STALLED = 64;
    private static final int RECEIVE_BUFFER_BYTES = 64 * 1024;

    /** More than the buffers of both ends can grow to. */
    private static final int FILE_BYTES = 24 * 1024 * 1024;

    private static final int SMALL_BYTES = 100_000;

    @TempDir
    private Path folder;

    private final byte[] content = Arbitrary.bytes(new Random(7), FILE_BYTES);
    private final List<Client> stalled = new ArrayList<>();
    private TemporaryFile file;
    private LoopbackServer server;

    @BeforeEach
    void stallAll() throws IOException {
        file = new TemporaryFile(folder.resolve("segment"), content);
        server = LoopbackServer.start(this::answer);
        for (int i = 0; i < STALLED; i++) {
            Client client = Client.connect(server.port(), RECEIVE_BUFFER_BYTES);
            stalled.add(client);
            client.send("everything");
        }
        for (Client client : stalled) {
            // The size has come, so the file is what the server sends now.
            assertEquals(FILE_BYTES, client.receiveSize());
        }
    }

    private Reply answer(ByteBuffer frame) {
        String text = LoopbackServer.text(frame);
        if (text.equals("everything")) {
            return Reply.ready(withSize(file.part(0, FILE_BYTES)));
        }
        if (text.equals("something")) {
            List<Payload> parts = withSize(file.part(5, SMALL_BYTES));
            // Not ready: the connection's writer sends it.
            return () -> parts;
        }
        return Reply.ready(PendingReply.frame(text));
    }

    private static List<Payload> withSize(Payload part) {
        ByteBuffer size =
                ByteBuffer.allocate(Integer.BYTES).putInt(part.sizeInBytes()).flip();
        return List.of(new Payload.InMemory(size), part);
    }

    @AfterEach
    void everythingEndsAndIsLetGoOf() throws Exception {
        for (Client client : stalled) {
            client.close();
        }
        server.close();
        server.assertNoThreadIsLeft();
        assertEquals(0, file.held());
        file.close();
    }

    @Test
    void aHealthyClientIsServedBesideThem() throws IOException {
        byte[] something = java.util.Arrays.copyOfRange(content, 5, 5 + SMALL_BYTES);
        try (Client healthy = server.connect()) {
            for (int i = 0; i < 200; i++) {
                assertEquals("ping " + i, healthy.ask("ping " + i));
                healthy.send("something");
                assertArrayEquals(something, healthy.receiveFrame());
            }
        }
    }

    @Test
    void whoReadsAgainMissesNothing() throws IOException {
        for (Client client : List.of(stalled.getFirst(), stalled.getLast())) {
            assertArrayEquals(content, client.receiveBytes(FILE_BYTES));
            assertEquals("still here", client.ask("still here"));
        }
    }

    @Test
    void newClientsAreAccepted() throws IOException {
        for (int i = 0; i < 50; i++) {
            try (Client late = server.connect()) {
                assertEquals("late", late.ask("late"));
            }
        }
    }
}
