package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.milena.log.LogFixture.Expected;
import io.milena.log.LogSettings.Durability;
import io.milena.log.disk.Checkpoint;
import io.milena.testkit.Arbitrary;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Index files that are lost or damaged after a clean stop are made anew from the batches. */
class IndexRepairTest {
    private static final LogSettings SMALL = LogFixture.small(1500, 200, Durability.FORCED);

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final Path data = disk.root().resolve("data");
    private final Path folder = data.resolve("orders-0");

    /** What may happen to a file. */
    enum Damage {
        LOST,
        EMPTY,
        CUT,
        ZEROS,
        NOISE
    }

    private List<Expected> fill() throws IOException {
        List<Expected> model = new ArrayList<>();
        try (LogDirectory directory = LogFixture.open(data, SMALL, clock)) {
            Log log = LogFixture.create(directory, SMALL);
            for (int i = 0; i < 60; i++) {
                Expected record = new Expected(i, HandClock.START_MS + 10L * i, i + "x".repeat(80));
                model.add(record);
                LogFixture.appended(log.append(LogFixture.batch(record.timestampMs(), record.value()), 0));
            }
        }
        return model;
    }

    private static void damage(Path file, Damage damage) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        switch (damage) {
            case LOST -> Files.delete(file);
            case EMPTY -> Files.write(file, new byte[0]);
            case CUT -> Files.write(file, Arrays.copyOf(bytes, bytes.length - 5));
            case ZEROS -> Files.write(file, new byte[bytes.length]);
            case NOISE -> Files.write(file, Arbitrary.bytes(new Random(1), bytes.length));
        }
    }

    private List<Path> indexes(String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @CsvSource({
        ".index, LOST", ".index, EMPTY", ".index, CUT", ".index, ZEROS", ".index, NOISE",
        ".timeindex, LOST", ".timeindex, EMPTY", ".timeindex, CUT", ".timeindex, ZEROS", ".timeindex, NOISE"
    })
    void everyRecordIsStillFound(String ending, Damage damage) throws IOException {
        // Given
        List<Expected> model = fill();
        // When
        for (Path file : indexes(ending)) {
            damage(file, damage);
        }
        // Then
        try (LogDirectory directory = LogFixture.open(data, SMALL, clock)) {
            Log log = LogFixture.existing(directory);
            for (Expected record : model) {
                int offset = (int) record.offset();
                assertEquals(model.subList(offset, model.size()), LogFixture.read(log, offset));
                Optional<Long> found =
                        log.offsetForTimestamp(record.timestampMs() - 1).map(TimestampedOffset::offset);
                assertEquals(Optional.of(record.offset()), found);
            }
            assertEquals(
                    Optional.of(model.getLast().offset()), log.maxTimestamp().map(TimestampedOffset::offset));
            assertFalse(log.isOffline());
        }
    }

    /** As after a roll that found no room for the rest of what it writes. */
    @Test
    void anIndexOfBatchesThatWereCutIsNotTakenForThatOfTheNext() throws Exception {
        // Given
        SimulatedFileSystem crashed;
        LogDirectory.Settings byHand = new LogDirectory.Settings(Long.MAX_VALUE, Long.MAX_VALUE, 16);
        LogSettings large = LogFixture.small(1500, 0, Durability.FORCED);
        try (LogDirectory directory = LogFixture.open(data, byHand, large, clock)) {
            Log log = LogFixture.create(directory, large);
            LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "first" + "x".repeat(1400)), 0));
            LogFixture.flush(log);
            for (int i = 0; i < 5; i++) {
                LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "lost" + "x".repeat(150)), 0));
            }
            disk.faults((operation, path) -> {
                if (operation == DiskOperation.OPEN && path.toString().endsWith(".snapshot")) {
                    throw new IOException("No space left on device");
                }
            });
            LogFixture.assertRefused(
                    AppendResult.Reason.KAFKA_STORAGE_ERROR,
                    log.append(LogFixture.batch(clock.millis(), "y".repeat(1200)), 0));
            for (Path index : indexes("index")) {
                Checkpoint.force(index);
            }
            Checkpoint.forceDirectory(folder);
            crashed = disk.copy();
        }
        crashed.crashKeepingOnlyForced();
        // When
        Path left = crashed.root().resolve("data");
        try (LogDirectory directory = LogFixture.open(left, large, clock)) {
            Log log = LogFixture.existing(directory);
            assertEquals(1, log.logEndOffset());
            LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "second" + "z".repeat(1000)), 0));
        }
        // Then
        try (LogDirectory directory = LogFixture.open(left, large, clock)) {
            Log log = LogFixture.existing(directory);
            assertEquals(2, log.logEndOffset());
            assertEquals(2, LogFixture.read(log, 0).size());
            assertEquals(1, LogFixture.read(log, 1).size());
        }
    }

    @Test
    void indexFilesStayAsTheyAreWhenNothingIsWrong() throws IOException {
        // Given
        fill();
        List<byte[]> before = new ArrayList<>();
        for (Path file : indexes("index")) {
            before.add(Files.readAllBytes(file));
        }
        // When
        LogFixture.open(data, SMALL, clock).close();
        // Then
        List<Path> after = indexes("index");
        assertEquals(before.size(), after.size());
        for (int i = 0; i < after.size(); i++) {
            assertArrayEquals(before.get(i), Files.readAllBytes(after.get(i)), after.get(i)::toString);
        }
    }
}
