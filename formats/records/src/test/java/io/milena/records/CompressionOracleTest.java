package io.milena.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.GzipCompression;
import org.apache.kafka.common.compress.Lz4Compression;
import org.apache.kafka.common.compress.ZstdCompression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Names, levels and framings of compression beside {@code kafka-clients}: values of many blocks, every level, gaps in the offsets. */
class CompressionOracleTest {
    private static final int LEVELS_TRIED_FROM = -10;
    private static final int LEVELS_TRIED_TO = 25;

    /** Noise and repetition by turns, far larger than the blocks of any codec. */
    private static byte[] large(long seed, int length) {
        Random random = new Random(seed);
        byte[] bytes = new byte[length];
        for (int at = 0; at < length; ) {
            int end = Math.min(length, at + 1 + random.nextInt(100_000));
            boolean isNoise = random.nextBoolean();
            byte same = (byte) random.nextInt();
            for (; at < end; at++) {
                bytes[at] = isNoise ? (byte) random.nextInt() : same;
            }
        }
        return bytes;
    }

    private static org.apache.kafka.common.compress.Compression theirs(Compression compression, int level) {
        return switch (compression) {
            case NONE -> org.apache.kafka.common.compress.Compression.NONE;
            case GZIP ->
                org.apache.kafka.common.compress.Compression.gzip().level(level).build();
            case SNAPPY -> org.apache.kafka.common.compress.Compression.snappy().build();
            case LZ4 ->
                org.apache.kafka.common.compress.Compression.lz4().level(level).build();
            case ZSTD ->
                org.apache.kafka.common.compress.Compression.zstd().level(level).build();
        };
    }

    private static List<SimpleRecord> readByKafka(RecordBatch batch) {
        MutableRecordBatch read = MemoryRecords.readableRecords(batch.buffer())
                .batches()
                .iterator()
                .next();
        read.ensureValid();
        List<SimpleRecord> records = new ArrayList<>();
        read.forEach(record -> records.add(new SimpleRecord(record)));
        return records;
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void valuesOfManyBlocksPassBothWays(Compression compression) {
        byte[][] values = {large(1, 3_000_000), new byte[0], large(2, 65_536), large(3, 700_001)};
        SimpleRecord[] records = new SimpleRecord[values.length];
        RecordBatchBuilder builder = new RecordBatchBuilder().compression(compression);
        for (int i = 0; i < values.length; i++) {
            records[i] = new SimpleRecord(i, null, values[i]);
            builder.append(i, null, ByteBuffer.wrap(values[i]));
        }
        assertEquals(List.of(records), readByKafka(builder.build()));

        MemoryRecords theirs = MemoryRecords.withRecords(theirs(compression, compression.defaultLevel()), records);
        int i = 0;
        for (Record record : RecordBatch.filling(theirs.buffer()).records()) {
            assertEquals(ByteBuffer.wrap(values[i++]), record.value());
        }
        assertEquals(values.length, i);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void everyLevelIsReadByKafkaAndEachOfItsOwnByUs(Compression compression) {
        byte[] value = large(4, 50_000);
        SimpleRecord record = new SimpleRecord(1, value, value);
        for (int level = LEVELS_TRIED_FROM; level <= LEVELS_TRIED_TO; level++) {
            if (!compression.allowsLevel(level)) {
                continue;
            }
            RecordBatch ours = new RecordBatchBuilder()
                    .compression(compression, level)
                    .append(1, ByteBuffer.wrap(value), ByteBuffer.wrap(value))
                    .build();
            assertEquals(List.of(record), readByKafka(ours), "level " + level);
            RecordBatch theirs = RecordBatch.filling(MemoryRecords.withRecords(theirs(compression, level), record)
                    .buffer());
            assertEquals(
                    ByteBuffer.wrap(value), theirs.records().iterator().next().value(), "level " + level);
        }
    }

    @Test
    void namesAndNumbersAreThoseOfKafka() {
        for (CompressionType type : CompressionType.values()) {
            Compression ours = Compression.named(type.name);
            assertNotNull(ours, type.name);
            assertEquals(type.id, ours.id());
            assertEquals(type.name, ours.settingName());
            assertEquals(ours, Compression.ofId(type.id));
        }
        assertEquals(CompressionType.values().length, Compression.values().length);
        assertNull(Compression.ofId(-1));
        assertNull(Compression.ofId(5));
        assertNull(Compression.named("GZIP"));
        assertNull(Compression.named("producer"));
    }

    @Test
    void levelsAreThoseOfKafka() {
        for (int level : new int[] {-131_073, -131_072, -10, -2, -1, 0, 1, 3, 9, 10, 16, 17, 18, 22, 23, 100}) {
            for (Compression compression : new Compression[] {Compression.GZIP, Compression.LZ4, Compression.ZSTD}) {
                assertEquals(
                        isAllowedByKafka(compression, level),
                        compression.allowsLevel(level),
                        compression + " level " + level);
            }
        }
        assertTrue(Compression.NONE.allowsLevel(0));
        assertTrue(Compression.SNAPPY.allowsLevel(0));
    }

    private static boolean isAllowedByKafka(Compression compression, int level) {
        try {
            switch (compression) {
                case GZIP -> new GzipCompression.Builder().level(level);
                case LZ4 -> new Lz4Compression.Builder().level(level);
                case ZSTD -> new ZstdCompression.Builder().level(level);
                case NONE, SNAPPY -> throw new AssertionError("has no levels");
            }
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void gapsInTheOffsetsAndAppendTimeAreKafkas(Compression compression) {
        long[] offsets = {103, 104, 110, 1_000_000};
        MemoryRecordsBuilder theirs = MemoryRecords.builder(
                ByteBuffer.allocate(1024),
                (byte) 2,
                theirs(compression, compression.defaultLevel()),
                TimestampType.LOG_APPEND_TIME,
                100,
                777,
                42,
                (short) 3,
                17,
                true,
                8);
        RecordBatchBuilder ours = new RecordBatchBuilder()
                .baseOffset(100)
                .partitionLeaderEpoch(8)
                .compression(compression)
                .appendTime(777)
                .producer(42, (short) 3, 17)
                .transactional();
        for (long offset : offsets) {
            byte[] value = large(offset, 20);
            theirs.appendWithOffset(offset, 5 * offset, null, value);
            ours.append(new Record(offset, 5 * offset, -1, null, ByteBuffer.wrap(value), List.of()));
        }
        RecordBatch read = RecordBatch.filling(theirs.build().buffer());
        RecordBatch built = ours.build();
        for (RecordBatch batch : List.of(read, built)) {
            assertTrue(batch.isIntact());
            MutableRecordBatch oracle = MemoryRecords.readableRecords(batch.buffer())
                    .batches()
                    .iterator()
                    .next();
            oracle.ensureValid();
            assertEquals(oracle.lastOffset(), batch.lastOffset());
            assertEquals(oracle.lastSequence(), batch.lastSequence());
            var expected = oracle.iterator();
            for (Record record : batch.records()) {
                var next = expected.next();
                assertEquals(next.offset(), record.offset());
                assertEquals(next.sequence(), record.sequence());
                assertEquals(777, record.timestampMs());
                assertEquals(next.value(), record.value());
            }
            assertEquals(1_000_000, batch.lastOffset());
        }
        if (compression == Compression.NONE) {
            assertEquals(read.buffer(), built.buffer());
        }
    }

    @Test
    void sequencesWrapAsKafkasDo() {
        int[] edges = {0, 1, 5, 1 << 20, Integer.MAX_VALUE - 1, Integer.MAX_VALUE};
        for (int sequence : edges) {
            for (int increment : edges) {
                assertEquals(
                        DefaultRecordBatch.incrementSequence(sequence, increment),
                        BatchHeader.sequenceAfter(sequence, increment),
                        sequence + " and " + increment);
            }
        }
    }
}
