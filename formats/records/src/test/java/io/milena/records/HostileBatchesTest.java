package io.milena.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes that lie: they end in {@link InvalidRecordsException} or a {@link BatchFault}, and take no more memory than they are worth. */
class HostileBatchesTest {
    private static final BatchValidation CLIENTS = BatchValidation.ofClients(1 << 20);
    private static final long NOW_MS = 1_700_000_000_000L;
    /** Behind the checksum: what it protects. */
    private static final int PROTECTED_FROM = 21;

    private static ByteBuffer batch(Compression compression) {
        RecordBatchBuilder builder =
                new RecordBatchBuilder().compression(compression).producer(5, (short) 1, 0);
        for (int i = 0; i < 20; i++) {
            builder.append(NOW_MS + i, ByteBuffer.wrap(new byte[] {(byte) i}), ByteBuffer.wrap(new byte[i * 3]));
        }
        return builder.build().buffer();
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }

    /** Reads all that there is; whether it could be read. */
    private static boolean isReadable(ByteBuffer bytes) {
        try {
            for (RecordBatch batch : RecordBatches.of(bytes)) {
                for (Record record : batch.records(1 << 20)) {
                    assertNotNull(record.headers());
                }
            }
            return true;
        } catch (InvalidRecordsException e) {
            assertNotNull(e.fault());
            return false;
        }
    }

    @Test
    void everyFlippedBitUnderTheChecksumIsFound() {
        ByteBuffer good = batch(Compression.NONE);
        for (int bit = PROTECTED_FROM * 8; bit < good.remaining() * 8; bit++) {
            ByteBuffer bad = copy(good);
            bad.put(bit / 8, (byte) (bad.get(bit / 8) ^ (1 << bit % 8)));
            RecordBatch batch = RecordBatch.filling(bad);
            assertFalse(batch.isIntact(), "bit " + bit);
            BatchFault fault = CLIENTS.appendFault(batch, NOW_MS);
            assertNotNull(fault, "bit " + bit);
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void liesUnderARightChecksumEndInTheCodecsOwnError(Compression compression) {
        ByteBuffer good = batch(compression);
        Random random = new Random(compression.ordinal());
        int readable = 0;
        for (int round = 0; round < 5_000; round++) {
            ByteBuffer bad = copy(good);
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                int at = PROTECTED_FROM + random.nextInt(bad.remaining() - PROTECTED_FROM);
                bad.put(at, (byte) random.nextInt());
            }
            RecordBatch batch = RecordBatch.filling(bad);
            bad.putInt(PROTECTED_FROM - 4, (int) batch.computedCrc());
            if (isReadable(bad)) {
                readable++;
            }
            CLIENTS.fault(RecordBatch.filling(bad), NOW_MS); // answers, whatever it says
        }
        assertTrue(readable < 5_000, "nothing was found");
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void aCutBatchIsNotABatch(Compression compression) {
        ByteBuffer good = batch(compression);
        for (int length = 0; length < good.remaining(); length++) {
            ByteBuffer cut = good.slice(0, length);
            assertThrows(InvalidRecordsException.class, () -> RecordBatch.filling(cut), "length " + length);
            assertFalse(RecordBatches.of(cut).iterator().hasNext(), "length " + length);
        }
    }

    @Test
    void noiseIsNotABatch() {
        Random random = new Random(1);
        for (int round = 0; round < 20_000; round++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            if (noise.length > 16 && random.nextBoolean()) {
                noise[16] = 2; // the magic, so that the rest is looked at
            }
            isReadable(ByteBuffer.wrap(noise));
        }
    }

    @Test
    void anImpossibleLengthIsRefusedBeforeAnythingIsAllocated() {
        for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 48, Integer.MAX_VALUE}) {
            ByteBuffer bad = copy(batch(Compression.NONE)).putInt(8, length);
            assertEquals(
                    BatchFault.Kind.CORRUPT,
                    assertThrows(InvalidRecordsException.class, () -> RecordBatch.filling(bad))
                            .fault()
                            .kind(),
                    "length " + length);
        }
    }

    @Test
    void olderAndLaterMagicsAreNamed() {
        for (byte magic : new byte[] {0, 1, 3, -1}) {
            ByteBuffer bad = copy(batch(Compression.NONE)).put(16, magic);
            InvalidRecordsException e = assertThrows(InvalidRecordsException.class, () -> RecordBatch.filling(bad));
            assertEquals(BatchFault.Kind.UNSUPPORTED_MAGIC, e.fault().kind());
            assertTrue(
                    e.fault().message().contains(Byte.toString(magic)),
                    e.fault().message());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Compression.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void aBombIsDefusedAtTheLimit(Compression compression) {
        RecordBatch bomb = new RecordBatchBuilder()
                .compression(compression)
                .append(NOW_MS, null, ByteBuffer.allocate(8 << 20))
                .build();
        InvalidRecordsException e = assertThrows(
                InvalidRecordsException.class,
                () -> bomb.records(1 << 20).iterator().next());
        assertEquals(BatchFault.Kind.TOO_LARGE, e.fault().kind());
    }

    @Test
    void aBatchThatSaysWhatOnlyBrokersMaySayIsRefusedFromClients() {
        RecordBatch marker = new RecordBatchBuilder()
                .producer(1, (short) 0, -1)
                .transactional()
                .appendControl(NOW_MS, ControlRecord.COMMIT, ControlRecord.endOfTransactionValue(0))
                .build();
        BatchFault fault = CLIENTS.appendFault(marker, NOW_MS);
        assertNotNull(fault);
        assertEquals(BatchFault.Kind.INVALID_RECORD, fault.kind());
        assertNull(BatchValidation.ofBroker(1 << 20).appendFault(marker, NOW_MS));
    }

    @Test
    void aBatchLargerThanTheTopicAllowsIsRefused() {
        RecordBatch batch = RecordBatch.filling(batch(Compression.NONE));
        BatchFault fault = BatchValidation.ofClients(batch.sizeInBytes() - 1).appendFault(batch, NOW_MS);
        assertNotNull(fault);
        assertEquals(BatchFault.Kind.TOO_LARGE, fault.kind());
        assertNull(BatchValidation.ofClients(batch.sizeInBytes()).appendFault(batch, NOW_MS));
    }

    @Test
    void countsThatDoNotMatchAreRefused() {
        int countAt = 57;
        int lastOffsetDeltaAt = 23;
        for (int at : new int[] {countAt, lastOffsetDeltaAt}) {
            for (int lie : new int[] {-1, 0, 1, 21, Integer.MAX_VALUE}) {
                ByteBuffer bad = copy(batch(Compression.NONE)).putInt(at, lie);
                bad.putInt(PROTECTED_FROM - 4, (int) RecordBatch.filling(bad).computedCrc());
                assertNotNull(CLIENTS.appendFault(RecordBatch.filling(bad), NOW_MS), at + " says " + lie);
            }
        }
    }
}
