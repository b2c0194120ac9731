package io.milena.compatibility;

import static io.milena.compatibility.RawPartition.record;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a batch is stored that a producer has sent: {@code compression.type} and its levels, {@code max.message.bytes}, {@code message.timestamp.type}. */
class StoredBatchesTest {
    private static final long NOW_MS = System.currentTimeMillis();
    private static final SimpleRecord[] RECORDS = {
        new SimpleRecord(5000, bytes("a"), bytes("1"), new Header[] {new RecordHeader("trace", bytes("x"))}),
        record(4000, null, "2"),
        record(6000, "b", null),
        record(6000, "c", "0".repeat(300))
    };

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"})
    void aBatchIsCompressedAsTheTopicSaysAndIsTheSameOtherwise(String type) {
        Map<String, String> settings = Map.of("compression.type", type, "retention.ms", "-1");
        try (RawPartition partition = RawPartition.create(settings)) {
            for (Codec codec : Codec.values()) {
                partition.append(MemoryRecords.withIdempotentRecords(
                        codec.compression, 100 + codec.ordinal(), (short) 3, 0, RECORDS));
            }
            List<RecordBatch> batches = partition.batches();
            assertEquals(Codec.values().length, batches.size());
            for (Codec codec : Codec.values()) {
                DefaultRecordBatch stored = (DefaultRecordBatch) batches.get(codec.ordinal());
                assertEquals(storedAs(type, codec), stored.compressionType());
                assertEquals(100 + codec.ordinal(), stored.producerId());
                assertEquals(3, stored.producerEpoch());
                assertEquals(0, stored.baseSequence());
                assertEquals(4L * codec.ordinal(), stored.baseOffset());
                assertEquals(4L * codec.ordinal() + 3, stored.lastOffset());
                assertEquals(5000, stored.baseTimestamp());
                assertEquals(6000, stored.maxTimestamp());
                assertEquals(TimestampType.CREATE_TIME, stored.timestampType());
                assertSame(List.of(RECORDS), stored);
            }
        }
    }

    private static CompressionType storedAs(String type, Codec sent) {
        return switch (type) {
            case "producer" -> sent.type();
            case "uncompressed" -> CompressionType.NONE;
            default -> CompressionType.forName(type);
        };
    }

    private static void assertSame(List<SimpleRecord> sent, RecordBatch stored) {
        List<SimpleRecord> read = new ArrayList<>();
        for (Record record : stored) {
            read.add(new SimpleRecord(record));
        }
        assertEquals(sent, read);
        assertArrayEquals(sent.getFirst().headers(), read.getFirst().headers());
    }

    @Test
    void aChangedCompressionHoldsForWhatComesLater() throws Exception {
        try (RawPartition partition = RawPartition.create(Map.of("compression.type", "gzip"))) {
            partition.append(NOW_MS, "key", "value");
            partition.set("compression.type", "zstd");
            List<CompressionType> types = new ArrayList<>();
            BrokerUnderTest.await("zstd", () -> {
                partition.append(NOW_MS, "key", "value");
                types.clear();
                partition.batches().forEach(batch -> types.add(batch.compressionType()));
                return types.contains(CompressionType.ZSTD);
            });
            assertEquals(CompressionType.GZIP, types.getFirst());
        }
    }

    @ParameterizedTest
    @CsvSource({"gzip, 1, 9", "lz4, 1, 17", "zstd, -5, 22"})
    void aHigherLevelStoresLess(String type, int low, int high) {
        StringBuilder text = new StringBuilder();
        String[] words = "offset batch record commit log the of and segment index".split(" ");
        Random random = new Random(5);
        while (text.length() < 200_000) {
            text.append(words[random.nextInt(words.length)])
                    .append(random.nextInt(50))
                    .append(' ');
        }
        int lowBytes = storedBytes(type, low, text.toString());
        int highBytes = storedBytes(type, high, text.toString());
        assertTrue(highBytes < lowBytes * 0.85, lowBytes + " bytes with level " + low + ", " + highBytes);
    }

    private static int storedBytes(String type, int level, String value) {
        Map<String, String> settings =
                Map.of("compression.type", type, "compression." + type + ".level", Integer.toString(level));
        try (RawPartition partition = RawPartition.create(settings)) {
            partition.append(NOW_MS, "key", value);
            return partition.batches().getFirst().sizeInBytes();
        }
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void theBrokersTimeIsThatOfAllRecords(Codec codec) throws Exception {
        try (RawPartition partition = RawPartition.create(
                Map.of("message.timestamp.type", "LogAppendTime", "message.timestamp.before.max.ms", "0"))) {
            SimpleRecord[] late = {record(0, "a", "1"), record(NOW_MS * 2, "b", "2"), record(-1, "c", "3")};
            List<Long> times = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                PartitionProduceResponse response =
                        partition.produce(MemoryRecords.withRecords(codec.compression, late));
                assertEquals(Errors.NONE, Errors.forCode(response.errorCode()));
                times.add(response.logAppendTimeMs());
            }
            assertTrue(times.getFirst() >= NOW_MS && times.getLast() >= times.getFirst(), times::toString);
            for (int i = 0; i < 2; i++) {
                DefaultRecordBatch stored =
                        (DefaultRecordBatch) partition.batches().get(i);
                assertEquals(TimestampType.LOG_APPEND_TIME, stored.timestampType());
                assertEquals(times.get(i), stored.maxTimestamp());
                assertEquals(0, stored.baseTimestamp(), "what the producer said is kept, and not shown");
                for (Record record : stored) {
                    assertEquals(times.get(i), record.timestamp());
                }
            }
            // Back to the producer's time, and the answer names none
            partition.set("message.timestamp.before.max.ms", Long.toString(Long.MAX_VALUE));
            partition.set("message.timestamp.type", "CreateTime");
            BrokerUnderTest.await("CreateTime", () -> {
                PartitionProduceResponse response =
                        partition.produce(MemoryRecords.withRecords(codec.compression, record(NOW_MS - 1, "d", "4")));
                assertEquals(Errors.NONE, Errors.forCode(response.errorCode()));
                return response.logAppendTimeMs() == -1;
            });
            RecordBatch last = partition.batches().getLast();
            assertEquals(TimestampType.CREATE_TIME, last.timestampType());
            assertEquals(NOW_MS - 1, last.maxTimestamp());
        }
    }

    /** What is stored already is answered with the time of its first coming. */
    @ParameterizedTest
    @ValueSource(strings = {"CreateTime", "LogAppendTime"})
    void aDuplicateIsAnsweredWithOffsetAndTimeOfTheFirst(String type) {
        Map<String, String> settings = Map.of("message.timestamp.type", type, "retention.ms", "-1");
        try (RawPartition partition = RawPartition.create(settings)) {
            PartitionProduceResponse first =
                    partition.produce(MemoryRecords.withIdempotentRecords(Compression.NONE, 77, (short) 0, 0, RECORDS));
            PartitionProduceResponse again =
                    partition.produce(MemoryRecords.withIdempotentRecords(Compression.NONE, 77, (short) 0, 0, RECORDS));
            assertEquals(first.baseOffset(), again.baseOffset());
            assertEquals(Errors.NONE, Errors.forCode(again.errorCode()));
            assertEquals(type.equals("CreateTime") ? 6000 : first.logAppendTimeMs(), again.logAppendTimeMs());
            assertEquals(4, partition.end());
        }
    }

    @Test
    void theLargestMessageIsABatchOfExactlySoManyBytes() throws Exception {
        MemoryRecords batch = MemoryRecords.withRecords(Compression.NONE, record(NOW_MS, "key", "v".repeat(200)));
        try (RawPartition partition =
                RawPartition.create(Map.of("max.message.bytes", Integer.toString(batch.sizeInBytes())))) {
            assertEquals(0, partition.append(batch));
            partition.set("max.message.bytes", Integer.toString(batch.sizeInBytes() - 1));
            BrokerUnderTest.await(
                    "it is too large", () -> partition.produce(batch).errorCode() == Errors.MESSAGE_TOO_LARGE.code());
            long end = partition.end();
            partition.set("max.message.bytes", "0");
            assertEquals(
                    Errors.MESSAGE_TOO_LARGE,
                    Errors.forCode(partition.produce(batch).errorCode()));
            assertEquals(end, partition.end());
        }
    }

    /** The limit holds for what is sent, and for what is stored where that differs. */
    @ParameterizedTest
    @CsvSource({
        "NONE, zeros, producer,     MESSAGE_TOO_LARGE",
        "NONE, zeros, gzip,         MESSAGE_TOO_LARGE",
        "GZIP, zeros, producer,     NONE",
        "GZIP, zeros, gzip,         NONE",
        "GZIP, zeros, zstd,         NONE",
        "GZIP, zeros, uncompressed, MESSAGE_TOO_LARGE",
        "NONE, noise, producer,     NONE",
        "NONE, noise, uncompressed, NONE",
        "NONE, noise, gzip,         MESSAGE_TOO_LARGE",
        "NONE, noise, zstd,         MESSAGE_TOO_LARGE",
        "GZIP, noise, uncompressed, MESSAGE_TOO_LARGE"
    })
    void theLimitHoldsForWhatIsSentAndForWhatIsStored(Codec sent, String value, String stored, Errors expected) {
        byte[] noise = new byte[420];
        new Random(1).nextBytes(noise);
        MemoryRecords batch = MemoryRecords.withRecords(
                sent.compression, new SimpleRecord(NOW_MS, bytes("k"), value.equals("noise") ? noise : new byte[3000]));
        Map<String, String> settings = Map.of("compression.type", stored, "max.message.bytes", "500");
        try (RawPartition partition = RawPartition.create(settings)) {
            assertEquals(
                    expected,
                    Errors.forCode(partition.produce(batch).errorCode()),
                    batch.sizeInBytes() + " bytes were sent");
        }
    }

    @Test
    void aBatchThatDoesNotFitIntoASegmentIsRefused() {
        Map<String, String> settings = Map.of("segment.bytes", "1048576", "max.message.bytes", "3000000");
        try (RawPartition partition = RawPartition.create(settings)) {
            MemoryRecords large = MemoryRecords.withRecords(Compression.NONE, record(NOW_MS, "k", "v".repeat(1100000)));
            assertEquals(
                    Errors.RECORD_LIST_TOO_LARGE,
                    Errors.forCode(partition.produce(large).errorCode()));
            assertEquals(0, partition.append(NOW_MS, "k", "v".repeat(1_000_000)));
        }
    }

    @Test
    void zstdNeedsAVersionThatKnowsIt() {
        try (RawPartition partition = RawPartition.create(Map.of())) {
            MemoryRecords batch = MemoryRecords.withRecords(Codec.ZSTD.compression, record(NOW_MS, "k", "v"));
            assertEquals(
                    Errors.UNSUPPORTED_COMPRESSION_TYPE,
                    Errors.forCode(partition.produce(batch, 6).errorCode()));
            assertEquals(Errors.NONE, Errors.forCode(partition.produce(batch, 7).errorCode()));
        }
    }
}
