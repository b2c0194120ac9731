package io.milena.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.milena.records.BatchFault.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records that lie inside a batch whose lengths and checksum are right, each lie with the fault that it must end in. */
class HostileRecordsTest {
    private static final int BYTES_MAX = 1 << 20;
    private static final BatchValidation CLIENTS = BatchValidation.ofClients(BYTES_MAX);
    private static final long NOW_MS = 1_700_000_000_000L;

    /** A batch of a client around whatever bytes are said to be its records. */
    private static RecordBatch batch(Compression compression, int count, int lastOffsetDelta, ByteBuffer records) {
        ByteBuffer stored = compression.compress(records);
        int size = BatchHeader.SIZE_IN_BYTES + stored.remaining();
        ByteBuffer bytes = ByteBuffer.allocate(size);
        bytes.putInt(BatchHeader.BATCH_LENGTH_AT, size - BatchHeader.LENGTH_OVERHEAD_BYTES);
        bytes.put(BatchHeader.MAGIC_AT, BatchHeader.MAGIC);
        bytes.putShort(BatchHeader.ATTRIBUTES_AT, (short) compression.id());
        bytes.putInt(BatchHeader.LAST_OFFSET_DELTA_AT, lastOffsetDelta);
        bytes.putLong(BatchHeader.BASE_TIMESTAMP_AT, NOW_MS);
        bytes.putLong(BatchHeader.MAX_TIMESTAMP_AT, NOW_MS);
        bytes.putLong(BatchHeader.PRODUCER_ID_AT, -1);
        bytes.putShort(BatchHeader.PRODUCER_EPOCH_AT, (short) -1);
        bytes.putInt(BatchHeader.BASE_SEQUENCE_AT, -1);
        bytes.putInt(BatchHeader.RECORD_COUNT_AT, count);
        bytes.put(BatchHeader.SIZE_IN_BYTES, stored, stored.position(), stored.remaining());
        bytes.putInt(BatchHeader.CRC_AT, (int) RecordBatch.filling(bytes).computedCrc());
        return RecordBatch.filling(bytes);
    }

    /** The fields of a record: attributes and a timestamp delta of 0, then the varints, then as many zero bytes. */
    private static ByteBuffer body(int zeroes, int... varints) {
        ByteBuffer body = ByteBuffer.allocate(2 + 5 * varints.length + zeroes).position(2);
        for (int varint : varints) {
            Varint.writeInt(body, varint);
        }
        return body.position(body.position() + zeroes).flip();
    }

    private static ByteBuffer record(ByteBuffer body) {
        ByteBuffer record = ByteBuffer.allocate(5 + body.remaining());
        Varint.writeInt(record, body.remaining());
        return record.put(body).flip();
    }

    private static ByteBuffer withOffsetDeltas(int... deltas) {
        ByteBuffer records = ByteBuffer.allocate(16 * deltas.length);
        for (int delta : deltas) {
            records.put(record(body(0, delta, -1, -1, 0)));
        }
        return records.flip();
    }

    private static List<Record> read(RecordBatch batch) {
        List<Record> read = new ArrayList<>();
        batch.records(BYTES_MAX).forEach(read::add);
        return read;
    }

    private static @Nullable Kind faultOf(RecordBatch batch) {
        BatchFault fault = CLIENTS.fault(batch, NOW_MS);
        return fault == null ? null : fault.kind();
    }

    /** Whatever the compression, validation and reading find the same. */
    private static void assertUnreadable(int count, ByteBuffer records, String lie) {
        for (Compression compression : Compression.values()) {
            RecordBatch batch = batch(compression, count, count - 1, records);
            assertEquals(Kind.INVALID_RECORD, faultOf(batch), lie + ", " + compression);
            assertEquals(
                    Kind.INVALID_RECORD,
                    assertThrows(InvalidRecordsException.class, () -> read(batch), lie)
                            .fault()
                            .kind(),
                    lie + ", " + compression);
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void recordsMadeByHandAreReadIfTheyTellTheTruth(Compression compression) {
        RecordBatch batch = batch(compression, 3, 2, withOffsetDeltas(0, 1, 2));
        assertNull(faultOf(batch));
        assertEquals(
                List.of(0L, 1L, 2L), read(batch).stream().map(Record::offset).toList());
    }

    @Test
    void recordLengthsThatCannotBeAreInvalid() {
        for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 1, 5, 7, 1 << 20, Integer.MAX_VALUE}) {
            ByteBuffer records = ByteBuffer.allocate(16);
            Varint.writeInt(records, length);
            records.put(body(0, 0, -1, -1, 0)).flip(); // six bytes
            assertUnreadable(1, records, "length " + length);
        }
    }

    @Test
    void keyValueAndHeaderLengthsThatCannotBeAreInvalid() {
        for (int length : new int[] {Integer.MIN_VALUE, -2, 4, 1 << 20, Integer.MAX_VALUE}) {
            assertUnreadable(1, record(body(3, 0, length)), "key " + length);
            assertUnreadable(1, record(body(3, 0, -1, length)), "value " + length);
            assertUnreadable(1, record(body(3, 0, -1, -1, 1, length)), "header key " + length);
            assertUnreadable(1, record(body(3, 0, -1, -1, 1, 0, length)), "header value " + length);
        }
        assertUnreadable(1, record(body(1, 0, -1, -1, 1, -1)), "a header without a key");
    }

    @Test
    void headerCountsThatDoNotMatchAreInvalid() {
        for (int count : new int[] {Integer.MIN_VALUE, -1, 0, 1, 3, 1 << 20, Integer.MAX_VALUE}) {
            assertUnreadable(1, record(body(0, 0, -1, -1, count, 0, -1, 0, -1)), count + " headers where 2 are");
        }
    }

    @Test
    void recordCountsThatDoNotMatchAreInvalid() {
        ByteBuffer two = withOffsetDeltas(0, 1);
        for (int count : new int[] {Integer.MIN_VALUE, -1, 0, 1, 3, 1 << 20, Integer.MAX_VALUE}) {
            assertUnreadable(count, two, count + " records where 2 are");
        }
        assertUnreadable(1, ByteBuffer.allocate(0), "no records at all");
    }

    @Test
    void numbersThatNeverEndAreInvalid() {
        byte[] endless = new byte[12];
        Arrays.fill(endless, (byte) 0xff);
        assertUnreadable(1, ByteBuffer.wrap(endless), "length");
        ByteBuffer timestamp =
                ByteBuffer.allocate(13).put((byte) 0).put(endless).flip();
        assertUnreadable(1, record(timestamp), "timestamp delta");
        ByteBuffer offset =
                ByteBuffer.allocate(14).putShort((short) 0).put(endless).flip();
        assertUnreadable(1, record(offset), "offset delta");
    }

    @Test
    void everyCutOfARecordIsInvalid() {
        ByteBuffer body = body(1, 0, 0, 0, 1, 0);
        for (int length = 0; length < body.limit(); length++) {
            assertUnreadable(1, record(body.slice(0, length)), "the first " + length + " bytes");
        }
    }

    @Test
    void offsetDeltasThatDoNotCountUpAreRefused() {
        for (int[] deltas :
                new int[][] {{1, 2, 3}, {0, 0, 2}, {0, 2, 1}, {2, 1, 0}, {0, -1, 2}, {0, 1, Integer.MAX_VALUE}}) {
            for (Compression compression : Compression.values()) {
                RecordBatch batch = batch(compression, 3, 2, withOffsetDeltas(deltas));
                assertEquals(Kind.INVALID_RECORD, faultOf(batch), Arrays.toString(deltas));
                assertEquals(3, read(batch).size());
            }
        }
    }

    @Test
    void aLastOffsetDeltaBesidesTheCountIsRefused() {
        for (int delta : new int[] {Integer.MIN_VALUE, -1, 0, 2, Integer.MAX_VALUE}) {
            assertEquals(Kind.INVALID_RECORD, faultOf(batch(Compression.NONE, 2, delta, withOffsetDeltas(0, 1))));
        }
        assertNull(faultOf(batch(Compression.NONE, 2, 1, withOffsetDeltas(0, 1))));
    }

    @Test
    void compressionTypesThatDoNotExistAreNamedAsSuch() {
        for (int id = 5; id < 8; id++) {
            ByteBuffer bytes =
                    batch(Compression.NONE, 1, 0, withOffsetDeltas(0)).buffer();
            bytes.putShort(BatchHeader.ATTRIBUTES_AT, (short) id);
            RecordBatch batch = RecordBatch.filling(bytes);
            bytes.putInt(BatchHeader.CRC_AT, (int) batch.computedCrc());
            assertEquals(Kind.UNSUPPORTED_COMPRESSION, faultOf(batch));
            assertEquals(
                    Kind.UNSUPPORTED_COMPRESSION,
                    assertThrows(InvalidRecordsException.class, () -> read(batch))
                            .fault()
                            .kind());
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void everyByteWithEveryValueIsAFaultOfItsPlaceOrAGoodBatch(Compression compression) {
        ByteBuffer good = batch(compression, 3, 2, withOffsetDeltas(0, 1, 2)).buffer();
        for (int at = 0; at < good.limit(); at++) {
            for (int value = 0; value < 256; value++) {
                if ((byte) value == good.get(at)) {
                    continue;
                }
                ByteBuffer bad = ByteBuffer.allocate(good.limit())
                        .put(good.duplicate())
                        .flip()
                        .put(at, (byte) value);
                assertEquals(faultExpectedAt(at, bad), faultOfBytes(bad), "byte " + at + " is " + value);
            }
        }
    }

    private static @Nullable Kind faultExpectedAt(int at, ByteBuffer bad) {
        if (at < BatchHeader.BATCH_LENGTH_AT) {
            return Kind.INVALID_RECORD; // clients start at 0
        }
        if (at < BatchHeader.PARTITION_LEADER_EPOCH_AT) {
            int length = bad.getInt(BatchHeader.BATCH_LENGTH_AT);
            boolean isShorter = length >= BatchHeader.SIZE_IN_BYTES - BatchHeader.LENGTH_OVERHEAD_BYTES
                    && length < bad.limit() - BatchHeader.LENGTH_OVERHEAD_BYTES;
            return isShorter ? Kind.INVALID_RECORD : Kind.CORRUPT; // something follows, or it cannot be
        }
        if (at < BatchHeader.MAGIC_AT) {
            return null; // the broker's to set
        }
        return at == BatchHeader.MAGIC_AT ? Kind.UNSUPPORTED_MAGIC : Kind.CORRUPT;
    }

    private static @Nullable Kind faultOfBytes(ByteBuffer bytes) {
        try {
            return faultOf(RecordBatch.filling(bytes));
        } catch (InvalidRecordsException e) {
            assertNotNull(e.getMessage());
            return e.fault().kind();
        }
    }
}
