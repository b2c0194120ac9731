package io.milena.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.records.BatchFault.Kind;
import io.milena.records.BatchValidation.Keys;
import io.milena.records.BatchValidation.TimestampWindow;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What whole and honest batches are refused for: who wrote them, when, with which keys, of which size. */
class BatchValidationTest {
    private static final long NOW_MS = 1_700_000_000_000L;
    private static final BatchValidation CLIENTS = BatchValidation.ofClients(1 << 20);
    private static final BatchValidation BROKER = BatchValidation.ofBroker(1 << 20);
    private static final ByteBuffer KEY = ByteBuffer.wrap(new byte[] {7}).asReadOnlyBuffer();

    private static RecordBatchBuilder one() {
        return new RecordBatchBuilder().append(NOW_MS, KEY, KEY);
    }

    private static RecordBatch at(long... timestampsMs) {
        return at(Compression.NONE, timestampsMs);
    }

    private static RecordBatch at(Compression compression, long... timestampsMs) {
        RecordBatchBuilder builder = new RecordBatchBuilder().compression(compression);
        for (long timestampMs : timestampsMs) {
            builder.append(timestampMs, KEY, KEY);
        }
        return builder.build();
    }

    private static void assertFault(@Nullable Kind expected, @Nullable BatchFault fault) {
        assertEquals(expected, fault == null ? null : fault.kind(), () -> String.valueOf(fault));
    }

    private static void assertFault(@Nullable Kind expected, BatchValidation validation, RecordBatch batch) {
        assertFault(expected, validation.fault(batch, NOW_MS));
        assertFault(expected, validation.appendFault(batch, NOW_MS));
        assertFault(expected, validation.headerFault(batch, NOW_MS));
    }

    @Test
    void whatAPlainClientAndAnIdempotentOneSendIsGood() {
        assertFault(null, CLIENTS, one().build());
        assertFault(null, CLIENTS, one().producer(0, (short) 0, 0).build());
        assertFault(
                null,
                CLIENTS,
                one().producer(9, Short.MAX_VALUE, Integer.MAX_VALUE)
                        .transactional()
                        .build());
    }

    @Test
    void producersSayAllOrNothing() {
        assertFault(
                Kind.INVALID_RECORD, CLIENTS, one().producer(5, (short) -1, 0).build());
        assertFault(
                Kind.INVALID_RECORD, CLIENTS, one().producer(5, (short) 0, -1).build());
        assertFault(Kind.INVALID_RECORD, CLIENTS, one().transactional().build());
        assertFault(Kind.INVALID_RECORD, BROKER, one().transactional().build());
    }

    @Test
    void coordinatorsWriteInAProducersNameWithoutASequence() {
        RecordBatch offsetsOfATransaction =
                one().producer(5, (short) 0, -1).transactional().build();
        assertFault(null, BROKER, offsetsOfATransaction);
        assertFault(Kind.INVALID_RECORD, CLIENTS, offsetsOfATransaction);
    }

    @Test
    void whatBelongsToBrokersIsRefusedFromClients() {
        RecordBatch stamped = one().appendTime(NOW_MS).build();
        assertFault(Kind.INVALID_TIMESTAMP, CLIENTS, stamped);
        assertFault(null, BROKER, stamped);

        RecordBatch control = one().control().build();
        assertFault(Kind.INVALID_RECORD, CLIENTS, control);
        assertFault(null, BROKER, control);

        RecordBatch placed =
                new RecordBatchBuilder().baseOffset(1).append(NOW_MS, KEY, KEY).build();
        assertFault(Kind.INVALID_RECORD, CLIENTS, placed);
        assertFault(null, BROKER, placed);
    }

    @Test
    void aWrongChecksumIsFoundBeforeAnythingThatItProtects() {
        RecordBatch batch = one().transactional().build();
        batch.buffer().put(BatchHeader.ATTRIBUTES_AT + 1, (byte) 0x17); // and an unknown compression type
        assertFault(Kind.CORRUPT, BatchValidation.corruption(batch));
        assertFault(Kind.CORRUPT, CLIENTS, batch);
    }

    @Test
    void theTimestampWindowIncludesItsEnds() {
        BatchValidation hour = CLIENTS.withTimestamps(new TimestampWindow(3_600_000, 1_000));
        assertFault(null, hour, at(NOW_MS));
        assertFault(null, hour, at(NOW_MS - 3_600_000, NOW_MS + 1_000));
        assertFault(null, hour, at(BatchHeader.NO_TIMESTAMP));
        assertFault(Kind.INVALID_TIMESTAMP, hour, at(NOW_MS - 3_600_001));
        assertFault(Kind.INVALID_TIMESTAMP, hour, at(NOW_MS + 1_001));
        assertFault(Kind.INVALID_TIMESTAMP, hour, at(NOW_MS, NOW_MS + 1_001));
    }

    @Test
    void timestampsAtTheEndsOfTimeAreOutsideAnyWindowThatHasAnEnd() {
        BatchValidation hour = CLIENTS.withTimestamps(new TimestampWindow(3_600_000, 3_600_000));
        for (long timestampMs : new long[] {0, -2, Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE}) {
            assertFault(Kind.INVALID_TIMESTAMP, hour.fault(at(timestampMs), NOW_MS));
            assertFault(null, CLIENTS, at(timestampMs));
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void aTimestampBetweenTheFirstAndTheLargestIsFoundByTheWalk(Compression compression) {
        BatchValidation hour = CLIENTS.withTimestamps(new TimestampWindow(3_600_000, 3_600_000));
        RecordBatch batch = at(compression, NOW_MS, 5, NOW_MS + 1);
        assertFault(null, hour.headerFault(batch, NOW_MS));
        assertFault(Kind.INVALID_TIMESTAMP, hour.fault(batch, NOW_MS));
        assertFault(Kind.INVALID_TIMESTAMP, hour.appendFault(batch, NOW_MS));
        assertFault(Kind.INVALID_TIMESTAMP, hour.withKeys(Keys.REQUIRED).appendFault(batch, NOW_MS));
    }

    /** Half of a producer's processor time is saved by it. */
    @ParameterizedTest
    @EnumSource(
            value = Compression.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NONE"})
    void aCompressedBatchStaysClosedWhereItsHeaderTellsEverything(Compression compression) {
        BatchValidation future = CLIENTS.withTimestamps(new TimestampWindow(Long.MAX_VALUE, 3_600_000));
        RecordBatch nonsense = at(compression, NOW_MS, NOW_MS + 1);
        for (int i = BatchHeader.SIZE_IN_BYTES; i < nonsense.sizeInBytes(); i++) {
            nonsense.buffer().put(i, (byte) 0xee);
        }
        nonsense.buffer().putInt(BatchHeader.CRC_AT, (int) nonsense.computedCrc());
        assertFault(null, future.appendFault(nonsense, NOW_MS));
        assertNotNull(future.fault(nonsense, NOW_MS));
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void theRecordsToBlameAreNamed(Compression compression) {
        BatchValidation hour = CLIENTS.withTimestamps(new TimestampWindow(Long.MAX_VALUE, 3_600_000));
        BatchFault late =
                hour.appendFault(at(compression, NOW_MS, NOW_MS + 4_000_000, NOW_MS, NOW_MS + 5_000_000), NOW_MS);
        assertFault(Kind.INVALID_TIMESTAMP, late);
        assertEquals(List.of(1, 3), blamed(late));

        RecordBatch mixed = new RecordBatchBuilder()
                .compression(compression)
                .append(NOW_MS, null, KEY)
                .append(NOW_MS, KEY, KEY)
                .append(NOW_MS, null, KEY)
                .append(NOW_MS + 4_000_000, KEY, KEY)
                .append(NOW_MS + 4_000_000, null, KEY)
                .build();
        assertFault(Kind.INVALID_RECORD, CLIENTS.withKeys(Keys.REQUIRED).appendFault(mixed, NOW_MS));
        BatchFault both = hour.withKeys(Keys.REQUIRED).appendFault(mixed, NOW_MS);
        assertFault(Kind.INVALID_TIMESTAMP, both);
        assertEquals(List.of(0, 2, 3, 4), blamed(both));
    }

    @Test
    void notAllOfMillionsAreNamedButAllAreCounted() {
        RecordBatchBuilder builder = new RecordBatchBuilder();
        for (int i = 0; i < 1_500; i++) {
            builder.append(NOW_MS, null, KEY);
        }
        BatchFault fault = CLIENTS.withKeys(Keys.REQUIRED).appendFault(builder.build(), NOW_MS);
        assertEquals(BatchFault.RECORDS_MAX, blamed(fault).size());
        assertTrue(String.valueOf(fault).contains("1500 records"));
    }

    private static List<Integer> blamed(@Nullable BatchFault fault) {
        assertNotNull(fault);
        return fault.records().stream().map(BatchFault.RecordFault::index).toList();
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void recordsWithoutAKeyAreRefusedWhereKeysAreRequired(Compression compression) {
        RecordBatch batch = new RecordBatchBuilder()
                .compression(compression)
                .append(NOW_MS, KEY, KEY)
                .append(NOW_MS, null, KEY)
                .build();
        BatchFault fault = CLIENTS.withKeys(Keys.REQUIRED).appendFault(batch, NOW_MS);
        assertNotNull(fault);
        assertEquals(Kind.INVALID_RECORD, fault.kind());
        assertNull(CLIENTS.appendFault(batch, NOW_MS));

        RecordBatch empty = new RecordBatchBuilder()
                .compression(compression)
                .append(NOW_MS, ByteBuffer.allocate(0), null)
                .build();
        assertNull(CLIENTS.withKeys(Keys.REQUIRED).appendFault(empty, NOW_MS), "nothing is a key, unlike null");
    }

    @Test
    void recordsThatGrowBeyondTheLimitAreTooLarge() {
        RecordBatch batch = new RecordBatchBuilder()
                .compression(Compression.ZSTD)
                .append(NOW_MS, KEY, ByteBuffer.allocate(100_000))
                .build();
        assertFault(Kind.TOO_LARGE, CLIENTS.withRecordsBytesMax(100_000).fault(batch, NOW_MS));
        assertFault(null, CLIENTS.withRecordsBytesMax(100_100).fault(batch, NOW_MS));
    }
}
