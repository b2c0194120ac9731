package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.milena.log.LogFixture.Expected;
import io.milena.log.LogSettings.Durability;
import io.milena.testkit.Arbitrary;
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
