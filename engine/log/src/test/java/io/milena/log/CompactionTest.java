package io.milena.log;

import static io.milena.log.CompactionFixture.BY_HAND;
import static io.milena.log.CompactionFixture.COMPACTING;
import static io.milena.log.CompactionFixture.SETTINGS;
import static io.milena.log.CompactionFixture.TOMBSTONES_MS;
import static io.milena.log.CompactionFixture.append;
import static io.milena.log.CompactionFixture.compact;
import static io.milena.log.CompactionFixture.fill;
import static io.milena.log.CompactionFixture.latest;
import static io.milena.log.CompactionFixture.offsets;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compaction of whole logs, on a clock that the tests move. */
class CompactionTest {
    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final Path data = disk.root().resolve("data");
    private final Map<String, String> model = new TreeMap<>();
    private LogDirectory directory;
    private Log log;

    @BeforeEach
    void open() throws IOException {
        directory = LogFixture.open(data, BY_HAND, SETTINGS, clock);
        log = LogFixture.create(directory, SETTINGS);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private void reopen() throws IOException {
        directory.close();
        directory = LogFixture.open(data, BY_HAND, SETTINGS, clock);
        log = LogFixture.existing(directory);
    }

    private Path folder() {
        return data.resolve("orders-0");
    }

    private List<Long> segments() throws IOException {
        return LogFixture.segments(folder());
    }

    @Test
    void theLatestOfEachKeyStaysAtItsOffset() throws Exception {
        // Given
        fill(log, model, 100, 5, clock.millis());
        long active = segments().getLast();
        long end = log.logEndOffset();
        long before = log.sizeInBytes();
        // When
        assertEquals(1, compact(directory));
        // Then
        assertEquals(model, latest(log));
        assertEquals(active, log.compactable().cleanedOffset());
        assertEquals(end, log.logEndOffset());
        assertEquals(0, log.logStartOffset());
        List<Long> clean =
                offsets(log).stream().filter(offset -> offset < active).toList();
        assertEquals(List.of(active - 5, active - 4, active - 3, active - 2, active - 1), clean);
        assertTrue(log.sizeInBytes() < before / 4);
        reopen();
        assertEquals(model, latest(log));
        assertEquals(active, log.compactable().cleanedOffset());
        assertEquals(end, log.logEndOffset());
    }

    @Test
    void everyOffsetAndTimeIsFoundAfterwards() throws Exception {
        // Given
        for (int i = 0; i < 120; i++) {
            append(log, clock.millis() + i, "key " + i % 7 + "=" + CompactionFixture.value(i), "other=" + i);
        }
        LogFixture.flush(log);
        compact(directory);
        for (int round = 0; round < 2; round++) {
            List<Record> records = CompactionFixture.records(log);
            for (long offset = 0; offset < log.logEndOffset(); offset++) {
                long wanted = offset;
                // When
                ReadResult.Slice slice = assertInstanceOf(ReadResult.Slice.class, log.read(offset, 1, Long.MAX_VALUE));
                RecordBatch found = RecordBatch.at(slice.take());
                // Then
                Record next = records.stream()
                        .filter(record -> record.offset() >= wanted)
                        .findFirst()
                        .orElseThrow();
                assertTrue(found.lastOffset() >= offset && found.baseOffset() <= next.offset(), "offset " + offset);
            }
            for (int i = 0; i < 120; i++) {
                long wantedMs = clock.millis() + i;
                Record first = records.stream()
                        .filter(record -> record.timestampMs() >= wantedMs)
                        .findFirst()
                        .orElseThrow();
                assertEquals(
                        first.offset(),
                        log.offsetForTimestamp(wantedMs).orElseThrow().offset());
            }
            assertEquals(
                    records.getLast().timestampMs(),
                    log.maxTimestamp().orElseThrow().timestampMs());
            reopen();
        }
    }

    @Test
    void aTombstoneIsThereForItsTimeAndThenGoesForGood() throws Exception {
        // Given
        fill(log, model, 40, 4, clock.millis());
        append(log, clock.millis(), "key 1");
        model.remove("key 1");
        fill(log, model, 40, 1, clock.millis());
        // When
        assertEquals(1, compact(directory));
        // Then
        assertTrue(offsets(log).contains(40L));
        assertEquals(model, latest(log));
        // When
        clock.advanceMs(TOMBSTONES_MS - 1);
        fill(log, model, 40, 1, clock.millis());
        assertEquals(1, compact(directory));
        // Then
        assertTrue(offsets(log).contains(40L));
        // When
        clock.advanceMs(1);
        fill(log, model, 40, 1, clock.millis());
        assertEquals(1, compact(directory));
        // Then
        assertFalse(offsets(log).contains(40L));
        assertEquals(model, latest(log));
        reopen();
        assertEquals(model, latest(log));
    }

    @Test
    void anIdempotentProducerGoesOn() throws Exception {
        // Given
        for (int i = 0; i < 30; i++) {
            LogFixture.appended(log.append(ofProducer(i), 0));
        }
        fill(log, model, 60, 3, clock.millis());
        append(log, clock.millis(), "a=end");
        fill(log, model, 30, 3, clock.millis());
        // When
        assertEquals(1, compact(directory));
        // Then
        assertTrue(CompactionFixture.batches(log).stream()
                .anyMatch(batch -> batch.recordCount() == 0 && batch.lastSequence() == 29));
        for (int round = 0; round < 2; round++) {
            assertInstanceOf(AppendResult.Duplicate.class, log.append(ofProducer(29), 0));
            LogFixture.assertRefused(AppendResult.Reason.OUT_OF_ORDER_SEQUENCE_NUMBER, log.append(ofProducer(31), 0));
            directory.close();
            for (String name : LogFixture.names(folder())) {
                if (name.endsWith(".snapshot")) {
                    Files.delete(folder().resolve(name)); // so that only the log tells
                }
            }
            reopen();
        }
        LogFixture.appended(log.append(ofProducer(30), 0));
    }

    private ByteBuffer ofProducer(int sequence) {
        return CompactionFixture.builder(clock.millis(), "a=" + CompactionFixture.value(sequence))
                .producer(7, (short) 1, sequence)
                .build()
                .buffer();
    }

    @Test
    void theLargestTimestampIsThatOfARecordWhichIsThere() throws Exception {
        // Given
        clock.advanceMs(5000);
        LogFixture.appended(log.append(ofProducer(0), 0));
        clock.jumpMs(-5000);
        append(log, clock.millis(), "a=end");
        fill(log, model, 30, 3, clock.millis());
        // When
        assertEquals(1, compact(directory));
        // Then
        assertEquals(0, CompactionFixture.batches(log).getFirst().recordCount());
        assertEquals(clock.millis(), log.maxTimestamp().orElseThrow().timestampMs());
        assertTrue(log.offsetForTimestamp(clock.millis() + 1).isEmpty());
    }

    @Test
    void whatDoesNotFitIntoTheMapIsDoneByTheNextOne() throws Exception {
        // Given
        directory.close();
        LogDirectory.Settings cramped =
                BY_HAND.with(new CleanerSettings(0, 30 * KeyOffsets.ENTRY_BYTES, Double.MAX_VALUE, 1000));
        directory = LogFixture.open(data, cramped, SETTINGS, clock);
        log = LogFixture.create(directory, SETTINGS);
        fill(log, model, 200, 100, clock.millis());
        long active = segments().getLast();
        // When
        assertTrue(directory.cleaner().compactDirtiest());
        // Then
        assertEquals(27, log.compactable().cleanedOffset());
        assertEquals(model, latest(log));
        // When
        assertTrue(compact(directory) > 2);
        // Then
        assertEquals(active, log.compactable().cleanedOffset());
        assertEquals(model, latest(log));
        assertEquals(
                100, offsets(log).stream().filter(offset -> offset < active).count());
        List<String> lines = Files.readAllLines(data.resolve("cleaner-offset-checkpoint"));
        assertEquals(List.of("0", "1", "orders 0 " + active), lines);
    }

    @Test
    void compactionAndDeletionGoTogether() throws Exception {
        // Given
        log.settings(SETTINGS.with(new LogSettings.Deleting(true, 5000, -1)));
        fill(log, model, 60, 60, clock.millis());
        clock.advanceMs(4000);
        fill(log, new TreeMap<>(), 60, 5, clock.millis());
        assertEquals(1, compact(directory));
        assertTrue(offsets(log).contains(5L));
        // When
        clock.advanceMs(1001);
        directory.applyRetention();
        // Then
        assertFalse(offsets(log).contains(5L));
        assertTrue(log.logStartOffset() > 0);
        reopen();
        assertEquals(5, latest(log).size());
    }

    @Test
    void compactionAloneDeletesNothing() throws Exception {
        fill(log, model, 60, 60, clock.millis());
        compact(directory);
        clock.advanceMs(1_000_000_000);
        directory.applyRetention();
        assertEquals(model, latest(log));
        assertEquals(0, log.logStartOffset());
    }

    @Test
    void whatCompactionLeavesOfSegmentsBecomesOneTheNextTime() throws Exception {
        fill(log, model, 100, 5, clock.millis());
        compact(directory);
        assertTrue(segments().size() > 5);
        fill(log, model, 20, 5, clock.millis());
        compact(directory);
        assertEquals(List.of(0L), segments().subList(0, 1));
        assertTrue(segments().size() <= 4, () -> log.sizeInBytes() + " bytes");
        assertEquals(model, latest(log));
    }

    @Test
    void smallSegmentsBecomeOne() throws Exception {
        fill(log, model, 100, 100, clock.millis());
        int before = segments().size();
        log.settings(SETTINGS.withSegmentBytes(100_000));
        compact(directory);
        assertTrue(before > 5);
        assertEquals(2, segments().size());
        assertEquals(model, latest(log));
        assertEquals(
                List.of(),
                LogFixture.names(folder()).stream()
                        .filter(name -> name.endsWith(".cleaned") || name.endsWith(".swap"))
                        .toList());
    }

    @Test
    void aSegmentOfWhichEverythingStaysIsNotWrittenAnew() throws Exception {
        log.settings(SETTINGS.with(COMPACTING));
        for (int i = 0; i < 30; i++) {
            append(log, clock.millis(), "key " + i + "=" + "x".repeat(600));
        }
        LogFixture.flush(log);
        compact(directory);
        assertEquals(0, directory.cleaner().lastRun().orElseThrow().bytesWritten());
        assertEquals(31, segments().size() + 1);
    }
}
