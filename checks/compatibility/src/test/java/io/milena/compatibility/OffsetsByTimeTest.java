package io.milena.compatibility;

import static io.milena.compatibility.RawPartition.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Offsets by time (ListOffsets): timestamps in any order, those of the broker, and the special ones. */
class OffsetsByTimeTest {
    private static final int LAST_VERSION = 11;
    private static final Map<String, String> FOREVER = Map.of("retention.ms", "-1");

    private static void assertFound(RawPartition partition, long timestampMs, long offset, long foundMs) {
        assertFound(partition, timestampMs, offset, foundMs, offset < 0 ? -1 : 0);
    }

    private static void assertFound(RawPartition partition, long timestampMs, long offset, long foundMs, int epoch) {
        ListOffsetsPartitionResponse found = partition.offset(timestampMs, LAST_VERSION);
        assertEquals(Errors.NONE, Errors.forCode(found.errorCode()));
        assertEquals(
                "offset " + offset + " at " + foundMs + " in epoch " + epoch,
                "offset " + found.offset() + " at " + found.timestamp() + " in epoch " + found.leaderEpoch(),
                "asked for " + timestampMs);
    }

    private static void append(RawPartition partition, Codec codec, long... timestampsMs) {
        partition.append(MemoryRecords.withRecords(
                codec.compression,
                Arrays.stream(timestampsMs)
                        .mapToObj(timestampMs -> record(timestampMs, "key", "value"))
                        .toArray(SimpleRecord[]::new)));
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void theFirstRecordThatIsNotEarlierIsFoundWhateverTheOrder(Codec codec) {
        try (RawPartition partition = RawPartition.create(FOREVER)) {
            append(partition, codec, 1000, 5000, 3000);
            append(partition, codec, 2000, 5000);
            append(partition, codec, -1);
            append(partition, codec, 4000, 4500, 100);
            assertFound(partition, 0, 0, 1000);
            assertFound(partition, 1000, 0, 1000);
            assertFound(partition, 1001, 1, 5000);
            assertFound(partition, 4000, 1, 5000);
            assertFound(partition, 5000, 1, 5000);
            assertFound(partition, 5001, -1, -1);
            assertFound(partition, Long.MAX_VALUE, -1, -1);
            assertFound(partition, -3, 1, 5000);

            // Deleted records are not found
            partition.deleteBefore(2);
            assertFound(partition, 0, 2, 3000);
            assertFound(partition, 3001, 4, 5000);
            partition.deleteBefore(6);
            assertFound(partition, 0, 6, 4000);
            assertFound(partition, 5000, -1, -1);
            partition.deleteBefore(-1);
            assertFound(partition, 0, -1, -1);
            assertFound(partition, -2, 9, -1);
        }
    }

    /** Apache Kafka still names the record that had it. */
    @Test
    void theLargestTimestampIsThatOfARecordThatIsThere() {
        assumeTrue(BrokerUnderTest.isMilena());
        try (RawPartition partition = RawPartition.create(FOREVER)) {
            append(partition, Codec.NONE, 1000, 5000, 3000);
            append(partition, Codec.NONE, 4000);
            partition.deleteBefore(2);
            assertFound(partition, -3, 3, 4000);
        }
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void theBrokersTimeIsFoundToo(Codec codec) {
        try (RawPartition partition = RawPartition.create(Map.of("message.timestamp.type", "LogAppendTime"))) {
            long[] times = new long[3];
            for (int i = 0; i < times.length; i++) {
                long before = i == 0 ? 0 : times[i - 1];
                BrokerUnderTest.await("a later millisecond", () -> System.currentTimeMillis() > before);
                times[i] = partition
                        .produce(MemoryRecords.withRecords(
                                codec.compression, record(9000 - i, "a", "1"), record(-1, "b", "2")))
                        .logAppendTimeMs();
            }
            assertFound(partition, 0, 0, times[0]);
            assertFound(partition, times[0], 0, times[0]);
            assertFound(partition, times[0] + 1, 2, times[1]);
            assertFound(partition, times[2], 4, times[2]);
            assertFound(partition, times[2] + 1, -1, -1);
            assertFound(partition, -3, 4, times[2]);
        }
    }

    @Test
    void segmentsAreSearchedInOrder() {
        try (RawPartition partition = RawPartition.create(Map.of("retention.ms", "-1", "segment.ms", "1000"))) {
            for (long timestampMs : new long[] {0, 500, 1001, 1500, 3000, 200, 9000, 100}) {
                append(partition, Codec.NONE, timestampMs);
            }
            assertFound(partition, 100, 1, 500);
            assertFound(partition, 501, 2, 1001);
            assertFound(partition, 1501, 4, 3000);
            assertFound(partition, 3001, 6, 9000);
            assertFound(partition, 9001, -1, -1);
            assertFound(partition, -3, 6, 9000);
        }
    }

    @Test
    void whereNoRecordHasATimestampNoneIsFoundByTime() {
        try (RawPartition partition = RawPartition.create(FOREVER)) {
            append(partition, Codec.NONE, -1, -1);
            assertFound(partition, 0, -1, -1);
            assertFound(partition, -3, 0, -1);
        }
    }

    @Test
    void anEmptyLogHasAStartAndAnEnd() {
        try (RawPartition partition = RawPartition.create(Map.of())) {
            assertFound(partition, -1, 0, -1);
            assertFound(partition, -2, 0, -1);
            assertFound(partition, -4, 0, -1);
            for (long nothing : new long[] {-3, -5, -6, 0}) {
                assertFound(partition, nothing, -1, -1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"-1, 1", "-2, 1", "-3, 7", "-4, 8", "-5, 9", "-6, 11", "-7, 12", "-9223372036854775808, 12"})
    void aSpecialTimestampNeedsAVersionThatKnowsIt(long timestampMs, int first) {
        try (RawPartition partition = RawPartition.create(Map.of())) {
            partition.append(MemoryRecords.withRecords(Compression.NONE, record(1, "key", "value")));
            for (int version = 1; version <= LAST_VERSION; version++) {
                ListOffsetsPartitionResponse found = partition.offset(timestampMs, version);
                assertEquals(
                        version < first ? Errors.UNSUPPORTED_VERSION : Errors.NONE,
                        Errors.forCode(found.errorCode()),
                        "version " + version);
                if (version < first) {
                    assertEquals(-1, found.offset());
                }
            }
        }
    }
}
