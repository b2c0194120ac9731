package io.milena.compatibility;

import static io.milena.compatibility.RawPartition.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * When a log begins a new segment, and when old ones go: by the newest record's time, by size, by log start offset. A broker looks after retention every
 * {@code log.retention.check.interval.ms}; an Apache Kafka that these tests are run against must do so as often as our embedded one.
 */
class TopicRetentionTest {
    private static final long NOW_MS = System.currentTimeMillis();
    private static final long HOUR_MS = 3_600_000;

    /** Below {@code segment.ms} of these topics. */
    private static final String SEGMENT_MS = "1000";

    private static final int BATCH_BYTES = MemoryRecords.withRecords(Compression.NONE, record(NOW_MS, "k", "v"))
            .sizeInBytes();

    private static RawPartition create(String... settings) {
        Map<String, String> all = new TreeMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return RawPartition.create(all);
    }

    private static void append(RawPartition partition, long... timestampsMs) {
        for (long timestampMs : timestampsMs) {
            partition.append(timestampMs, "k", "v");
        }
    }

    /** Of two logs that are full of old records and are made one after the other, the second goes only after a look at all logs that were there before. */
    private static void awaitALookAtAllLogs() {
        for (int i = 0; i < 2; i++) {
            try (RawPartition old = create()) {
                append(old, 0);
                old.awaitStart(1);
            }
        }
    }

    @Test
    void aSegmentEndsWhenARecordIsTooFarFromItsFirst() {
        try (RawPartition partition = create("segment.ms", SEGMENT_MS, "retention.ms", "-1")) {
            append(partition, 5000, 6000, 4000, 6001, 0, 7001, 7002);
            assertEquals(List.of(0L, 3L, 6L), partition.segments());
        }
    }

    @Test
    void aRecordWithoutATimestampEndsNoSegmentAndLetsNoneEnd() {
        try (RawPartition partition = create()) {
            append(partition, -1, NOW_MS, -1, NOW_MS);
            assertEquals(List.of(0L), partition.segments());
        }
    }

    @Test
    void aSegmentMayBeFullToTheLastByte() {
        try (RawPartition partition = create("segment.bytes", "1048576")) {
            partition.append(NOW_MS, "k", "v".repeat(500_000));
            int first = partition.batches().getFirst().sizeInBytes();
            int overhead = first - 500_000;
            partition.append(NOW_MS, "k", "v".repeat(1048576 - first - overhead));
            partition.append(NOW_MS, "k", "v".repeat(1048576 - first - overhead + 1));
            partition.append(NOW_MS, "k", "v".repeat(500_000));
            assertEquals(List.of(0L, 2L, 3L), partition.segments());
        }
    }

    @Test
    void withJitterSegmentsEndEarlierAndNeverLater() {
        try (RawPartition partition =
                create("segment.ms", "20000", "segment.jitter.ms", "20000", "retention.ms", "-1")) {
            for (int i = 0; i < 60; i++) {
                append(partition, 1000L * i);
            }
            List<Long> starts = partition.segments();
            for (int i = 1; i < starts.size(); i++) {
                assertTrue(starts.get(i) - starts.get(i - 1) <= 21, starts::toString);
            }
            assertTrue(starts.size() >= 3, starts::toString);
        }
    }

    @Test
    void segmentsGoWhenTheirNewestRecordIsTooOld() throws Exception {
        try (RawPartition partition = create("segment.ms", SEGMENT_MS, "retention.ms", Long.toString(HOUR_MS))) {
            append(partition, NOW_MS - 3 * HOUR_MS, NOW_MS - 2 * HOUR_MS, NOW_MS - HOUR_MS / 2, NOW_MS);
            partition.awaitStart(2);
            assertEquals(4, partition.end());
            partition.set("retention.ms", Long.toString(HOUR_MS / 4));
            partition.awaitStart(3);
        }
    }

    /** The newest one too; offsets go on. */
    @ParameterizedTest
    @CsvSource({"delete", "'compact,delete'"})
    void allSegmentsGoWhenAllAreTooOld(String policy) {
        try (RawPartition partition = create("segment.ms", SEGMENT_MS, "cleanup.policy", policy)) {
            append(partition, 0, 5000, 10_000);
            partition.awaitStart(3);
            assertEquals(3, partition.append(NOW_MS, "k", "new"));
            assertEquals(List.of("3:k=new"), partition.contents());
            assertEquals(
                    Errors.OFFSET_OUT_OF_RANGE.code(), partition.fetch(0, 1000).errorCode());
        }
    }

    @Test
    void whatStaysStays() throws Exception {
        try (RawPartition newestCounts = create("retention.ms", Long.toString(HOUR_MS));
                RawPartition fromTheFront = create("retention.ms", Long.toString(HOUR_MS), "segment.bytes", "1048576");
                RawPartition future =
                        create("retention.ms", "1", "message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
                RawPartition without = create("retention.ms", Long.toString(HOUR_MS));
                RawPartition forever = create("retention.ms", "-1");
                RawPartition compacted = create("cleanup.policy", "compact", "retention.ms", "1");
                RawPartition nothing = create("cleanup.policy", "", "retention.ms", "1", "retention.bytes", "1")) {
            newestCounts.append(MemoryRecords.withRecords(
                    Compression.NONE,
                    record(NOW_MS - 3 * HOUR_MS, "k", "old"),
                    record(NOW_MS, "k", "new"),
                    record(NOW_MS - 2 * HOUR_MS, "k", "old")));
            append(newestCounts, NOW_MS - 3 * HOUR_MS);
            for (long timestampMs : new long[] {NOW_MS, 0, 0}) {
                fromTheFront.append(timestampMs, "k", "v".repeat(600_000));
            }
            append(future, NOW_MS + 1000 * HOUR_MS);
            append(without, -1, -1);
            append(forever, 0, 1);
            append(compacted, 0, 1);
            append(nothing, 0, 1);

            awaitALookAtAllLogs();
            assertEquals(0, newestCounts.start(), "the newest record of a segment counts");
            assertEquals(0, fromTheFront.start(), "segments go from the front");
            assertEquals(List.of(0L, 1L, 2L), fromTheFront.segments());
            assertEquals(0, future.start(), "the future is not old");
            assertEquals(0, without.start(), "without a timestamp the file's time counts");
            assertEquals(0, forever.start(), "-1 is no limit");
            assertEquals(0, compacted.start(), "compacted topics are not deleted");
            assertEquals(0, nothing.start(), "no policy, no deletion");

            without.set("retention.ms", "1");
            without.awaitStart(2);
            compacted.set("cleanup.policy", "delete");
            compacted.awaitStart(2);
        }
    }

    /** The default is a week. */
    @Test
    void whatIsOlderThanAWeekGoesWhereNobodySaysOtherwise() {
        try (RawPartition partition = create("segment.ms", SEGMENT_MS)) {
            append(partition, NOW_MS - 169 * HOUR_MS, NOW_MS - 167 * HOUR_MS);
            partition.awaitStart(1);
        }
    }

    @Test
    void segmentsGoWhileTheRestIsAsLargeAsAllowed() throws Exception {
        long start = NOW_MS - HOUR_MS;
        try (RawPartition partition =
                create("segment.ms", SEGMENT_MS, "retention.bytes", Integer.toString(3 * BATCH_BYTES))) {
            append(partition, start, start + 2000, start + 4000, start + 6000, start + 8000);
            partition.awaitStart(2);
            partition.set("retention.bytes", Integer.toString(2 * BATCH_BYTES + 1));
            awaitALookAtAllLogs();
            assertEquals(2, partition.start(), "with one segment less it would be too small");
            partition.set("retention.bytes", Integer.toString(2 * BATCH_BYTES));
            partition.awaitStart(3);
            partition.set("retention.bytes", "1");
            partition.awaitStart(4);
            partition.set("retention.bytes", "0");
            partition.awaitStart(5);
            assertEquals(5, partition.append(NOW_MS, "k", "v"));
        }
    }

    /** Any negative number is no limit. */
    @ParameterizedTest
    @ValueSource(strings = {"-1", "-2", "-9223372036854775808"})
    void aNegativeSizeIsNoLimit(String bytes) {
        try (RawPartition partition = create("segment.ms", SEGMENT_MS, "retention.bytes", bytes)) {
            append(partition, NOW_MS - HOUR_MS, NOW_MS);
            awaitALookAtAllLogs();
            assertEquals(0, partition.start());
        }
    }

    @Test
    void segmentsBelowTheLogStartGoButTheActiveOneDoesNot() {
        long start = NOW_MS - HOUR_MS;
        try (RawPartition partition = create("segment.ms", SEGMENT_MS)) {
            append(partition, start, start + 2000, start + 2001, start + 4000, start + 4001);
            assertEquals(2, partition.deleteBefore(2));
            BrokerUnderTest.await("one segment less", () -> partition.sizeInBytes() == 4L * BATCH_BYTES);
            assertEquals(5, partition.deleteBefore(-1));
            BrokerUnderTest.await("only the active segment", () -> partition.sizeInBytes() == 2L * BATCH_BYTES);
            assertEquals(List.of(), partition.contents());
        }
    }
}
