package io.milena.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a batch gets from its builder, and what a builder refuses. */
class RecordBatchBuilderTest {
    private static final ByteBuffer VALUE =
            ByteBuffer.wrap(new byte[] {1, 2, 3}).asReadOnlyBuffer();

    private static Record record(long offset, long timestampMs) {
        return new Record(offset, timestampMs, BatchHeader.NO_SEQUENCE, null, VALUE, List.of());
    }

    private static List<Long> offsets(RecordBatch batch) {
        return StreamSupport.stream(batch.records().spliterator(), false)
                .map(Record::offset)
                .toList();
    }

    @Test
    void withoutSettingsItIsABatchOfAPlainClient() {
        RecordBatch batch = new RecordBatchBuilder().append(5, null, VALUE).build();
        assertEquals(0, batch.baseOffset());
        assertEquals(0, batch.lastOffset());
        assertEquals(BatchHeader.NO_PARTITION_LEADER_EPOCH, batch.partitionLeaderEpoch());
        assertEquals(0, batch.attributes());
        assertEquals(BatchHeader.NO_PRODUCER_ID, batch.producerId());
        assertEquals(BatchHeader.NO_PRODUCER_EPOCH, batch.producerEpoch());
        assertEquals(BatchHeader.NO_SEQUENCE, batch.baseSequence());
        assertEquals(BatchHeader.NO_SEQUENCE, batch.lastSequence());
        assertEquals(OptionalLong.empty(), batch.deleteHorizonMs());
        assertTrue(batch.isIntact());
    }

    @Test
    void aBatchWithoutRecordsIsNotBuilt() {
        assertThrows(IllegalStateException.class, () -> new RecordBatchBuilder().build());
    }

    @Test
    void offsetsBeginBeforeRecordsDo() {
        RecordBatchBuilder builder = new RecordBatchBuilder().append(0, null, VALUE);
        assertThrows(IllegalStateException.class, () -> builder.baseOffset(7));
    }

    @Test
    void recordsKeepTheirOffsetsAndTheNextOneFollows() {
        RecordBatch batch = new RecordBatchBuilder()
                .baseOffset(100)
                .append(record(103, 0))
                .append(record(110, 0))
                .append(0, null, VALUE)
                .build();
        assertEquals(List.of(103L, 110L, 111L), offsets(batch));
        assertEquals(11, batch.lastOffsetDelta());
        assertEquals(3, batch.recordCount());
    }

    @Test
    void offsetsThatDoNotRiseOrLieBeforeTheFirstAreRefused() {
        RecordBatchBuilder builder = new RecordBatchBuilder().baseOffset(100).append(record(103, 0));
        for (long offset : new long[] {0, 99, 100, 102, 103}) {
            assertThrows(IllegalArgumentException.class, () -> builder.append(record(offset, 0)), "offset " + offset);
        }
        assertEquals(List.of(103L), offsets(builder.build()));
    }

    @Test
    void aBatchSpansNoMoreOffsetsThanADeltaCanSay() {
        long last = 100L + Integer.MAX_VALUE;
        RecordBatchBuilder builder = new RecordBatchBuilder().baseOffset(100).append(record(100, 0));
        assertThrows(ArithmeticException.class, () -> builder.append(record(last + 1, 0)));
        builder.append(record(last, 0));
        assertThrows(ArithmeticException.class, () -> builder.append(0, null, VALUE));
        assertEquals(List.of(100L, last), offsets(builder.build()));
    }

    @Test
    void timestampsAreExactHoweverFarApart() {
        long[] timestamps = {5, -1, Long.MAX_VALUE, 0, Long.MIN_VALUE};
        RecordBatchBuilder builder = new RecordBatchBuilder();
        for (long timestamp : timestamps) {
            builder.append(timestamp, null, null);
        }
        RecordBatch batch = builder.build();
        int i = 0;
        for (Record record : batch.records()) {
            assertEquals(timestamps[i++], record.timestampMs());
        }
        assertEquals(Long.MAX_VALUE, batch.maxTimestampMs());
    }

    @Test
    void withoutAnyTimestampTheMaximumIsNone() {
        RecordBatch batch = new RecordBatchBuilder()
                .append(BatchHeader.NO_TIMESTAMP, null, VALUE)
                .build();
        assertEquals(BatchHeader.NO_TIMESTAMP, batch.maxTimestampMs());
        assertEquals(BatchHeader.NO_TIMESTAMP, batch.records().iterator().next().timestampMs());
    }

    @Test
    void theSizeIsThatOfTheBatchWithoutCompression() {
        RecordBatchBuilder builder = new RecordBatchBuilder();
        assertEquals(BatchHeader.SIZE_IN_BYTES, builder.sizeInBytes());
        for (int i = 0; i < 200; i++) {
            builder.append(i * 1000L, VALUE, ByteBuffer.allocate(i * i), List.of(new RecordHeader("ключ", VALUE)));
        }
        int size = builder.sizeInBytes();
        assertEquals(200, builder.recordCount());
        assertEquals(size, builder.build().sizeInBytes());
    }

    @Test
    void keysAndValuesDoNotMoveWhereverTheyLie() {
        ByteBuffer value = ByteBuffer.allocateDirect(10).position(3).limit(8);
        RecordBatch batch = new RecordBatchBuilder()
                .append(0, VALUE, value, List.of(new RecordHeader("", value)))
                .build();
        assertEquals(3, value.position());
        Record read = batch.records().iterator().next();
        assertEquals(value, read.value());
        assertEquals(List.of(new RecordHeader("", value)), read.headers());
    }

    @Test
    void levelsThatATypeDoesNotHaveAreRefused() {
        for (Compression compression : Compression.values()) {
            RecordBatchBuilder builder = new RecordBatchBuilder();
            assertThrows(
                    IllegalArgumentException.class, () -> builder.compression(compression, 100), compression.name());
        }
    }

    @Test
    void aRecordLargerThanABufferCanBeIsRefusedAndLeavesTheBatchAsItWas(@TempDir Path folder) throws IOException {
        long size = 1_200_000_000; // twice as much is more than an int; the file is sparse and never read
        try (FileChannel file = FileChannel.open(
                folder.resolve("large"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            ByteBuffer large = file.map(FileChannel.MapMode.READ_WRITE, 0, size);
            RecordBatchBuilder builder = new RecordBatchBuilder().append(0, null, VALUE);
            assertThrows(ArithmeticException.class, () -> builder.append(0, large, large));
            List<RecordHeader> headers = List.of(new RecordHeader("a", large), new RecordHeader("b", large));
            assertThrows(ArithmeticException.class, () -> builder.append(0, null, VALUE, headers));
            assertEquals(List.of(0L), offsets(builder.build()));
        }
    }

    @Test
    void aBuilderIsForOneBatch() {
        for (Compression compression : Compression.values()) {
            RecordBatchBuilder builder =
                    new RecordBatchBuilder().compression(compression).append(0, null, VALUE);
            RecordBatch batch = builder.build();
            assertThrows(IllegalStateException.class, () -> builder.append(0, null, VALUE), compression.name());
            assertThrows(IllegalStateException.class, builder::build, compression.name());
            assertTrue(batch.isIntact());
        }
    }

    @Test
    void sequencesWrapBehindTheLargest() {
        RecordBatch batch = new RecordBatchBuilder()
                .producer(1, (short) 0, Integer.MAX_VALUE - 1)
                .append(0, null, VALUE)
                .append(0, null, VALUE)
                .append(0, null, VALUE)
                .build();
        List<Integer> sequences = StreamSupport.stream(batch.records().spliterator(), false)
                .map(Record::sequence)
                .toList();
        assertEquals(List.of(Integer.MAX_VALUE - 1, Integer.MAX_VALUE, 0), sequences);
        assertEquals(0, batch.lastSequence());
    }
}
