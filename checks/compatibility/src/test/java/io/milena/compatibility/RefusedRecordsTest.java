package io.milena.compatibility;

import static io.milena.compatibility.RawPartition.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A batch with records that the topic does not take is refused as a whole, and told which they are (KIP-467). */
class RefusedRecordsTest {
    private static final long NOW_MS = System.currentTimeMillis();
    private static final long HOUR_MS = 3_600_000;

    private RawPartition partition;

    @AfterEach
    void close() {
        partition.close();
    }

    private void create(String... settings) {
        partition = RawPartition.create(IntStream.range(0, settings.length / 2)
                .boxed()
                .collect(Collectors.toMap(i -> settings[2 * i], i -> settings[2 * i + 1])));
    }

    private static MemoryRecords keys(Compression compression, String... keys) {
        return MemoryRecords.withRecords(
                compression,
                List.of(keys).stream()
                        .map(key -> record(NOW_MS, key.isEmpty() ? null : key, "value"))
                        .toArray(SimpleRecord[]::new));
    }

    private static MemoryRecords times(Compression compression, long... timestampsMs) {
        return MemoryRecords.withRecords(
                compression,
                Arrays.stream(timestampsMs)
                        .mapToObj(timestampMs -> record(timestampMs, "key", "value"))
                        .toArray(SimpleRecord[]::new));
    }

    private void assertRefused(Errors error, List<Integer> records, MemoryRecords batch) {
        PartitionProduceResponse response = partition.produce(batch);
        assertEquals(error, Errors.forCode(response.errorCode()));
        assertEquals(
                records,
                response.recordErrors().stream()
                        .map(BatchIndexAndErrorMessage::batchIndex)
                        .toList());
        assertTrue(response.recordErrors().stream().allMatch(named -> named.batchIndexErrorMessage() != null));
        assertNotNull(response.errorMessage());
        assertEquals(-1, response.baseOffset());
        assertEquals(-1, response.logAppendTimeMs());
        assertEquals(0, response.logStartOffset());
        assertEquals(0, partition.end(), "nothing of it is appended");
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void recordsWithoutAKeyAreNamedWhereTheTopicIsCompacted(Codec codec) {
        create("cleanup.policy", "compact,delete");
        assertRefused(Errors.INVALID_RECORD, List.of(1, 3), keys(codec.compression, "a", "", "c", ""));
        assertRefused(Errors.INVALID_RECORD, List.of(0), keys(codec.compression, ""));
        SimpleRecord emptyKey = new SimpleRecord(NOW_MS, new byte[0], null);
        assertEquals(0, partition.append(MemoryRecords.withRecords(codec.compression, emptyKey)));
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void recordsOfTheFutureAreNamed(Codec codec) {
        create("retention.ms", "-1");
        long late = NOW_MS + 2 * HOUR_MS;
        assertRefused(Errors.INVALID_TIMESTAMP, List.of(1, 3), times(codec.compression, NOW_MS, late, NOW_MS, late));
        assertRefused(Errors.INVALID_TIMESTAMP, List.of(0), times(codec.compression, late));
        assertEquals(0, partition.append(times(codec.compression, NOW_MS, NOW_MS + HOUR_MS / 2, 0, -1)));
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void recordsOfThePastAreNamedWhereTheTopicLimitsIt(Codec codec) {
        create("message.timestamp.before.max.ms", "3600000", "message.timestamp.after.max.ms", "9223372036854775807");
        long early = NOW_MS - 2 * HOUR_MS;
        assertRefused(Errors.INVALID_TIMESTAMP, List.of(1), times(codec.compression, NOW_MS, early, NOW_MS));
        assertRefused(Errors.INVALID_TIMESTAMP, List.of(0, 2), times(codec.compression, early, NOW_MS, early));
        // The far future is fine here, and no timestamp is fine everywhere
        assertEquals(0, partition.append(times(codec.compression, NOW_MS * 2, -1, NOW_MS - HOUR_MS / 2)));
        assertEquals(3, partition.append(times(codec.compression, -1)));
    }

    @Test
    void oneWrongTimestampMakesTheErrorOneOfTimestamps() {
        create("cleanup.policy", "compact", "message.timestamp.before.max.ms", "3600000");
        long early = NOW_MS - 2 * HOUR_MS;
        assertRefused(
                Errors.INVALID_TIMESTAMP,
                List.of(0, 1, 2),
                MemoryRecords.withRecords(
                        Compression.NONE,
                        record(NOW_MS, null, "no key"),
                        record(early, "a", "too early"),
                        record(early, null, "both"),
                        record(NOW_MS, "b", "good")));
    }

    /** Versions that cannot tell it say less, not something else. */
    @ParameterizedTest
    @ValueSource(ints = {3, 5, 7, 8, 12})
    void everyVersionTellsWhatItCan(int version) {
        create("cleanup.policy", "compact");
        PartitionProduceResponse response = partition.produce(keys(Compression.NONE, "a", "", ""), version);
        assertEquals(Errors.INVALID_RECORD, Errors.forCode(response.errorCode()));
        assertEquals(version < 8 ? 0 : 2, response.recordErrors().size());
        assertEquals(version < 8, response.errorMessage() == null);
        assertEquals(version < 5 ? -1 : 0, response.logStartOffset());
    }

    @Test
    void thousandsOfThemAreNotAllNamed() {
        create("cleanup.policy", "compact");
        String[] none = new String[2_000];
        Arrays.fill(none, "");
        PartitionProduceResponse response = partition.produce(keys(Compression.NONE, none));
        assertEquals(Errors.INVALID_RECORD, Errors.forCode(response.errorCode()));
        assertEquals(
                BrokerUnderTest.isMilena() ? 1_000 : 2_000,
                response.recordErrors().size());
        assertTrue(response.errorMessage().contains("2000"), response.errorMessage());
    }

    /** What the Java client makes of it: the records to blame fail with the reason, the others because of them. */
    @Test
    void theProducerFailsTheRecordsToBlameWithTheReason() throws Exception {
        create("cleanup.policy", "compact");
        String topic = partition.topic();
        try (KafkaProducer<String, String> producer =
                BrokerUnderTest.producer(Map.of("linger.ms", 60_000, "batch.size", 1 << 20))) {
            List<Future<RecordMetadata>> sent = IntStream.range(0, 4)
                    .mapToObj(i -> producer.send(new ProducerRecord<>(topic, i == 2 ? null : "key", "value")))
                    .toList();
            producer.flush();
            for (int i = 0; i < 4; i++) {
                Throwable cause =
                        assertThrows(ExecutionException.class, sent.get(i)::get).getCause();
                assertEquals(i == 2, cause instanceof InvalidRecordException, i + ": " + cause);
            }
            producer.send(new ProducerRecord<>(topic, "key", "value")).isDone();
            producer.flush();
        }
        assertEquals(1, partition.end());
    }

    @Test
    void theProducerFailsALoneRecordWithItsError() {
        create("message.timestamp.before.max.ms", "3600000");
        try (KafkaProducer<String, String> producer = BrokerUnderTest.producer(Map.of())) {
            Future<RecordMetadata> sent =
                    producer.send(new ProducerRecord<>(partition.topic(), 0, 1_000L, "key", "value"));
            assertInstanceOf(
                    InvalidTimestampException.class,
                    assertThrows(ExecutionException.class, sent::get).getCause());
        }
    }
}
