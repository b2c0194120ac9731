package io.milena.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Batches of ours in the hands of {@code kafka-clients}, and theirs in ours; hundreds of random ones for each codec. */
class KafkaOracleTest {
    private static final int BATCHES = 150;

    /** What a random batch says, in words that both sides understand. */
    private record Story(
            long baseOffset,
            int leaderEpoch,
            long producerId,
            short producerEpoch,
            int baseSequence,
            boolean isTransactional,
            List<SimpleRecord> records) {}

    private static Story story(long seed) {
        Random random = new Random(seed);
        boolean isIdempotent = random.nextBoolean();
        List<SimpleRecord> records = new ArrayList<>();
        int count = 1 + random.nextInt(random.nextInt(10) == 0 ? 500 : 10);
        for (int i = 0; i < count; i++) {
            Header[] headers = new Header[random.nextInt(4)];
            for (int h = 0; h < headers.length; h++) {
                headers[h] = new RecordHeader("header-ä-" + random.nextInt(5), bytes(random, 20));
            }
            long timestampMs = random.nextInt(10) == 0 ? 0 : Math.abs(random.nextLong() % 2_000_000_000_000L);
            records.add(new SimpleRecord(timestampMs, bytes(random, 40), bytes(random, 3_000), headers));
        }
        return new Story(
                Math.abs(random.nextLong() >> 2),
                random.nextInt(1000),
                isIdempotent ? Math.abs(random.nextLong() >> 1) : -1,
                (short) (isIdempotent ? random.nextInt(Short.MAX_VALUE) : -1),
                isIdempotent ? random.nextInt() & Integer.MAX_VALUE : -1,
                isIdempotent && random.nextBoolean(),
                records);
    }

    /** Null, nothing, little or much; compressible more or less. */
    private static byte @Nullable [] bytes(Random random, int lengthMax) {
        if (random.nextInt(8) == 0) {
            return null;
        }
        byte[] bytes = new byte[random.nextInt(1 + random.nextInt(lengthMax))];
        if (random.nextBoolean()) {
            random.nextBytes(bytes);
        }
        return bytes;
    }

    private static MemoryRecords theirs(Story story, Compression compression) {
        return MemoryRecords.withRecords(
                (byte) 2,
                story.baseOffset,
                org.apache.kafka.common.compress.Compression.of(
                                compression.name().toLowerCase(Locale.ROOT))
                        .build(),
                TimestampType.CREATE_TIME,
                story.producerId,
                story.producerEpoch,
                story.baseSequence,
                story.leaderEpoch,
                story.isTransactional,
                story.records.toArray(SimpleRecord[]::new));
    }

    private static RecordBatch ours(Story story, Compression compression) {
        RecordBatchBuilder builder = new RecordBatchBuilder()
                .baseOffset(story.baseOffset)
                .partitionLeaderEpoch(story.leaderEpoch)
                .compression(compression)
                .producer(story.producerId, story.producerEpoch, story.baseSequence);
        if (story.isTransactional) {
            builder.transactional();
        }
        for (SimpleRecord record : story.records) {
            List<io.milena.records.RecordHeader> headers = new ArrayList<>();
            for (Header header : record.headers()) {
                byte[] value = header.value();
                headers.add(new io.milena.records.RecordHeader(
                        header.key(), value == null ? null : ByteBuffer.wrap(value)));
            }
            builder.append(record.timestamp(), record.key(), record.value(), headers);
        }
        return builder.build();
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void kafkaReadsOurs(Compression compression) {
        Seeds.each(KafkaOracleTest.class, BATCHES, seed -> {
            Story story = story(seed);
            MutableRecordBatch read = MemoryRecords.readableRecords(
                            ours(story, compression).buffer())
                    .batches()
                    .iterator()
                    .next();
            read.ensureValid();
            assertEquals(story.baseOffset, read.baseOffset());
            assertEquals(story.leaderEpoch, read.partitionLeaderEpoch());
            assertEquals(story.producerId, read.producerId());
            assertEquals(story.producerEpoch, read.producerEpoch());
            assertEquals(story.baseSequence, read.baseSequence());
            assertEquals(story.isTransactional, read.isTransactional());
            assertEquals(story.records.size(), read.countOrNull());
            int i = 0;
            for (org.apache.kafka.common.record.internal.Record record : read) {
                assertEquals(story.records.get(i), new SimpleRecord(record), "record " + i);
                assertEquals(story.baseOffset + i, record.offset());
                i++;
            }
            assertEquals(story.records.size(), i);
        });
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void weReadKafkas(Compression compression) {
        Seeds.each(KafkaOracleTest.class, BATCHES, seed -> {
            Story story = story(seed);
            MemoryRecords theirs = theirs(story, compression);
            RecordBatch read = RecordBatch.filling(theirs.buffer());
            assertTrue(read.isIntact());
            assertEquals(compression, read.compression());
            assertEquals(story.baseOffset, read.baseOffset());
            assertEquals(story.baseOffset + story.records.size() - 1, read.lastOffset());
            assertEquals(theirs.batches().iterator().next().maxTimestamp(), read.maxTimestampMs());
            int i = 0;
            for (Record record : read.records()) {
                assertEquals(story.records.get(i), simple(record), "record " + i);
                assertEquals(story.baseOffset + i, record.offset());
                i++;
            }
            assertEquals(story.records.size(), i);
        });
    }

    private static SimpleRecord simple(Record record) {
        Header[] headers = record.headers().stream()
                .map(header -> new RecordHeader(header.key(), array(header.value())))
                .toArray(Header[]::new);
        return new SimpleRecord(record.timestampMs(), array(record.key()), array(record.value()), headers);
    }

    private static byte @Nullable [] array(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            return null;
        }
        byte[] array = new byte[bytes.remaining()];
        bytes.duplicate().get(array);
        return array;
    }

    @Test
    void whatIsNotCompressedIsTheSameByteForByte() {
        Seeds.each(KafkaOracleTest.class, BATCHES, seed -> {
            Story story = story(seed);
            assertEquals(
                    theirs(story, Compression.NONE).buffer(),
                    ours(story, Compression.NONE).buffer());
        });
    }

    @Test
    void markersAreTheSameByteForByte() {
        for (ControlRecordType type : List.of(ControlRecordType.ABORT, ControlRecordType.COMMIT)) {
            MemoryRecords theirs = MemoryRecords.withEndTransactionMarker(
                    7, 1_700_000_000_000L, 3, 42, (short) 5, new EndTransactionMarker(type, 9));
            RecordBatch ours = new RecordBatchBuilder()
                    .baseOffset(7)
                    .partitionLeaderEpoch(3)
                    .producer(42, (short) 5, -1)
                    .transactional()
                    .appendControl(
                            1_700_000_000_000L,
                            ControlRecord.valueOf(type.name()),
                            ControlRecord.endOfTransactionValue(9))
                    .build();
            assertEquals(theirs.buffer(), ours.buffer(), type.name());

            RecordBatch read = RecordBatch.filling(theirs.buffer());
            assertTrue(read.isControl());
            Record marker = read.records().iterator().next();
            assertEquals(ControlRecord.valueOf(type.name()), ControlRecord.ofKey(marker.key()));
            assertEquals(9, ControlRecord.coordinatorEpoch(marker.value()));
        }
    }

    @Test
    void offsetsAndAppendTimeArePatchedAsKafkaPatchesThem() {
        RecordBatch ours = new RecordBatchBuilder()
                .append(1, null, ByteBuffer.wrap("a".getBytes(StandardCharsets.UTF_8)))
                .append(2, null, ByteBuffer.wrap("b".getBytes(StandardCharsets.UTF_8)))
                .build();
        ours.assignOffsets(100, 4);
        assertTrue(ours.isIntact(), "the place in the log is not under the checksum");
        ours.stampLogAppendTime(1234);

        MutableRecordBatch read = MemoryRecords.readableRecords(ours.buffer())
                .batches()
                .iterator()
                .next();
        read.ensureValid();
        assertEquals(100, read.baseOffset());
        assertEquals(TimestampType.LOG_APPEND_TIME, read.timestampType());
        read.forEach(record -> assertEquals(1234, record.timestamp()));
        assertFalse(read.isControlBatch());
    }
}
