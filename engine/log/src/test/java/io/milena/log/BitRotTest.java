package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogFixture.Expected;
import io.milena.log.LogSettings.Durability;
import io.milena.records.BatchHeader;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** The disk changes what was written long ago. */
class BitRotTest {
    private static final LogSettings SMALL = LogFixture.small(2000, 300, Durability.FORCED);
    private static final LogDirectory.Settings NEVER_BY_ITSELF = new LogDirectory.Settings(100, Long.MAX_VALUE, 16);
    private static final int RECORDS = 60;
    private static final int LAST_OFFSET_DELTA_AT = 23;
    private static final long NEVER = Long.MAX_VALUE;

    private final HandClock clock = new HandClock();

    private LogDirectory open(SimulatedFileSystem disk) throws IOException {
        return LogFixture.open(disk.root().resolve("data"), NEVER_BY_ITSELF, SMALL, clock);
    }

    private static Path folder(SimulatedFileSystem disk) {
        return disk.root().resolve("data").resolve("orders-0");
    }

    private List<Expected> fill(Log log) throws InterruptedException {
        List<Expected> model = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            clock.advanceMs(1);
            Expected record = new Expected(i, clock.millis(), i + "x".repeat(100));
            model.add(record);
            LogFixture.appended(log.append(LogFixture.batch(record.timestampMs(), record.value()), 0));
        }
        LogFixture.flush(log);
        return model;
    }

    /** Changes one bit; answers the offset of the batch that it belongs to. */
    private static long rot(Path file, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int at;
        do {
            at = random.nextInt(bytes.length);
        } while (isOutsideChecksum(bytes, at));
        long damaged = -1;
        for (RecordBatch batch : RecordBatches.of(java.nio.ByteBuffer.wrap(bytes.clone()))) {
            damaged = batch.baseOffset() <= offsetAt(bytes, at) ? batch.baseOffset() : damaged;
        }
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, bytes);
        return damaged;
    }

    private static long offsetAt(byte[] bytes, int at) {
        int position = 0;
        for (RecordBatch batch : RecordBatches.of(java.nio.ByteBuffer.wrap(bytes))) {
            if (at < position + batch.sizeInBytes()) {
                return batch.baseOffset();
            }
            position += batch.sizeInBytes();
        }
        throw new IllegalArgumentException("no batch at " + at);
    }

    /** The checksum does not cover the leader epoch, and of the base offset only its order is checked. */
    private static boolean isOutsideChecksum(byte[] bytes, int at) {
        int position = 0;
        for (RecordBatch batch : RecordBatches.of(java.nio.ByteBuffer.wrap(bytes))) {
            int within = at - position;
            if (within >= 0 && within < batch.sizeInBytes()) {
                return within < 8 || (within >= 12 && within < 16);
            }
            position += batch.sizeInBytes();
        }
        return true;
    }

    /** Reads all that is served, and the offsets that are not. */
    private static List<Expected> served(Log log, Set<Long> refused) throws IOException {
        List<Expected> records = new ArrayList<>();
        long next = log.logStartOffset();
        while (next < log.logEndOffset()) {
            switch (log.read(next, 700, Long.MAX_VALUE)) {
                case ReadResult.Slice slice -> {
                    for (RecordBatch batch : RecordBatches.of(slice.take())) {
                        assertTrue(batch.isIntact(), "a damaged batch is served");
                        for (Record record : batch.records()) {
                            records.add(new Expected(
                                    record.offset(),
                                    record.timestampMs(),
                                    StandardCharsets.UTF_8
                                            .decode(Objects.requireNonNull(record.value()))
                                            .toString()));
                        }
                        next = batch.nextOffset();
                    }
                }
                case ReadResult.Damaged damaged -> {
                    refused.add(next);
                    assertTrue(damaged.nextOffset() > next, "no way on from " + next);
                    next = damaged.nextOffset();
                }
                case ReadResult.Unreadable unreadable -> throw new AssertionError(unreadable.message());
                case ReadResult.Empty ignored -> throw new AssertionError("nothing at " + next);
                case ReadResult.OutOfRange ignored -> throw new AssertionError("out of range: " + next);
            }
        }
        return records;
    }

    @Test
    void aDamagedBatchIsNeverServedAndTheOthersAre() {
        LogFixture.each(BitRotTest.class, 200, seed -> {
            Random random = new Random(seed);
            SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
            try (LogDirectory directory = open(disk)) {
                // Given
                Log log = LogFixture.create(directory, SMALL);
                List<Expected> model = fill(log);
                List<Long> sealed = LogFixture.segments(folder(disk));
                long base = sealed.get(random.nextInt(sealed.size() - 1));
                // When
                long damaged = rot(folder(disk).resolve(FileNames.ofOffset(base) + ".log"), random);
                // Then
                Set<Long> refused = new TreeSet<>();
                List<Expected> served = served(log, refused);
                assertEquals(Set.of(damaged), refused);
                assertEquals(
                        model.stream().filter(each -> each.offset() != damaged).toList(), served);
                assertFalse(log.isOffline());
                LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "it goes on"), 0));
            }
        });
    }

    @Test
    void noStartCutsWhatWasForced() {
        LogFixture.each(BitRotTest.class, 200, seed -> {
            Random random = new Random(seed);
            SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
            SimulatedFileSystem killed;
            List<Expected> model;
            // Given
            try (LogDirectory directory = open(disk)) {
                model = fill(LogFixture.create(directory, SMALL));
                directory.checkpoint();
                killed = disk.copy();
            }
            killed.processKill();
            SimulatedFileSystem after = random.nextBoolean() ? killed : disk;
            List<Long> bases = LogFixture.segments(folder(after));
            long base = bases.get(random.nextInt(bases.size()));
            long damaged = rot(folder(after).resolve(FileNames.ofOffset(base) + ".log"), random);
            if (random.nextBoolean()) {
                Files.deleteIfExists(folder(after).resolve(FileNames.ofOffset(base) + ".index"));
            }
            for (int start = 0; start < 2; start++) {
                // When
                try (LogDirectory directory = open(after)) {
                    Log log = LogFixture.existing(directory);
                    // Then
                    assertEquals(RECORDS + start, log.logEndOffset());
                    Set<Long> refused = new TreeSet<>();
                    List<Expected> served = served(log, refused);
                    assertEquals(Set.of(damaged), refused);
                    assertEquals(
                            model.stream()
                                    .filter(each -> each.offset() != damaged)
                                    .toList(),
                            served.subList(0, RECORDS - 1));
                    LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "it goes on"), 0));
                }
            }
        });
    }

    @Test
    void aRottenFirstBatchDoesNotKeepADirectoryFromStartingAfterACrash() throws Exception {
        // Given
        SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        LogSettings large = LogFixture.small(1 << 20, 300, Durability.FORCED);
        SimulatedFileSystem killed;
        try (LogDirectory directory = open(disk)) {
            Log log = LogFixture.create(directory, large);
            for (int i = 0; i < 10; i++) {
                LogFixture.appended(log.append(LogFixture.batch(clock.millis(), i + "x".repeat(10_000)), 0));
            }
            LogFixture.flush(log);
            directory.checkpoint();
            assertTrue(LogFixture.names(folder(disk)).contains("00000000000000000000.index"));
            killed = disk.copy();
        }
        // When
        killed.rot(folder(killed).resolve("00000000000000000000.log"), 16, 0x40);
        // Then
        try (LogDirectory directory = open(killed)) {
            Log log = LogFixture.existing(directory);
            assertEquals(10, log.logEndOffset());
            Set<Long> refused = new TreeSet<>();
            assertEquals(9, served(log, refused).size());
            assertEquals(Set.of(0L), refused);
        }
    }

    @Test
    void aSegmentOfWhichNothingCanBeReadStaysForItsTime() throws Exception {
        // Given
        SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        LogSettings anHour = SMALL.withRetention(TimeUnit.HOURS.toMillis(1), -1);
        SimulatedFileSystem killed;
        try (LogDirectory directory = open(disk)) {
            Log log = LogFixture.create(directory, anHour);
            LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "rots"), 0));
            LogFixture.flush(log);
            directory.checkpoint();
            killed = disk.copy();
        }
        killed.rot(folder(killed).resolve("00000000000000000000.log"), 70, 1);
        try (LogDirectory directory = LogFixture.open(killed.root().resolve("data"), NEVER_BY_ITSELF, anHour, clock)) {
            Log log = LogFixture.existing(directory);
            // When
            directory.applyRetention();
            // Then
            assertEquals(0, log.logStartOffset());
            // When
            clock.advanceMs(TimeUnit.HOURS.toMillis(1) + 1);
            directory.applyRetention();
            // Then
            assertEquals(1, log.logStartOffset());
        }
    }

    @Test
    void whatWasLostBehindOldDamageIsCutWithAllThatFollows() throws Exception {
        // Given
        SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        SimulatedFileSystem killed;
        try (LogDirectory directory = LogFixture.open(
                disk.root().resolve("data"), new LogDirectory.Settings(NEVER, NEVER, 16), SMALL, clock)) {
            Log log = LogFixture.create(directory, SMALL);
            LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "rots"), 0));
            LogFixture.flush(log);
            directory.checkpoint();
            LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "torn"), 0));
            LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "whole"), 0));
            killed = disk.copy();
        }
        Path file = folder(killed).resolve("00000000000000000000.log");
        int size = Objects.requireNonNull(BatchHeader.at(java.nio.ByteBuffer.wrap(Files.readAllBytes(file))))
                .sizeInBytes();
        killed.rot(file, size - 1, 1);
        killed.rot(file, 2L * size - 1, 1);
        // When
        try (LogDirectory directory = open(killed)) {
            Log log = LogFixture.existing(directory);
            // Then
            assertEquals(1, log.logEndOffset());
            Set<Long> refused = new TreeSet<>();
            assertEquals(List.of(), served(log, refused));
            assertEquals(Set.of(0L), refused);
        }
    }

    @Test
    void noRecordGetsTheOffsetOfOneWhoseHeaderHasRotted() throws Exception {
        // Given
        SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        Path file = folder(disk).resolve("00000000000000000000.log");
        try (LogDirectory directory = open(disk)) {
            Log log = LogFixture.create(directory, SMALL);
            LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "one"), 0));
            LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "two", "three", "four", "five"), 0));
        }
        int first = Objects.requireNonNull(BatchHeader.at(java.nio.ByteBuffer.wrap(Files.readAllBytes(file))))
                .sizeInBytes();
        disk.rot(file, first + LAST_OFFSET_DELTA_AT + 3, 2);
        // When
        try (LogDirectory directory = open(disk)) {
            Log log = LogFixture.existing(directory);
            assertEquals(5, log.logEndOffset());
            LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "six"), 0));
            // Then
            for (long offset = 1; offset < 5; offset++) {
                assertEquals(new ReadResult.Damaged(5), log.read(offset, 1000, NEVER), "offset " + offset);
            }
            assertEquals("six", LogFixture.read(log, 5).getFirst().value());
        }
    }

    @Test
    void aBatchWhoseHeaderSaysThatItIsShorterIsNotPassedOver() throws Exception {
        SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        Path file = folder(disk).resolve("00000000000000000000.log");
        try (LogDirectory directory = open(disk)) {
            Log log = LogFixture.create(directory, SMALL);
            LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "one", "two", "three", "four"), 0));
            LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "five"), 0));
        }
        disk.rot(file, LAST_OFFSET_DELTA_AT + 3, 2);
        try (LogDirectory directory = open(disk)) {
            assertEquals(
                    new ReadResult.Damaged(4), LogFixture.existing(directory).read(3, 1000, NEVER));
        }
    }

    @Test
    void aBatchWhoseHeaderSaysThatItIsLongerHoldsNobodyUp() throws Exception {
        SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        Path file = folder(disk).resolve("00000000000000000000.log");
        try (LogDirectory directory = open(disk)) {
            Log log = LogFixture.create(directory, SMALL);
            for (int i = 0; i < 3; i++) {
                LogFixture.appended(log.append(LogFixture.batch(clock.millis(), Integer.toString(i)), 0));
            }
        }
        disk.rot(file, LAST_OFFSET_DELTA_AT, 1);
        try (LogDirectory directory = open(disk)) {
            Log log = LogFixture.existing(directory);
            assertEquals(new ReadResult.Damaged(1), log.read(0, 1000, 2));
            assertInstanceOf(ReadResult.Slice.class, log.read(1, 1000, 2)).release();
        }
    }

    @Test
    void theReportNamesFileAndPosition() throws Exception {
        SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        List<String> reports = new ArrayList<>();
        Handler listener = listener(reports);
        Logger logger = Logger.getLogger(LogHealth.class.getName());
        try (LogDirectory directory = open(disk)) {
            // Given
            Log log = LogFixture.create(directory, SMALL);
            fill(log);
            Path file = folder(disk).resolve(FileNames.ofOffset(0) + ".log");
            byte[] bytes = Files.readAllBytes(file);
            int second = Objects.requireNonNull(BatchHeader.at(java.nio.ByteBuffer.wrap(bytes)))
                    .sizeInBytes();
            bytes[second + BatchHeader.SIZE_IN_BYTES] ^= 1;
            Files.write(file, bytes);
            // When
            logger.addHandler(listener);
            assertInstanceOf(ReadResult.Damaged.class, log.read(1, 1000, Long.MAX_VALUE));
            // Then
            assertTrue(
                    reports.stream()
                            .anyMatch(text -> text.contains(file.toString()) && text.contains("position " + second)),
                    reports::toString);
        } finally {
            logger.removeHandler(listener);
        }
    }

    private static Handler listener(List<String> reports) {
        return new Handler() {
            @Override
            public void publish(LogRecord report) {
                reports.add(java.text.MessageFormat.format(report.getMessage(), report.getParameters()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }
}
