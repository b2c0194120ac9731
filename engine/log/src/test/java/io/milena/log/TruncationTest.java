package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogFixture.Expected;
import io.milena.log.LogSettings.Durability;
import io.milena.log.disk.Checkpoint;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of a log is taken away, and everything that is known of it follows. */
class TruncationTest {
    private static final LogSettings SMALL = LogFixture.small(1000, 100, Durability.FORCED);
    private static final LogDirectory.Settings BY_HAND = new LogDirectory.Settings(Long.MAX_VALUE, Long.MAX_VALUE, 16);
    /** Each batch has two records of 10 ms each. */
    private static final int BATCHES = 20;

    private final HandClock clock = new HandClock();
    private final List<Expected> model = new ArrayList<>();
    private SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private LogDirectory directory;
    private Log log;

    @BeforeEach
    void create() throws IOException {
        directory = open();
        log = LogFixture.create(directory, SMALL);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private Path data() {
        return disk.root().resolve("data");
    }

    private LogDirectory open() throws IOException {
        return LogFixture.open(data(), BY_HAND, SMALL, clock);
    }

    private void reopen() throws IOException {
        directory.close();
        directory = open();
        log = LogFixture.existing(directory);
    }

    private void losePower() throws IOException {
        SimulatedFileSystem after = disk.copy();
        directory.close();
        after.crashKeepingOnlyForced();
        disk = after;
        directory = open();
        log = LogFixture.existing(directory);
    }

    /** Of a producer whose sequences are the offsets; the epoch is a fifth of the batch's number. */
    private void append(int batches) {
        for (int i = 0; i < batches; i++) {
            long offset = log.logEndOffset();
            String[] values = new String[2];
            clock.advanceMs(10);
            for (int j = 0; j < 2; j++) {
                values[j] = model.size() + "x".repeat(100);
                model.add(new Expected(offset + j, clock.millis(), values[j]));
            }
            LogFixture.appended(
                    log.append(LogFixture.batchOf(7, 0, (int) offset, clock.millis(), values), (int) (offset / 2 / 5)));
        }
    }

    private void cutModel(long end) {
        model.removeIf(record -> record.offset() >= end);
    }

    private void assertHolds(long end) throws IOException {
        assertEquals(end, log.logEndOffset());
        List<Expected> visible = model.stream()
                .filter(record -> record.offset() >= log.logStartOffset())
                .toList();
        assertEquals(visible, LogFixture.read(log, 0));
        for (Expected record : visible) {
            long first = record.offset() - record.offset() % 2;
            assertEquals(
                    Math.max(first, log.logStartOffset()),
                    log.offsetForTimestamp(record.timestampMs()).orElseThrow().offset());
            assertEquals((int) (record.offset() / 10), log.epochAt(record.offset()));
        }
        assertTrue(log.offsetForTimestamp(clock.millis() + 1).isEmpty());
        if (!visible.isEmpty()) {
            assertEquals(
                    visible.getLast().timestampMs(),
                    log.maxTimestamp().orElseThrow().timestampMs());
            assertEquals((int) end - 1, log.producers().getFirst().lastSequence());
        }
    }

    @ParameterizedTest
    @CsvSource({"40, 40", "39, 38", "38, 38", "30, 30", "21, 20", "20, 20", "8, 8", "7, 6", "2, 2", "1, 0", "0, 0"})
    void everythingFollowsTheNewEnd(long offset, long end) throws Exception {
        // Given
        append(BATCHES);
        LogFixture.flush(log);
        directory.checkpoint();
        // When
        log.truncateTo(offset);
        // Then
        cutModel(end);
        assertEquals(end, log.flushedOffset());
        assertEquals(end, log.forcedOffset());
        assertHolds(end);
        assertEquals(
                Math.min(end, 10),
                log.endOffsetFor(0).endOffset() < 0 ? 0 : log.endOffsetFor(0).endOffset());
        reopen();
        assertHolds(end);
        append(BATCHES);
        LogFixture.flush(log);
        losePower();
        assertHolds(end + 2 * BATCHES);
    }

    @Test
    void anEndThatIsAheadChangesNothing() throws Exception {
        append(BATCHES);
        log.truncateTo(1000);
        assertHolds(2 * BATCHES);
        assertThrows(IllegalArgumentException.class, () -> log.truncateTo(-1));
    }

    @Test
    void whatWasNotForcedBelowTheNewEndIsNotSafeByIt() throws Exception {
        append(5);
        LogFixture.flush(log);
        append(BATCHES);
        log.truncateTo(40);
        assertEquals(10, log.flushedOffset());
        cutModel(40);
        LogFixture.flush(log);
        assertEquals(40, log.flushedOffset());
        losePower();
        assertHolds(40);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 5, 20, 40, 41, 1000})
    void aLogStartsAnewAtAnyOffset(long offset) throws Exception {
        // Given
        append(BATCHES);
        LogFixture.flush(log);
        log.deleteRecordsBefore(15);
        directory.applyRetention();
        // When
        log.truncateFullyAndStartAt(offset);
        // Then
        model.clear();
        assertAnew(offset);
        reopen();
        assertAnew(offset);
        losePower();
        assertAnew(offset);
        directory.applyRetention();
        LogFixture.appended(log.append(LogFixture.batchOf(7, 0, 0, clock.millis(), "again"), 9));
        LogFixture.flush(log);
        clock.advanceMs(120_000);
        directory.applyRetention();
        losePower();
        assertEquals(List.of(new Expected(offset, clock.millis() - 120_000, "again")), LogFixture.read(log, 0));
        assertEquals(9, log.epochAt(offset));
    }

    private void assertAnew(long offset) throws IOException {
        assertEquals(offset, log.logStartOffset());
        assertEquals(offset, log.logEndOffset());
        assertEquals(offset, log.flushedOffset());
        assertEquals(List.of(), LogFixture.read(log, 0));
        assertEquals(List.of(), log.producers());
        assertEquals(-1, log.epochAt(offset));
        assertEquals(EpochEnd.UNKNOWN, log.endOffsetFor(0));
        assertEquals(offset, log.lastStableOffset(offset));
    }

    @Test
    void aLogThatHasNothingYetStartsWhereItIsTold() throws Exception {
        log.truncateFullyAndStartAt(50);
        assertAnew(50);
        losePower();
        assertAnew(50);
    }

    @Test
    void anEndBelowTheStartIsANewStart() throws Exception {
        append(BATCHES);
        LogFixture.flush(log);
        log.deleteRecordsBefore(15);
        log.truncateTo(14);
        model.clear();
        assertAnew(14);
        losePower();
        assertAnew(14);
    }

    @Test
    void producersOfDeletedRecordsAreKnownWhereNothingElseIsLeft() throws Exception {
        append(BATCHES);
        LogFixture.flush(log);
        log.deleteRecordsBefore(40);
        directory.applyRetention();
        append(1);
        LogFixture.flush(log);
        log.truncateTo(40);
        cutModel(40);
        assertEquals(39, log.producers().getFirst().lastSequence());
        losePower();
        assertEquals(40, log.logStartOffset());
        assertEquals(39, log.producers().getFirst().lastSequence());
    }

    @Test
    void segmentsInTheTrashDoNotTakeNewOnesOfTheirNameAlong() throws Exception {
        append(BATCHES);
        LogFixture.flush(log);
        log.deleteRecordsBefore(40);
        assertFalse(log.expirable().removeExpired(clock.millis()).isEmpty());
        log.truncateFullyAndStartAt(0);
        model.clear();
        append(3);
        directory.applyRetention();
        clock.advanceMs(120_000);
        directory.applyRetention();
        assertEquals(model, LogFixture.read(log, 0));
        LogFixture.flush(log);
        losePower();
        assertEquals(model, LogFixture.read(log, 0));
    }

    @Test
    void aForceThatIsUnderWayVouchesForNothingThatCameLater() throws Exception {
        // Given
        append(BATCHES);
        LogFixture.flush(log);
        AtomicBoolean isCut = new AtomicBoolean();
        AtomicBoolean isAppended = new AtomicBoolean();
        disk.faults((operation, path) -> {
            if (operation == DiskOperation.FORCE
                    && path.toString().endsWith(".log")
                    && isCut.compareAndSet(false, true)) {
                log.truncateTo(20);
                cutModel(20);
                append(10);
                isAppended.set(true);
            }
        });
        // When
        log.services().flusher().requestFiles(log);
        assertTrue(log.changed().await(isAppended::get, Deadline.afterMs(Clock.system(), 60_000)));
        LogFixture.flush(log);
        disk.faults(DiskFaults.none());
        // Then
        assertTrue(isCut.get());
        losePower();
        assertHolds(40);
    }

    @Test
    void epochsOfRecordsThatWereLostDoNotComeBack() throws Exception {
        // Given: a power cut took records whose epoch was written down
        append(1);
        LogFixture.flush(log);
        append(BATCHES);
        directory.checkpointStartOffsets();
        SimulatedFileSystem after = disk.copy();
        directory.close();
        after.crashKeepingOnlyForced();
        Path epochs = after.root().resolve("data/orders-0/leader-epoch-checkpoint");
        Files.writeString(epochs, "0\n2\n0 0\n3 30\n");
        Checkpoint.force(epochs);
        Checkpoint.forceDirectory(epochs.resolveSibling(""));
        disk = after;
        directory = open();
        log = LogFixture.existing(directory);
        cutModel(log.logEndOffset());
        // When
        append(BATCHES);
        LogFixture.flush(log);
        losePower();
        // Then
        assertEquals(0, log.epochAt(9));
        assertEquals(3, log.epochAt(31));
        assertEquals(new EpochEnd(2, 30), log.endOffsetFor(2));
    }

    @Test
    void anOfflineLogIsNotTruncated() throws Exception {
        append(BATCHES);
        directory.failed("testing", new IOException("no disk"));
        assertThrows(IOException.class, () -> log.truncateTo(20));
        assertEquals(40, log.logEndOffset());
    }

    /** The kernel tells of a lost page once: a later force would pass for good. */
    @Test
    void whereTheNameOfTheLogCannotBeForcedItGoesOffline() {
        LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "a"), 0));
        LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "b"), 0));
        disk.faults(DiskFaults.failing(
                DiskOperation.FORCE, path -> path.getFileName().toString().equals("partition.metadata"), 0, 1));
        // When
        assertThrows(IOException.class, () -> log.truncateTo(1));
        // Then
        assertTrue(log.isOffline());
    }
}
