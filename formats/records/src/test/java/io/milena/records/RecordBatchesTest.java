package io.milena.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** Batches one after another, as a segment or a fetch holds them, up to where the last one is torn. */
class RecordBatchesTest {

    private static ByteBuffer threeBatches() {
        ByteBuffer all = ByteBuffer.allocate(2_000);
        all.put(batch(10, 1, Compression.NONE).buffer());
        all.put(batch(11, 5, Compression.LZ4).buffer());
        all.put(batch(16, 3, Compression.NONE).buffer());
        return all.flip();
    }

    private static RecordBatch batch(long baseOffset, int records, Compression compression) {
        RecordBatchBuilder builder =
                new RecordBatchBuilder().baseOffset(baseOffset).compression(compression);
        for (int i = 0; i < records; i++) {
            builder.append(i, null, ByteBuffer.allocate(7 * i));
        }
        return builder.build();
    }

    private static List<Long> baseOffsets(RecordBatches batches) {
        List<Long> offsets = new ArrayList<>();
        batches.forEach(batch -> offsets.add(batch.baseOffset()));
        return offsets;
    }

    @Test
    void allBatchesAreFoundInOrderAndTheBufferDoesNotMove() {
        ByteBuffer all = threeBatches();
        int size = all.remaining();
        RecordBatches batches = RecordBatches.of(all);
        for (int round = 0; round < 2; round++) {
            assertEquals(List.of(10L, 11L, 16L), baseOffsets(batches), "iteration " + round);
        }
        assertEquals(size, batches.sizeInBytes());
        assertEquals(size, batches.wholeBatchesSizeInBytes());
        assertEquals(0, all.position());
        batches.forEach(batch -> assertTrue(batch.isIntact()));
    }

    @Test
    void bytesBeforeThePositionAndBehindTheLimitAreNotLookedAt() {
        ByteBuffer all = threeBatches();
        int first = RecordBatch.at(all).sizeInBytes();
        ByteBuffer within = ByteBuffer.allocateDirect(all.remaining() + 100)
                .position(30)
                .put(all)
                .limit(30 + all.limit());
        assertEquals(List.of(11L, 16L), baseOffsets(RecordBatches.of(within.position(30 + first))));
    }

    @Test
    void iterationEndsBeforeATornTailWhereverItIsTorn() {
        ByteBuffer all = threeBatches();
        List<Long> offsets = baseOffsets(RecordBatches.of(all));
        int whole = 0;
        int wholeSize = 0;
        int nextEnd = RecordBatch.at(all).sizeInBytes();
        for (int length = 0; length <= all.limit(); length++) {
            if (length == nextEnd) {
                whole++;
                wholeSize = nextEnd;
                nextEnd = length == all.limit()
                        ? Integer.MAX_VALUE
                        : nextEnd
                                + RecordBatch.at(all.duplicate().position(nextEnd))
                                        .sizeInBytes();
            }
            RecordBatches torn = RecordBatches.of(all.slice(0, length));
            assertEquals(offsets.subList(0, whole), baseOffsets(torn), "length " + length);
            assertEquals(wholeSize, torn.wholeBatchesSizeInBytes(), "length " + length);
            assertEquals(length, torn.sizeInBytes());
        }
        assertEquals(3, whole);
    }

    @Test
    void anImpossibleBatchBehindGoodOnesEndsIterationWithAFault() {
        ByteBuffer all = threeBatches();
        int second = RecordBatch.at(all).sizeInBytes();
        ByteBuffer otherMagic = threeBatches().put(second + BatchHeader.MAGIC_AT, (byte) 1);
        assertFaultAfterOne(BatchFault.Kind.UNSUPPORTED_MAGIC, otherMagic);
        ByteBuffer impossibleLength = threeBatches().putInt(second + BatchHeader.BATCH_LENGTH_AT, 48);
        assertFaultAfterOne(BatchFault.Kind.CORRUPT, impossibleLength);
        ByteBuffer zeroes = threeBatches();
        for (int at = second; at < zeroes.limit(); at++) {
            zeroes.put(at, (byte) 0);
        }
        assertFaultAfterOne(BatchFault.Kind.UNSUPPORTED_MAGIC, zeroes);
    }

    private static void assertFaultAfterOne(BatchFault.Kind kind, ByteBuffer bytes) {
        Iterator<RecordBatch> batches = RecordBatches.of(bytes).iterator();
        assertEquals(10, batches.next().baseOffset());
        assertEquals(
                kind,
                assertThrows(InvalidRecordsException.class, batches::hasNext)
                        .fault()
                        .kind());
        assertEquals(
                kind,
                assertThrows(InvalidRecordsException.class, batches::next)
                        .fault()
                        .kind());
    }

    @Test
    void aLengthBeyondTheEndIsATornTail() {
        ByteBuffer all = threeBatches();
        all.putInt(RecordBatch.at(all).sizeInBytes() + BatchHeader.BATCH_LENGTH_AT, Integer.MAX_VALUE - 12);
        assertEquals(List.of(10L), baseOffsets(RecordBatches.of(all)));
    }

    @Test
    void batchesAndRecordsBehindTheLastDoNotExist() {
        Iterator<RecordBatch> none = RecordBatches.of(ByteBuffer.allocate(0)).iterator();
        assertFalse(none.hasNext());
        assertThrows(NoSuchElementException.class, none::next);
        Iterator<Record> records = batch(0, 1, Compression.NONE).records().iterator();
        records.next();
        assertThrows(NoSuchElementException.class, records::next);
    }

    @Test
    void whatIsPatchedInABatchIsPatchedInTheBufferItLiesIn() {
        ByteBuffer all = threeBatches();
        long next = 1_000;
        for (RecordBatch batch : RecordBatches.of(all)) {
            batch.assignOffsets(next, 3);
            batch.stampLogAppendTime(99);
            next = batch.nextOffset();
        }
        assertEquals(List.of(1_000L, 1_001L, 1_006L), baseOffsets(RecordBatches.of(all)));
        assertEquals(1_009, next);
        for (RecordBatch batch : RecordBatches.of(all)) {
            assertTrue(batch.isIntact());
            batch.records().forEach(record -> assertEquals(99, record.timestampMs()));
        }
    }

    @Test
    void aHeaderNeedsItsOwnBytesOnly() {
        ByteBuffer all = threeBatches();
        RecordBatch batch = RecordBatch.at(all);
        assertNull(BatchHeader.at(all.slice(0, BatchHeader.SIZE_IN_BYTES - 1)));
        BatchHeader header = BatchHeader.at(all.slice(0, BatchHeader.SIZE_IN_BYTES));
        assertNotNull(header);
        assertEquals(batch.sizeInBytes(), header.sizeInBytes());
        assertEquals(batch.crc(), header.crc());
        assertEquals(batch.toString(), header.toString());
    }

    @Test
    void aBatchWithBytesBehindItFillsNothing() {
        assertEquals(
                BatchFault.Kind.INVALID_RECORD,
                assertThrows(InvalidRecordsException.class, () -> RecordBatch.filling(threeBatches()))
                        .fault()
                        .kind());
        assertEquals(
                BatchFault.Kind.INVALID_RECORD,
                assertThrows(InvalidRecordsException.class, () -> RecordBatch.filling(ByteBuffer.allocate(0)))
                        .fault()
                        .kind());
    }
}
