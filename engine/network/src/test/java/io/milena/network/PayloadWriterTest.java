package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.Payload;
import io.milena.runtime.Network;
import io.milena.runtime.Threads;
import io.milena.runtime.Transport;
import io.milena.testkit.Arbitrary;
import io.milena.testkit.HandClock;
import io.milena.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every byte of every part arrives, in order, and every file is let go of once. */
@Timeout(120)
class PayloadWriterTest {
    private static final int FILE_BYTES = 4 * 1024 * 1024;

    private final byte[] content = Arbitrary.bytes(new Random(1), FILE_BYTES);
    private final ConnectionStatistics statistics = new ConnectionStatistics();

    @TempDir
    private Path folder;

    private TemporaryFile file;
    private Client client;
    private Transport transport;
    private PayloadWriter writer;

    @BeforeEach
    void connect() throws IOException {
        file = new TemporaryFile(folder.resolve("segment"), content);
        try (Network.Listener listener = new SocketNetwork().listen(new InetSocketAddress("127.0.0.1", 0))) {
            client = Client.connect(listener.address().getPort());
            transport = listener.accept();
        }
        writer = new PayloadWriter(transport, new Activity(new HandClock()), statistics);
    }

    @AfterEach
    void everyPartIsLetGoOf() throws IOException {
        assertEquals(0, file.held());
        transport.close();
        client.close();
        file.close();
    }

    /** Writes on a virtual thread, as connections do, while this one reads. */
    private CompletableFuture<Boolean> write(List<Payload> parts) {
        CompletableFuture<Boolean> written = new CompletableFuture<>();
        Threads.system().start("writer", () -> {
            try {
                writer.write(parts);
                written.complete(true);
            } catch (IOException | RuntimeException e) {
                written.completeExceptionally(e);
            }
        });
        return written;
    }

    private void assertArrives(List<Payload> parts, byte[] expected) throws Exception {
        long before = statistics.bytesOut();
        CompletableFuture<Boolean> written = write(parts);
        assertArrayEquals(expected, client.receiveBytes(expected.length));
        assertTrue(written.get(60, TimeUnit.SECONDS));
        assertEquals(before + expected.length, statistics.bytesOut());
    }

    @Test
    void partsOfFilesAreExact() throws Exception {
        int piece = 1024 * 1024;
        for (int size : new int[] {0, 1, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, piece - 1, piece, piece + 1}) {
            for (int position : new int[] {0, 1, 4095, FILE_BYTES - size}) {
                assertArrives(
                        List.of(file.part(position, size)), Arrays.copyOfRange(content, position, position + size));
            }
        }
        assertArrives(List.of(file.part(0, FILE_BYTES)), content);
    }

    @Test
    void whatIsSentInPiecesIsPreparedPieceByPiece() throws Exception {
        // Given
        List<Payload> parts = List.of(
                file.part(0, 300_000, 100_000),
                file.part(300_000, 99_999, 100_000),
                file.part(399_999, 100_001, 100_000),
                file.part(500_000, 10));
        // When
        assertArrives(parts, Arrays.copyOf(content, 500_010));
        // Then
        List<Long> wholePieces = file.prepared().stream()
                .filter(each -> each.count() == 100_000)
                .map(TemporaryFile.Attempt::from)
                .toList();
        assertEquals(List.of(0L, 100_000L, 200_000L, 399_999L), wholePieces);
        assertTrue(file.prepared().contains(new TemporaryFile.Attempt(300_000, 99_999)));
        assertTrue(file.prepared().contains(new TemporaryFile.Attempt(499_999, 1)));
        assertTrue(file.prepared().contains(new TemporaryFile.Attempt(500_000, 10)));
    }

    /** Takes so much at once, and no more. */
    private static final class Sips extends Feed {
        private static final int BYTES = 40_000;

        Sips() {
            super(new byte[0], new Random(1));
        }

        @Override
        public long write(FileChannel file, long position, long count) {
            return Math.min(count, BYTES);
        }
    }

    @Test
    void theRestOfAPieceIsPreparedOnceMoreWhenItsTurnComes() throws Exception {
        // Given
        PayloadWriter sipping = new PayloadWriter(new Sips(), new Activity(new HandClock()), statistics);
        // When
        sipping.write(List.of(file.part(7, 150_000, 100_000)));
        // Then
        assertEquals(
                List.of(
                        new TemporaryFile.Attempt(7, 100_000),
                        new TemporaryFile.Attempt(40_007, 60_000),
                        new TemporaryFile.Attempt(80_007, 20_000),
                        new TemporaryFile.Attempt(100_007, 50_000),
                        new TemporaryFile.Attempt(140_007, 10_000)),
                file.prepared());
        assertEquals(150_000, statistics.bytesOut());
    }

    @Test
    void partsInMemoryAreNotMoved() throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(content, 10, 500_000);
        assertArrives(List.of(new Payload.InMemory(bytes)), Arrays.copyOfRange(content, 10, 500_010));
        assertEquals(10, bytes.position());
        assertEquals(500_010, bytes.limit());
    }

    @Test
    void moreBuffersThanOneWriteTakesArriveInOrder() throws Exception {
        List<Payload> parts = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            parts.add(new Payload.InMemory(ByteBuffer.wrap(content, i * 7, i % 3 == 0 ? 0 : 7)));
            parts.add(new Payload.InMemory(ByteBuffer.wrap(content, i * 7, i % 3 == 0 ? 7 : 0)));
        }
        assertArrives(parts, Arrays.copyOf(content, 35_000));
    }

    @Test
    void nothingIsWrittenForNoParts() throws Exception {
        assertArrives(List.of(), new byte[0]);
        assertArrives(List.of(new Payload.InMemory(ByteBuffer.allocate(0))), new byte[0]);
    }

    @Test
    void partsOfBothKindsArriveInOrderForEverySeed() {
        Seeds.each(PayloadWriterTest.class, 40, seed -> {
            Random random = new Random(seed);
            List<Payload> parts = new ArrayList<>();
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            for (int i = random.nextInt(30); i >= 0; i--) {
                int size = Arbitrary.size(random, Arbitrary.oneOf(random, List.of(100, 20_000, 300_000)));
                int position = random.nextInt(FILE_BYTES - size);
                expected.write(content, position, size);
                parts.add(
                        switch (random.nextInt(3)) {
                            case 0 -> file.part(position, size);
                            case 1 -> new Payload.InMemory(ByteBuffer.wrap(content, position, size));
                            default ->
                                new Payload.InMemory(ByteBuffer.allocateDirect(size)
                                        .put(content, position, size)
                                        .flip());
                        });
            }
            try {
                assertArrives(parts, expected.toByteArray());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void aFileThatEndsEarlyIsAFailureAndAllPartsAreReleased() {
        for (int size : new int[] {100, 100_000}) {
            List<Payload> parts = List.of(file.part(0, 10), file.part(FILE_BYTES - 50, size), file.part(0, 10));
            CompletableFuture<Boolean> written = write(parts);
            Exception failure = assertThrows(Exception.class, () -> written.get(60, TimeUnit.SECONDS));
            assertTrue(failure.toString().contains("a file ends at " + FILE_BYTES), failure::toString);
        }
    }

    @Test
    void allPartsAreReleasedWhenTheClientHasGone() throws Exception {
        client.close();
        List<Payload> parts = List.of(file.part(0, FILE_BYTES), file.part(0, 10), file.part(0, FILE_BYTES));
        CompletableFuture<Boolean> written = write(parts);
        Exception failure = assertThrows(Exception.class, () -> written.get(60, TimeUnit.SECONDS));
        assertTrue(failure.getCause() instanceof IOException, failure.toString());
    }

    @Test
    void closingTheConnectionEndsAWriteThatIsStuck() throws Exception {
        List<Payload> parts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            parts.add(file.part(0, FILE_BYTES));
        }
        CompletableFuture<Boolean> written = write(parts);
        client.receiveBytes(1);
        transport.close();
        Exception failure = assertThrows(Exception.class, () -> written.get(60, TimeUnit.SECONDS));
        assertTrue(failure.getCause() instanceof IOException, failure.toString());
    }
}
