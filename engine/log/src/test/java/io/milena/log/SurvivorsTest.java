package io.milena.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.records.BatchHeader;
import io.milena.records.Compression;
import io.milena.records.ControlRecord;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatchBuilder;
import io.milena.testkit.Seeds;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What compaction leaves of batches; records are written as {@code key=value}, {@code key} alone is a tombstone and {@code =value} has no key. */
class SurvivorsTest {
    private static final long NOW_MS = 50_000;
    private static final long RETENTION_MS = 1000;

    private Map<Long, LastBatch> lastBatches = Map.of();
    private List<AbortedTransaction> aborted = List.of();
    private final List<AbortedTransaction> stillThere = new ArrayList<>();

    private static @Nullable ByteBuffer bytes(@Nullable String text) {
        return text == null ? null : ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static RecordBatchBuilder builder(long baseOffset, String... records) {
        return appended(new RecordBatchBuilder().baseOffset(baseOffset), records);
    }

    private static RecordBatchBuilder appended(RecordBatchBuilder builder, String... records) {
        for (String record : records) {
            int equals = record.indexOf('=');
            String key = equals < 0 ? record : record.substring(0, equals);
            builder.append(
                    1000, bytes(key.isEmpty() ? null : key), bytes(equals < 0 ? null : record.substring(equals + 1)));
        }
        return builder;
    }

    private static RecordBatch transactional(long baseOffset, long producerId, String... records) {
        RecordBatchBuilder builder = new RecordBatchBuilder().baseOffset(baseOffset);
        return appended(builder.producer(producerId, (short) 3, 0).transactional(), records)
                .build();
    }

    private static RecordBatch marker(long offset, long producerId, ControlRecord type) {
        return new RecordBatchBuilder()
                .baseOffset(offset)
                .producer(producerId, (short) 3, BatchHeader.NO_SEQUENCE)
                .transactional()
                .appendControl(2000, type, ControlRecord.endOfTransactionValue(0))
                .build();
    }

    /** As a compaction of these batches at a time, which knows all of their keys. */
    private List<@Nullable RecordBatch> compacted(long nowMs, long endOffset, List<RecordBatch> batches) {
        KeyOffsets keys = new KeyOffsets(1 << 16, 1000, new Random(1));
        TransactionRemains dirty = new TransactionRemains(aborted, transaction -> {});
        for (RecordBatch batch : batches) {
            if (!dirty.isMoot(batch) && !batch.isControl()) {
                batch.records().forEach(record -> {
                    if (record.key() != null) {
                        assertTrue(keys.put(record.key(), record.offset()));
                    }
                });
            }
        }
        return survivors(keys, new Survivors.Round(endOffset, endOffset, nowMs, RETENTION_MS), batches);
    }

    private List<@Nullable RecordBatch> survivors(KeyOffsets keys, Survivors.Round round, List<RecordBatch> batches) {
        Survivors survivors = new Survivors(keys, lastBatches, new TransactionRemains(aborted, stillThere::add), round);
        List<@Nullable RecordBatch> rest = new ArrayList<>();
        batches.forEach(batch -> rest.add(survivors.of(batch)));
        return rest;
    }

    private static RecordBatch present(@Nullable RecordBatch batch) {
        RecordBatch there = Objects.requireNonNull(batch);
        assertTrue(there.isIntact());
        return there;
    }

    private static String text(Record record) {
        ByteBuffer key = record.key();
        ByteBuffer value = record.value();
        return record.offset() + ":"
                + (key == null ? "" : UTF_8.decode(key.duplicate()).toString())
                + (value == null ? "" : "=" + UTF_8.decode(value.duplicate()));
    }

    private static List<String> text(@Nullable RecordBatch batch) {
        List<String> texts = new ArrayList<>();
        present(batch).records().forEach(record -> texts.add(text(record)));
        return texts;
    }

    @Test
    void theLatestRecordOfEachKeyStaysWhereItIs() {
        RecordBatch first = builder(10, "a=1", "b=1", "c=1").build();
        RecordBatch second = builder(13, "a=2", "d=1", "a=3").build();
        List<@Nullable RecordBatch> rest = compacted(NOW_MS, 100, List.of(first, second));
        assertEquals(List.of("11:b=1", "12:c=1"), text(rest.get(0)));
        assertEquals(List.of("14:d=1", "15:a=3"), text(rest.get(1)));
        assertEquals(10, present(rest.get(0)).baseOffset());
        assertEquals(15, present(rest.get(1)).lastOffset());
    }

    @Test
    void aBatchOfWhichEverythingStaysIsTheSameBatch() {
        RecordBatch batch = builder(10, "a=1", "b=1").build();
        assertSame(batch, compacted(NOW_MS, 100, List.of(batch)).getFirst());
    }

    @Test
    void aBatchOfWhichNothingStaysGoes() {
        RecordBatch batch = builder(10, "a=1", "b=1").build();
        RecordBatch later = builder(12, "b=2", "a=2").build();
        assertNull(compacted(NOW_MS, 100, List.of(batch, later)).getFirst());
    }

    @Test
    void recordsWithoutAKeyGo() {
        RecordBatch batch = builder(10, "=1", "a=1", "=2").build();
        assertEquals(
                List.of("11:a=1"), text(compacted(NOW_MS, 100, List.of(batch)).getFirst()));
    }

    @Test
    void whatLiesBehindTheKnownKeysStays() {
        RecordBatch batch = builder(10, "a=1", "a=2", "=x", "b", "a=3").build();
        KeyOffsets keys = new KeyOffsets(1000, 10, new Random(1));
        assertTrue(keys.put(Objects.requireNonNull(bytes("a")), 11));
        Survivors.Round round = new Survivors.Round(12, 100, NOW_MS, RETENTION_MS);
        List<@Nullable RecordBatch> rest = survivors(keys, round, List.of(batch));
        assertEquals(List.of("11:a=2", "12:=x", "13:b", "14:a=3"), text(rest.getFirst()));
    }

    @Test
    void aTombstoneStaysUntilTheHorizonThatItGetsWhenItIsFirstSeen() {
        RecordBatch batch = builder(10, "a=1", "b=1", "a").build();
        RecordBatch marked = present(compacted(NOW_MS, 100, List.of(batch)).getFirst());
        assertEquals(List.of("11:b=1", "12:a"), text(marked));
        assertEquals(OptionalLong.of(NOW_MS + RETENTION_MS), marked.deleteHorizonMs());
        marked.records().forEach(record -> assertEquals(1000, record.timestampMs()));
        assertSame(
                marked,
                compacted(NOW_MS + RETENTION_MS - 1, 100, List.of(marked)).getFirst());
        RecordBatch last =
                present(compacted(NOW_MS + RETENTION_MS, 100, List.of(marked)).getFirst());
        assertEquals(List.of("11:b=1"), text(last));
        assertEquals(OptionalLong.of(NOW_MS + RETENTION_MS), last.deleteHorizonMs());
    }

    @Test
    void aHorizonStaysWhateverElseIsTakenOut() {
        RecordBatch marked = present(
                compacted(NOW_MS, 100, List.of(builder(10, "a", "b=1").build())).getFirst());
        RecordBatch later = builder(12, "b=2").build();
        RecordBatch rest =
                present(compacted(NOW_MS + 1, 100, List.of(marked, later)).getFirst());
        assertEquals(List.of("10:a"), text(rest));
        assertEquals(marked.deleteHorizonMs(), rest.deleteHorizonMs());
    }

    @Test
    void ofTheLastBatchOfAProducerTheHeaderStays() {
        RecordBatch last = builder(10, "a=1", "b=1")
                .producer(7, (short) 2, 40)
                .compression(Compression.GZIP)
                .partitionLeaderEpoch(5)
                .build();
        RecordBatch before = builder(8, "a=0", "b=0").producer(7, (short) 2, 38).build();
        RecordBatch later = builder(12, "a=2", "b=2").build();
        lastBatches = Map.of(7L, new LastBatch((short) 2, 11));
        List<@Nullable RecordBatch> rest = compacted(NOW_MS, 100, List.of(before, last, later));
        assertNull(rest.getFirst());
        RecordBatch empty = present(rest.get(1));
        assertEquals(0, empty.recordCount());
        assertEquals(List.of(), text(empty));
        assertEquals(BatchHeader.SIZE_IN_BYTES, empty.sizeInBytes());
        assertEquals(10, empty.baseOffset());
        assertEquals(11, empty.lastOffset());
        assertEquals(41, empty.lastSequence());
        assertEquals(2, empty.producerEpoch());
        assertEquals(5, empty.partitionLeaderEpoch());
        assertEquals(last.maxTimestampMs(), empty.maxTimestampMs());
        assertEquals(
                empty.buffer(),
                present(compacted(NOW_MS, 100, List.of(empty)).getFirst()).buffer());
        lastBatches = Map.of();
        assertNull(compacted(NOW_MS, 100, List.of(empty)).getFirst());
    }

    @Test
    void theBatchAtTheEndStaysThoughEmpty() {
        RecordBatch batch = builder(10, "=1").build();
        assertNull(compacted(NOW_MS, 12, List.of(batch)).getFirst());
        assertEquals(
                0, present(compacted(NOW_MS, 11, List.of(batch)).getFirst()).recordCount());
    }

    @Test
    void aMarkerStaysWhileThereIsDataBeforeItAndThenUntilItsHorizon() {
        RecordBatch data = transactional(10, 7, "a=1");
        RecordBatch marker = marker(11, 7, ControlRecord.COMMIT);
        RecordBatch later = builder(12, "a=2").build();
        List<@Nullable RecordBatch> rest = compacted(NOW_MS, 100, List.of(data, marker, later));
        assertNull(rest.getFirst());
        assertSame(marker, rest.get(1));

        RecordBatch marked =
                present(compacted(NOW_MS, 100, List.of(marker, later)).getFirst());
        assertEquals(OptionalLong.of(NOW_MS + RETENTION_MS), marked.deleteHorizonMs());
        assertEquals(1, marked.recordCount());
        assertEquals(2000, marked.records().iterator().next().timestampMs());
        assertSame(
                marked,
                compacted(NOW_MS + RETENTION_MS - 1, 100, List.of(marked, later))
                        .getFirst());
        assertNull(compacted(NOW_MS + RETENTION_MS, 100, List.of(marked, later)).getFirst());
    }

    @Test
    void aMarkerThatTellsTheEpochOfAProducerWithoutDataKeepsItsHeader() {
        RecordBatch marked = present(compacted(NOW_MS, 100, List.of(marker(11, 7, ControlRecord.ABORT)))
                .getFirst());
        lastBatches = Map.of(7L, new LastBatch((short) 3, -1));
        RecordBatch empty =
                present(compacted(NOW_MS + RETENTION_MS, 100, List.of(marked)).getFirst());
        assertEquals(0, empty.recordCount());
        assertTrue(empty.isControl());
        lastBatches = Map.of(7L, new LastBatch((short) 4, -1));
        assertNull(compacted(NOW_MS + RETENTION_MS, 100, List.of(marked)).getFirst());
    }

    @Test
    void abortedDataGoesAndCountsForNothing() {
        AbortedTransaction transaction = new AbortedTransaction(7, 11, 13, 11);
        aborted = List.of(transaction);
        RecordBatch before = builder(10, "a=1").build();
        RecordBatch data = transactional(11, 7, "a=2", "b=2");
        RecordBatch marker = marker(13, 7, ControlRecord.ABORT);
        RecordBatch committed = transactional(14, 7, "c=1");
        RecordBatch commit = marker(15, 7, ControlRecord.COMMIT);
        List<@Nullable RecordBatch> rest = compacted(NOW_MS, 100, List.of(before, data, marker, committed, commit));
        assertSame(before, rest.getFirst());
        assertNull(rest.get(1));
        assertSame(marker, rest.get(2));
        assertSame(committed, rest.get(3));
        assertSame(commit, rest.get(4));
        assertEquals(List.of(transaction), stillThere);

        stillThere.clear();
        rest = compacted(NOW_MS, 100, List.of(before, marker, committed, commit));
        assertTrue(present(rest.get(1)).deleteHorizonMs().isPresent());
        assertSame(commit, rest.get(3));
        assertEquals(List.of(), stillThere);
    }

    @Test
    void transactionsOfSeveralProducersAreToldApart() {
        aborted = List.of(new AbortedTransaction(7, 10, 14, 10), new AbortedTransaction(8, 20, 22, 20));
        RecordBatch mine = transactional(10, 7, "a=1");
        RecordBatch other = transactional(11, 8, "b=1");
        RecordBatch plain = builder(12, "c=1").producer(7, (short) 3, 9).build();
        RecordBatch otherCommit = marker(13, 8, ControlRecord.COMMIT);
        RecordBatch abort = marker(14, 7, ControlRecord.ABORT);
        RecordBatch otherAborted = transactional(20, 8, "d=1", "e=1");
        List<@Nullable RecordBatch> rest =
                compacted(NOW_MS, 100, List.of(mine, other, plain, otherCommit, abort, otherAborted));
        assertNull(rest.getFirst());
        assertSame(other, rest.get(1));
        assertSame(plain, rest.get(2));
        assertSame(otherCommit, rest.get(3));
        assertSame(abort, rest.get(4));
        assertNull(rest.get(5));
    }

    @Test
    void afterAnyRoundsALogSaysTheSameAsBefore() {
        Seeds.each(SurvivorsTest.class, 200, seed -> {
            // Given
            Random random = new Random(seed);
            Map<String, String> model = new TreeMap<>();
            Map<Integer, String> all = new HashMap<>();
            List<RecordBatch> log = new ArrayList<>();
            int offset = 0;
            for (int i = 0; i < 40; i++) {
                String[] records = new String[1 + random.nextInt(4)];
                for (int r = 0; r < records.length; r++) {
                    String key = "k" + random.nextInt(15);
                    records[r] = random.nextInt(4) == 0 ? key : key + "=" + (offset + r);
                    all.put(offset + r, (offset + r) + ":" + records[r]);
                    model.put(key, records[r]);
                }
                Compression compression = Compression.values()[random.nextInt(Compression.values().length)];
                log.add(builder(offset, records).compression(compression).build());
                offset += records.length;
            }
            long nowMs = NOW_MS;
            for (int round = 0; round < 4; round++) {
                // When
                List<RecordBatch> rest = new ArrayList<>();
                for (RecordBatch batch : compacted(nowMs, offset, log)) {
                    if (batch != null) {
                        rest.add(batch);
                    }
                }
                // Then
                Map<String, String> latest = new TreeMap<>();
                long last = -1;
                for (RecordBatch batch : rest) {
                    assertTrue(batch.baseOffset() > last);
                    last = batch.lastOffset();
                    for (String text : text(batch)) {
                        int colon = text.indexOf(':');
                        String record = text.substring(colon + 1);
                        assertEquals(all.get(Integer.parseInt(text.substring(0, colon))), text);
                        String key = record.contains("=") ? record.substring(0, record.indexOf('=')) : record;
                        assertNull(latest.put(key, record), "two records of " + key);
                    }
                }
                assertEquals(offset, last + 1);
                boolean keepsTombstones = nowMs < NOW_MS + RETENTION_MS;
                Map<String, String> expected = new TreeMap<>(model);
                expected.values().removeIf(record -> !keepsTombstones && !record.contains("="));
                assertEquals(expected, latest);
                log = rest;
                nowMs += RETENTION_MS / 2;
            }
        });
    }
}
