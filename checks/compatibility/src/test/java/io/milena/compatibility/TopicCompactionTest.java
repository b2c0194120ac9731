package io.milena.compatibility;

import static io.milena.compatibility.RawPartition.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same input, the same survivors, end to end. Segments end by the records' timestamps, so the input is the same in every run; the last segment is never
 * compacted. An Apache Kafka that these tests are run against must have a short {@code log.cleaner.backoff.ms}, as our embedded one has.
 */
class TopicCompactionTest {
    private static final long NOW_MS = System.currentTimeMillis();
    private static final long HOUR_MS = 3_600_000;

    private static final long SEGMENT_MS = 1000;

    /** The time of the next record; each segment begins later than {@link #SEGMENT_MS} after the last. */
    private long timeMs = NOW_MS - HOUR_MS;

    private static RawPartition create(String... settings) {
        Map<String, String> all = new TreeMap<>(Map.of(
                "cleanup.policy", "compact",
                "segment.ms", Long.toString(SEGMENT_MS),
                "min.cleanable.dirty.ratio", "0.01"));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return RawPartition.create(all);
    }

    private void append(RawPartition partition, String... keysAndValues) {
        append(partition, Compression.NONE, keysAndValues);
    }

    /** One batch; each record is {@code key=value}, or {@code key} alone for a tombstone. */
    private void append(RawPartition partition, Compression compression, String... keysAndValues) {
        partition.append(MemoryRecords.withRecords(compression, records(keysAndValues)));
    }

    private SimpleRecord[] records(String... keysAndValues) {
        return List.of(keysAndValues).stream()
                .map(text -> {
                    int at = text.indexOf('=');
                    return at < 0
                            ? record(timeMs, text, null)
                            : record(timeMs, text.substring(0, at), text.substring(at + 1));
                })
                .toArray(SimpleRecord[]::new);
    }

    private void nextSegment() {
        timeMs += 2 * SEGMENT_MS;
    }

    private static void awaitContents(RawPartition partition, String... records) {
        List<String> wanted = List.of(records);
        List<List<String>> seen = new ArrayList<>();
        try {
            BrokerUnderTest.await("compacted", () -> {
                seen.clear();
                seen.add(partition.contents());
                return seen.contains(wanted);
            });
        } catch (AssertionError e) {
            assertEquals(wanted, seen.getFirst());
            throw e;
        }
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void theLatestRecordOfEachKeySurvivesAtItsOffset(Codec codec) {
        try (RawPartition partition = create()) {
            append(partition, codec.compression, "a=0", "b=1", "a=2", "c=3");
            append(partition, codec.compression, "b=4", "=5");
            nextSegment();
            append(partition, codec.compression, "d=6", "a=7", "=8");
            nextSegment();
            append(partition, codec.compression, "c=9", "c=10");
            awaitContents(partition, "3:c=3", "4:b=4", "6:d=6", "7:a=7", "8:=8", "9:c=9", "10:c=10");
            assertEquals(0, partition.start(), "the log starts where it did");
            assertEquals(11, partition.end());

            nextSegment();
            append(partition, codec.compression, "e=11");
            awaitContents(partition, "4:b=4", "6:d=6", "7:a=7", "8:=8", "10:c=10", "11:e=11");
        }
    }

    /** As Apache Kafka writes them: the range of offsets stays, the largest timestamp is that of the records. */
    @Test
    void batchesKeepTheirRangeOfOffsets() {
        try (RawPartition partition = create()) {
            partition.append(MemoryRecords.withRecords(
                    Compression.NONE,
                    record(timeMs, "a", "0"),
                    record(timeMs + 9, "b", "1"),
                    record(timeMs + 5, "c", "2")));
            append(partition, "x=3", "b=4");
            append(partition, "x=5");
            nextSegment();
            append(partition, "z=6");
            awaitContents(partition, "0:a=0", "2:c=2", "4:b=4", "5:x=5", "6:z=6");
            List<String> batches = new ArrayList<>();
            for (RecordBatch batch : partition.batches()) {
                DefaultRecordBatch stored = (DefaultRecordBatch) batch;
                batches.add(stored.baseOffset() + "-" + stored.lastOffset() + " " + stored.countOrNull() + " +"
                        + (stored.maxTimestamp() - NOW_MS + HOUR_MS));
            }
            assertEquals(List.of("0-2 2 +5", "3-4 1 +0", "5-5 1 +0", "6-6 1 +2000"), batches);
        }
    }

    @Test
    void aTombstoneIsKeptForAsLongAsTheTopicSays() throws Exception {
        try (RawPartition partition = create()) {
            append(partition, "a=0", "b=1");
            append(partition, "a");
            nextSegment();
            append(partition, "c=3");
            awaitContents(partition, "1:b=1", "2:a=null", "3:c=3");
            assertTrue(
                    ((DefaultRecordBatch) partition.batches().get(1))
                            .deleteHorizonMs()
                            .isPresent(),
                    "it is written down when it may go");
            nextSegment();
            append(partition, "c=4");
            nextSegment();
            append(partition, "d=5");
            awaitContents(partition, "1:b=1", "2:a=null", "4:c=4", "5:d=5");
        }
        try (RawPartition partition = create("delete.retention.ms", "0")) {
            append(partition, "a=0", "b=1");
            append(partition, "a");
            nextSegment();
            append(partition, "c=3");
            awaitContents(partition, "1:b=1", "2:a=null", "3:c=3");
            nextSegment();
            append(partition, "d=4");
            awaitContents(partition, "1:b=1", "3:c=3", "4:d=4");
        }
    }

    @Test
    void whatIsYoungerThanTheLagIsLeftAlone() {
        try (RawPartition partition = create("min.compaction.lag.ms", Long.toString(HOUR_MS / 2))) {
            append(partition, "a=0", "a=1");
            nextSegment();
            append(partition, "a=2", "b=3");
            timeMs = NOW_MS;
            append(partition, "a=4", "a=5");
            nextSegment();
            append(partition, "a=6");
            awaitContents(partition, "2:a=2", "3:b=3", "4:a=4", "5:a=5", "6:a=6");
        }
    }

    /** A ratio must be passed, and 1 cannot be: then only the largest lag makes the cleaner come. */
    @Test
    void whatIsOlderThanTheLargestLagIsCompactedWhateverTheRatio() {
        try (RawPartition never = create("min.cleanable.dirty.ratio", "1.0");
                RawPartition inTime = create(
                        "min.cleanable.dirty.ratio", "1.0", "max.compaction.lag.ms", Long.toString(SEGMENT_MS))) {
            for (RawPartition partition : List.of(never, inTime)) {
                append(partition, "a=0", "a=1");
            }
            nextSegment();
            append(never, "b=2");
            append(inTime, "b=2");
            awaitContents(inTime, "1:a=1", "2:b=2");
            try (RawPartition later = create()) {
                append(later, "a=0", "a=1");
                nextSegment();
                append(later, "b=2");
                awaitContents(later, "1:a=1", "2:b=2");
            }
            assertEquals(List.of("0:a=0", "1:a=1", "2:b=2"), never.contents());
        }
    }

    /** A producer's last batch says what its next sequence is, and stays for that, without its records. */
    @Test
    void theLastBatchOfAProducerStaysWithoutRecords() {
        try (RawPartition partition = create()) {
            partition.append(
                    MemoryRecords.withIdempotentRecords(Compression.NONE, 500, (short) 1, 0, records("a=0", "b=1")));
            partition.append(
                    MemoryRecords.withIdempotentRecords(Compression.NONE, 500, (short) 1, 2, records("a=2", "b=3")));
            append(partition, "a=4", "b=5");
            nextSegment();
            append(partition, "z=6");
            awaitContents(partition, "4:a=4", "5:b=5", "6:z=6");
            List<String> batches = partition.batches().stream()
                    .map(batch -> batch.baseOffset() + "-" + batch.lastOffset() + " " + batch.countOrNull() + " of "
                            + batch.producerId() + " from " + batch.baseSequence())
                    .toList();
            assertEquals(List.of("2-3 0 of 500 from 2", "4-5 2 of -1 from -1", "6-6 1 of -1 from -1"), batches);
            assertEquals(
                    Errors.OUT_OF_ORDER_SEQUENCE_NUMBER,
                    Errors.forCode(partition
                            .produce(MemoryRecords.withIdempotentRecords(
                                    Compression.NONE, 500, (short) 1, 9, records("c=7")))
                            .errorCode()));
            assertEquals(
                    7,
                    partition.append(
                            MemoryRecords.withIdempotentRecords(Compression.NONE, 500, (short) 1, 4, records("c=7"))));
        }
    }

    @Test
    void segmentsThatAreTooOldGoAndTheOthersAreCompacted() {
        try (RawPartition partition =
                create("cleanup.policy", "compact,delete", "retention.ms", Long.toString(HOUR_MS / 2))) {
            append(partition, "a=0", "b=1");
            partition.awaitStart(2);
            timeMs = NOW_MS;
            append(partition, "b=2", "b=3");
            nextSegment();
            append(partition, "b=4");
            awaitContents(partition, "3:b=3", "4:b=4");
            assertEquals(2, partition.start());
        }
    }

    @Test
    void thousandsOfRecordsHaveTheirLatestAsSurvivors() {
        try (RawPartition partition = create()) {
            Map<String, String> model = new TreeMap<>();
            for (int segment = 0; segment < 5; segment++) {
                for (int batch = 0; batch < 4; batch++) {
                    String[] records = new String[250];
                    for (int i = 0; i < records.length; i++) {
                        String key = "key-" + (i * 7 + batch * 31 + segment * 13) % 300;
                        records[i] = key + "=" + segment + "." + batch + "." + i;
                        model.put(key, records[i].substring(key.length() + 1));
                    }
                    append(partition, Codec.values()[(segment + batch) % 5].compression, records);
                }
                nextSegment();
            }
            append(partition, "end=of it");
            model.put("end", "of it");
            TopicPartition name = new TopicPartition(partition.topic(), 0);
            BrokerUnderTest.await("compacted", () -> partition.records().size() == model.size());
            try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(Map.of())) {
                consumer.assign(List.of(name));
                Map<String, String> read = new TreeMap<>();
                for (ConsumerRecord<String, String> record : BrokerUnderTest.poll(consumer, model.size())) {
                    read.put(record.key(), record.value());
                }
                assertEquals(model, read);
                assertEquals(5001, consumer.position(name));
            }
        }
    }
}
