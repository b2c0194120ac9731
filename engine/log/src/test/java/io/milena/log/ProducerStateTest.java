package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.AppendResult.Reason;
import io.milena.log.LogSettings.Durability;
import io.milena.records.ControlRecord;
import io.milena.records.RecordBatchBuilder;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a log remembers of idempotent producers: duplicates, gaps, epochs, and all of it after restarts and crashes. */
class ProducerStateTest {
    private static final LogSettings SMALL = LogFixture.small(1000, 100, Durability.FORCED);
    private static final LogDirectory.Settings NEVER_BY_ITSELF = new LogDirectory.Settings(100, Long.MAX_VALUE, 16);
    private static final long DAY_MS = 24L * 3600 * 1000;

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);

    private LogDirectory open() throws IOException {
        return open(disk);
    }

    private LogDirectory open(SimulatedFileSystem of) throws IOException {
        return LogFixture.open(of.root().resolve("data"), NEVER_BY_ITSELF, SMALL, clock);
    }

    private AppendResult send(Log log, long producer, int epoch, int sequence, int records) {
        String[] values = new String[records];
        for (int i = 0; i < records; i++) {
            values[i] = "value " + (sequence + i);
        }
        return log.append(LogFixture.batchOf(producer, epoch, sequence, clock.millis(), values), 0);
    }

    private static void assertDuplicate(long baseOffset, long lastOffset, AppendResult result) {
        AppendResult.Duplicate duplicate = assertInstanceOf(AppendResult.Duplicate.class, result);
        assertEquals(baseOffset, duplicate.baseOffset());
        assertEquals(lastOffset, duplicate.lastOffset());
    }

    @Test
    void answersTheLastFiveBatchesWithTheirOffsets() throws IOException {
        try (LogDirectory directory = open()) {
            // Given
            Log log = LogFixture.create(directory, SMALL);
            for (int i = 0; i < 7; i++) {
                LogFixture.appended(send(log, 9, 0, 3 * i, 3));
            }
            // When, Then
            for (int i = 2; i < 7; i++) {
                assertDuplicate(3L * i, 3L * i + 2, send(log, 9, 0, 3 * i, 3));
            }
            LogFixture.assertRefused(Reason.OUT_OF_ORDER_SEQUENCE_NUMBER, send(log, 9, 0, 18, 2));
            LogFixture.assertRefused(Reason.OUT_OF_ORDER_SEQUENCE_NUMBER, send(log, 9, 0, 19, 2));
            assertEquals(21, log.logEndOffset());
        }
    }

    @Test
    void knowsThatABatchIsHereAfterItHasForgottenWhere() throws IOException {
        try (LogDirectory directory = open()) {
            // Given
            Log log = LogFixture.create(directory, SMALL);
            for (int i = 0; i < 7; i++) {
                LogFixture.appended(send(log, 9, 0, 3 * i, 3));
            }
            // When, Then
            assertDuplicate(AppendResult.Duplicate.UNKNOWN_OFFSET, 20, send(log, 9, 0, 0, 3));
            assertDuplicate(AppendResult.Duplicate.UNKNOWN_OFFSET, 20, send(log, 9, 0, 3, 3));
            LogFixture.assertRefused(Reason.OUT_OF_ORDER_SEQUENCE_NUMBER, send(log, 9, 0, 5, 2));
        }
    }

    @Test
    void forgottenBatchesAreKnownAcrossTheLargestSequence() throws IOException {
        try (LogDirectory directory = open()) {
            // Given
            Log log = LogFixture.create(directory, SMALL);
            LogFixture.appended(send(log, 9, 0, Integer.MAX_VALUE - 3, 3));
            for (int sequence = 0; sequence < 6; sequence++) {
                LogFixture.appended(send(log, 9, 0, sequence == 0 ? Integer.MAX_VALUE : sequence - 1, 1));
            }
            // When, Then
            assertDuplicate(AppendResult.Duplicate.UNKNOWN_OFFSET, 8, send(log, 9, 0, Integer.MAX_VALUE - 3, 3));
            LogFixture.assertRefused(Reason.OUT_OF_ORDER_SEQUENCE_NUMBER, send(log, 9, 0, 6, 1));
        }
    }

    @Test
    void refusesGapsAndTakesWhatIsNext() throws IOException {
        try (LogDirectory directory = open()) {
            // Given
            Log log = LogFixture.create(directory, SMALL);
            LogFixture.appended(send(log, 9, 0, 0, 2));
            // When, Then
            LogFixture.assertRefused(Reason.OUT_OF_ORDER_SEQUENCE_NUMBER, send(log, 9, 0, 3, 1));
            LogFixture.appended(send(log, 9, 0, 2, 1));
            LogFixture.appended(send(log, 9, 0, 3, 1));
        }
    }

    @Test
    void producersDoNotDisturbEachOther() throws IOException {
        try (LogDirectory directory = open()) {
            // Given
            Log log = LogFixture.create(directory, SMALL);
            // When
            for (int i = 0; i < 10; i++) {
                for (long producer = 1; producer <= 3; producer++) {
                    LogFixture.appended(send(log, producer, 0, i, 1));
                }
                LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "of nobody"), 0));
            }
            // Then
            assertDuplicate(38, 38, send(log, 3, 0, 9, 1));
            assertDuplicate(20, 20, send(log, 1, 0, 5, 1));
        }
    }

    @Test
    void aNewEpochBeginsAtZeroAndEndsTheOldOne() throws IOException {
        try (LogDirectory directory = open()) {
            // Given
            Log log = LogFixture.create(directory, SMALL);
            LogFixture.appended(send(log, 9, 3, 0, 2));
            // When, Then
            LogFixture.assertRefused(Reason.INVALID_PRODUCER_EPOCH, send(log, 9, 2, 2, 1));
            LogFixture.assertRefused(Reason.OUT_OF_ORDER_SEQUENCE_NUMBER, send(log, 9, 4, 2, 1));
            LogFixture.appended(send(log, 9, 3, 2, 1));
            LogFixture.appended(send(log, 9, 4, 0, 2));
            assertDuplicate(3, 4, send(log, 9, 4, 0, 2));
            LogFixture.assertRefused(Reason.INVALID_PRODUCER_EPOCH, send(log, 9, 3, 3, 1));
            LogFixture.appended(send(log, 9, 4, 2, 1));
        }
    }

    @Test
    void aProducerThatIsNotKnownMayBeginAnywhere() throws IOException {
        try (LogDirectory directory = open()) {
            Log log = LogFixture.create(directory, SMALL);
            LogFixture.appended(send(log, 9, 5, 77, 1));
            LogFixture.appended(send(log, 9, 5, 78, 1));
        }
    }

    @Test
    void sequencesGoOnAtZeroAfterTheLargest() throws IOException {
        try (LogDirectory directory = open()) {
            // Given
            Log log = LogFixture.create(directory, SMALL);
            LogFixture.appended(send(log, 9, 0, Integer.MAX_VALUE - 1, 3));
            // When, Then
            LogFixture.assertRefused(Reason.OUT_OF_ORDER_SEQUENCE_NUMBER, send(log, 9, 0, 0, 1));
            LogFixture.appended(send(log, 9, 0, 1, 1));
        }
        try (LogDirectory reopened = open()) {
            Log log = LogFixture.existing(reopened);
            assertDuplicate(0, 2, send(log, 9, 0, Integer.MAX_VALUE - 1, 3));
            LogFixture.appended(send(log, 9, 0, 2, 1));
        }
    }

    @Test
    void isTheSameAfterAnyStopAndAnyLossOfSnapshots() {
        LogFixture.each(ProducerStateTest.class, 100, seed -> {
            // Given
            Random random = new Random(seed);
            SimulatedFileSystem own = SimulatedFileSystem.create(clock);
            TreeMap<Long, List<Sent>> sent = new TreeMap<>();
            for (int life = 0; life < 3; life++) {
                SimulatedFileSystem after;
                List<ProducerState> before;
                try (LogDirectory directory = open(own)) {
                    Log log = life == 0 ? LogFixture.create(directory, SMALL) : LogFixture.existing(directory);
                    // When
                    work(log, sent, random);
                    LogFixture.flush(log);
                    if (random.nextBoolean()) {
                        directory.checkpointStartOffsets();
                    }
                    before = log.producers();
                    after = own.copy();
                }
                switch (random.nextInt(3)) {
                    case 0 -> after = own; // stopped cleanly
                    case 1 -> after.processKill();
                    default -> after.crash(random);
                }
                if (random.nextInt(3) == 0) {
                    loseSnapshots(after, random);
                }
                // Then
                try (LogDirectory directory = open(after)) {
                    Log log = LogFixture.existing(directory);
                    assertEquals(before, log.producers());
                    sent.forEach((producer, batches) -> assertRemembers(log, producer, batches));
                }
                own = after;
            }
        });
    }

    /** A batch that a producer has an answer to. */
    private record Sent(int sequence, int records, long baseOffset) {
        int nextSequence() {
            return sequence + records;
        }
    }

    private void work(Log log, TreeMap<Long, List<Sent>> sent, Random random) {
        int count = random.nextInt(30);
        for (int i = 0; i < count; i++) {
            clock.advanceMs(1);
            long producer = random.nextLong(4);
            List<Sent> batches = sent.computeIfAbsent(producer, id -> new ArrayList<>());
            int next = batches.isEmpty() ? 0 : batches.getLast().nextSequence();
            int records = 1 + random.nextInt(3);
            long offset =
                    LogFixture.appended(send(log, producer, 0, next, records)).baseOffset();
            batches.add(new Sent(next, records, offset));
        }
    }

    private void assertRemembers(Log log, long producer, List<Sent> batches) {
        for (Sent batch : batches.subList(Math.max(0, batches.size() - 5), batches.size())) {
            AppendResult again = send(log, producer, 0, batch.sequence, batch.records);
            assertDuplicate(batch.baseOffset, batch.baseOffset + batch.records - 1, again);
        }
        int next = batches.getLast().nextSequence();
        LogFixture.assertRefused(Reason.OUT_OF_ORDER_SEQUENCE_NUMBER, send(log, producer, 0, next + 1, 1));
    }

    private static void loseSnapshots(SimulatedFileSystem of, Random random) throws IOException {
        Path folder = of.root().resolve("data").resolve("orders-0");
        for (String name : LogFixture.names(folder)) {
            if (name.endsWith(".snapshot")) {
                switch (random.nextInt(3)) {
                    case 0 -> Files.delete(folder.resolve(name));
                    case 1 -> {
                        if (Files.size(folder.resolve(name)) > 0) {
                            of.rot(folder.resolve(name), random);
                        }
                    }
                    default -> {}
                }
            }
        }
    }

    @Test
    void forgetsWhatACrashTakesBack() throws Exception {
        SimulatedFileSystem after;
        try (LogDirectory directory = open()) {
            // Given
            Log log = LogFixture.create(directory, SMALL);
            LogFixture.appended(send(log, 9, 0, 0, 1));
            LogFixture.flush(log);
            for (int i = 1; i < 20; i++) {
                LogFixture.appended(send(log, 9, 0, i, 1));
            }
            after = disk.copy();
        }
        // When
        after.crashKeepingOnlyForced();
        // Then
        try (LogDirectory directory = open(after)) {
            Log log = LogFixture.existing(directory);
            assertEquals(1, log.logEndOffset());
            assertDuplicate(0, 0, send(log, 9, 0, 0, 1));
            for (int i = 1; i < 20; i++) {
                assertEquals(i, LogFixture.appended(send(log, 9, 0, i, 1)).baseOffset());
            }
        }
    }

    @Test
    void forgetsAProducerThatWasSilentForADay() throws Exception {
        try (LogDirectory directory = open()) {
            // Given
            Log log = LogFixture.create(directory, SMALL);
            LogFixture.appended(send(log, 8, 0, 0, 1));
            LogFixture.appended(send(log, 9, 0, 0, 1));
            clock.advanceMs(DAY_MS);
            LogFixture.appended(send(log, 9, 0, 1, 1));
            // When
            directory.applyRetention();
            // Then
            assertEquals(2, log.producers().size());
            // When
            clock.advanceMs(1);
            directory.applyRetention();
            // Then
            assertEquals(
                    List.of(9L),
                    log.producers().stream().map(ProducerState::producerId).toList());
            LogFixture.appended(send(log, 8, 0, 5, 1));
            LogFixture.assertRefused(Reason.OUT_OF_ORDER_SEQUENCE_NUMBER, send(log, 9, 0, 5, 1));
        }
    }

    @Test
    void anOpenTransactionKeepsItsProducerUntilTheMarker() throws Exception {
        try (LogDirectory directory = open()) {
            // Given
            Log log = LogFixture.create(directory, SMALL);
            LogFixture.appended(send(log, 8, 0, 0, 1));
            LogFixture.appended(log.append(transactional(9, 1, 0), 0));
            LogFixture.appended(log.append(transactional(9, 1, 1), 0));
            clock.advanceMs(DAY_MS + 1);
            // When
            directory.applyRetention();
            // Then
            assertEquals(
                    List.of(new ProducerState(9, (short) 1, 1, clock.millis() - DAY_MS - 1, -1, 1)), log.producers());
        }
        try (LogDirectory reopened = open()) {
            Log log = LogFixture.existing(reopened);
            reopened.applyRetention();
            assertEquals(1, log.producers().getFirst().currentTransactionFirstOffset());
            // When
            LogFixture.appended(log.appendOwn(marker(9, 2), 0));
            // Then
            assertEquals(List.of(new ProducerState(9, (short) 2, -1, clock.millis(), 0, -1)), log.producers());
            LogFixture.assertRefused(Reason.INVALID_PRODUCER_EPOCH, send(log, 9, 1, 2, 1));
            clock.advanceMs(DAY_MS + 1);
            reopened.applyRetention();
            assertEquals(List.of(), log.producers());
        }
    }

    @Test
    void theTimeAfterWhichAProducerIsForgottenCanBeSet() throws Exception {
        LogDirectory.Settings settings = LogDirectory.Settings.DEFAULTS.withProducerExpiration(500);
        try (LogDirectory directory = LogFixture.open(disk.root().resolve("data"), settings, SMALL, clock)) {
            // Given
            Log log = LogFixture.create(directory, SMALL);
            LogFixture.appended(send(log, 8, 0, 0, 1));
            LogFixture.appended(log.append(transactional(9, 0, 0), 0));
            clock.advanceMs(500);
            directory.applyRetention();
            assertEquals(2, log.producers().size());
            // When
            clock.advanceMs(1);
            directory.applyRetention();
            // Then
            assertEquals(
                    List.of(9L),
                    log.producers().stream().map(ProducerState::producerId).toList());
        }
    }

    private ByteBuffer transactional(long producer, int epoch, int sequence) {
        return new RecordBatchBuilder()
                .append(clock.millis(), (ByteBuffer) null, ByteBuffer.allocate(3))
                .producer(producer, (short) epoch, sequence)
                .transactional()
                .build()
                .buffer();
    }

    private ByteBuffer marker(long producer, int epoch) {
        return new RecordBatchBuilder()
                .appendControl(clock.millis(), ControlRecord.COMMIT, ByteBuffer.allocate(6))
                .producer(producer, (short) epoch, -1)
                .transactional()
                .build()
                .buffer();
    }

    @Test
    void keepsNoMoreSnapshotsThanSegmentsNeed() throws Exception {
        // Given
        Path folder = disk.root().resolve("data").resolve("orders-0");
        for (int life = 0; life < 20; life++) {
            try (LogDirectory directory = open()) {
                Log log = life == 0 ? LogFixture.create(directory, SMALL) : LogFixture.existing(directory);
                // When
                LogFixture.appended(send(log, 9, 0, life, 1));
            }
        }
        // Then
        long snapshots = LogFixture.names(folder).stream()
                .filter(name -> name.endsWith(".snapshot"))
                .count();
        assertTrue(snapshots <= LogFixture.segments(folder).size() + 1, () -> snapshots + " snapshots");
    }
}
