package io.milena.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.testkit.Seeds;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What compaction leaves of a batch is what {@code kafka-clients} leaves of it: every field of the header, every record, and every byte where nothing is compressed. */
class RewritingOracleTest {
    private static final int BATCHES = 200;
    private static final long NOW_MS = 1_700_000_000_000L;

    private static RecordBatch batch(Random random, Compression compression) {
        RecordBatchBuilder builder = new RecordBatchBuilder()
                .baseOffset(random.nextLong(1L << 40))
                .partitionLeaderEpoch(random.nextInt(100))
                .compression(compression);
        if (random.nextBoolean()) {
            builder.producer(random.nextLong(1000), (short) random.nextInt(10), random.nextInt(Integer.MAX_VALUE));
            if (random.nextBoolean()) {
                builder.transactional();
            }
        }
        int count = 1 + random.nextInt(20);
        for (int i = 0; i < count; i++) {
            ByteBuffer value = random.nextInt(5) == 0 ? null : ByteBuffer.wrap(new byte[random.nextInt(200)]);
            List<RecordHeader> headers = random.nextBoolean()
                    ? List.of()
                    : List.of(new RecordHeader("h", ByteBuffer.wrap(new byte[] {(byte) i})));
            builder.append(NOW_MS - random.nextInt(1000), ByteBuffer.wrap(new byte[] {(byte) i}), value, headers);
        }
        RecordBatch batch = builder.build();
        if (random.nextInt(3) == 0) {
            batch.stampLogAppendTime(NOW_MS + 5);
        }
        return batch;
    }

    private static Set<Long> someOffsets(Random random, RecordBatch batch) {
        Set<Long> kept = new TreeSet<>();
        int share = random.nextInt(4);
        batch.records().forEach(record -> {
            if (random.nextInt(3) < share) {
                kept.add(record.offset());
            }
        });
        return kept;
    }

    /** Kafka's: all records but those at other offsets go, and a tombstone that stays sets a delete horizon. */
    private static ByteBuffer theirs(RecordBatch batch, Set<Long> kept, long horizonMs) {
        MemoryRecords.RecordFilter filter = new MemoryRecords.RecordFilter(horizonMs, 0) {
            @Override
            protected BatchRetentionResult checkBatchRetention(
                    org.apache.kafka.common.record.internal.RecordBatch ignored) {
                return new BatchRetentionResult(BatchRetention.RETAIN_EMPTY, false);
            }

            @Override
            protected boolean shouldRetainRecord(
                    org.apache.kafka.common.record.internal.RecordBatch ignored,
                    org.apache.kafka.common.record.internal.Record record) {
                return kept.contains(record.offset());
            }
        };
        return MemoryRecords.readableRecords(batch.buffer())
                .filterTo(filter, ByteBuffer.allocate(1 << 16), BufferSupplier.NO_CACHING, Integer.MAX_VALUE)
                .outputBuffer()
                .flip();
    }

    private static RecordBatch ours(RecordBatch batch, Set<Long> kept, long horizonMs) {
        List<Record> records = new ArrayList<>();
        batch.records().forEach(record -> {
            if (kept.contains(record.offset())) {
                records.add(record);
            }
        });
        if (records.isEmpty()) {
            return batch.emptied();
        }
        boolean needsHorizon =
                batch.deleteHorizonMs().isEmpty() && records.stream().anyMatch(record -> record.value() == null);
        if (records.size() == batch.recordCount() && !needsHorizon) {
            return batch;
        }
        RecordBatchBuilder builder = RecordBatchBuilder.rewriting(batch);
        if (needsHorizon) {
            builder.deleteHorizon(horizonMs);
        }
        records.forEach(builder::append);
        return builder.build();
    }

    private static List<Object> story(RecordBatch batch) {
        List<Object> story = new ArrayList<>();
        story.add(batch.baseOffset());
        story.add(batch.partitionLeaderEpoch());
        story.add(batch.attributes());
        story.add(batch.lastOffsetDelta());
        story.add(batch.baseTimestampMs());
        story.add(batch.maxTimestampMs());
        story.add(batch.producerId());
        story.add(batch.producerEpoch());
        story.add(batch.baseSequence());
        story.add(batch.recordCount());
        batch.records().forEach(story::add);
        return story;
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void whatIsLeftOfABatchIsWhatKafkaLeaves(Compression compression) {
        Seeds.each(RewritingOracleTest.class, BATCHES, seed -> {
            // Given
            Random random = new Random(seed);
            RecordBatch rest = batch(random, compression);
            for (int round = 0; round < 3; round++) {
                Set<Long> kept = someOffsets(random, rest);
                long horizonMs = NOW_MS + random.nextInt(100_000);
                // When
                RecordBatch ours = ours(rest, kept, horizonMs);
                RecordBatch theirs = RecordBatch.filling(theirs(rest, kept, horizonMs));
                // Then
                assertTrue(ours.isIntact());
                assertEquals(story(theirs), story(ours));
                if (compression == Compression.NONE) {
                    assertEquals(theirs.buffer(), ours.buffer());
                }
                rest = ours;
            }
        });
    }
}
