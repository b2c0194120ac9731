package io.milena.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Random;
import net.jpountz.xxhash.XXHashFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xerial.snappy.Snappy;

/** Compressed bytes that lie about their size: memory stays within a small multiple of the input and the limit. */
class HostileCompressionTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int LIMIT_BYTES = 1 << 20;
    private static final byte[] SNAPPY_FRAME = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1};
    /** Independent blocks of at most 4 MiB. */
    private static final byte[] LZ4_DESCRIPTOR = {0x60, 0x70};

    private static long allocatedBytes(Runnable work) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        work.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private static void assertAllocatesAtMost(long bytesMax, Compression compression, byte[] input) {
        bytesRead(compression, ByteBuffer.wrap(input)); // loads what is loaded once
        long allocated = allocatedBytes(() -> bytesRead(compression, ByteBuffer.wrap(input)));
        assertTrue(allocated <= bytesMax, compression + " took " + allocated + " bytes for " + input.length);
    }

    private static BatchFault.Kind faultOf(Compression compression, byte[] input) {
        return assertThrows(
                        InvalidRecordsException.class,
                        () -> compression.decompress(ByteBuffer.wrap(input), LIMIT_BYTES))
                .fault()
                .kind();
    }

    /** How many bytes came out, or -1 if the input was refused. */
    private static int bytesRead(Compression compression, ByteBuffer input) {
        try {
            return compression.decompress(input, LIMIT_BYTES).remaining();
        } catch (InvalidRecordsException e) {
            return -1;
        }
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    private static byte[] bigEndian(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    private static byte[] array(ByteBuffer bytes) {
        byte[] array = new byte[bytes.remaining()];
        bytes.get(array);
        return array;
    }

    private static byte[] emptyLz4Frame() {
        int hash = XXHashFactory.fastestInstance().hash32().hash(LZ4_DESCRIPTOR, 0, LZ4_DESCRIPTOR.length, 0);
        return joined(
                new byte[] {0x04, 0x22, 0x4d, 0x18}, LZ4_DESCRIPTOR, new byte[] {(byte) (hash >> 8)}, new byte[4]);
    }

    @Test
    void aSnappyBlockThatDeclaresTooMuchIsRefusedBeforeItIsMade() {
        byte[] declaresTwoGigabytes = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07, 0, 0};
        byte[] framed = joined(SNAPPY_FRAME, bigEndian(declaresTwoGigabytes.length), declaresTwoGigabytes);
        assertEquals(BatchFault.Kind.INVALID_RECORD, faultOf(Compression.SNAPPY, declaresTwoGigabytes));
        assertEquals(BatchFault.Kind.INVALID_RECORD, faultOf(Compression.SNAPPY, framed));
        assertAllocatesAtMost(64 << 10, Compression.SNAPPY, declaresTwoGigabytes);
        assertAllocatesAtMost(64 << 10, Compression.SNAPPY, framed);
    }

    @Test
    void oneLargeSnappyBlockIsRefusedAtTheLimitBeforeItIsMade() throws IOException {
        byte[] bomb = Snappy.compress(new byte[64 << 20]);
        assertEquals(BatchFault.Kind.TOO_LARGE, faultOf(Compression.SNAPPY, bomb));
        assertAllocatesAtMost(3L * bomb.length + 2 * LIMIT_BYTES, Compression.SNAPPY, bomb);
    }

    @Test
    void snappyBlockLengthsThatCannotBeAreInvalid() {
        for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 4, 1 << 20, Integer.MAX_VALUE}) {
            byte[] lie = joined(SNAPPY_FRAME, bigEndian(length), new byte[3]);
            assertEquals(BatchFault.Kind.INVALID_RECORD, faultOf(Compression.SNAPPY, lie), "length " + length);
            assertAllocatesAtMost(64 << 10, Compression.SNAPPY, lie);
        }
        assertEquals(BatchFault.Kind.INVALID_RECORD, faultOf(Compression.SNAPPY, joined(SNAPPY_FRAME, new byte[2])));
    }

    @Test
    void snappyWithoutFramingIsReadAsLibrdkafkaWritesIt() throws IOException {
        byte[] plain = new byte[100_000];
        new Random(3).nextBytes(plain);
        assertEquals(
                ByteBuffer.wrap(plain),
                Compression.SNAPPY.decompress(ByteBuffer.wrap(Snappy.compress(plain)), LIMIT_BYTES));
    }

    @Test
    void lz4FramesWithoutNumberDoNotTakeBuffersWithoutNumber() {
        byte[] frames = new byte[0];
        for (int i = 0; i < 50; i++) {
            frames = joined(frames, emptyLz4Frame());
        }
        assertEquals(0, bytesRead(Compression.LZ4, ByteBuffer.wrap(frames)), "all of them are frames");
        assertAllocatesAtMost(10 << 20, Compression.LZ4, frames);
    }

    @ParameterizedTest
    @EnumSource(
            value = Compression.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void aBombTakesNoMoreMemoryThanTheLimitAllows(Compression compression) {
        byte[] bomb = array(compression.compress(ByteBuffer.allocate(32 << 20)));
        assertEquals(BatchFault.Kind.TOO_LARGE, faultOf(compression, bomb));
        assertAllocatesAtMost(4L * LIMIT_BYTES + 4L * bomb.length, compression, bomb);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void whatIsExactlyAsLargeAsTheLimitIsReadAndOneByteMoreIsNot(Compression compression) {
        for (int size : new int[] {0, 1, 1023, 1024, 1025, 65_536, 100_000}) {
            ByteBuffer plain = ByteBuffer.allocate(size);
            new Random(size).nextBytes(plain.array());
            ByteBuffer compressed = compression.compress(plain);
            assertEquals(plain, compression.decompress(compressed, size), "size " + size);
            if (size > 0) {
                assertEquals(
                        BatchFault.Kind.TOO_LARGE,
                        assertThrows(InvalidRecordsException.class, () -> compression.decompress(compressed, size - 1))
                                .fault()
                                .kind(),
                        "size " + size);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Compression.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void noiseEndsInAFaultOrInBytesWithinTheLimit(Compression compression) {
        Random random = new Random(compression.ordinal());
        byte[] good = array(compression.compress(ByteBuffer.wrap(new byte[5_000])));
        int refused = 0;
        for (int round = 0; round < 5_000; round++) {
            byte[] noise = round % 2 == 0 ? new byte[random.nextInt(100)] : good.clone();
            if (round % 2 == 0) {
                random.nextBytes(noise);
            } else {
                noise[random.nextInt(noise.length)] = (byte) random.nextInt();
            }
            int read = bytesRead(compression, ByteBuffer.wrap(noise));
            assertTrue(read <= LIMIT_BYTES);
            refused += read < 0 ? 1 : 0;
        }
        assertTrue(refused > 1_000, "refused " + refused);
    }
}
