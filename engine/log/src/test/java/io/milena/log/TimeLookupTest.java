package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.log.LogFixture.Expected;
import io.milena.log.LogSettings.Durability;
import io.milena.records.RecordBatchBuilder;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Look-ups by time against a list of records whose timestamps go up and down, also within batches. */
class TimeLookupTest {
    private static final LogSettings SMALL = LogFixture.small(1500, 200, Durability.FORCED);
    private static final int EPOCH = 4;

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final Path data = disk.root().resolve("data");

    private static List<Expected> fill(Log log, int batches, Random random) {
        List<Expected> model = new ArrayList<>();
        for (int i = 0; i < batches; i++) {
            RecordBatchBuilder builder = new RecordBatchBuilder();
            for (int j = random.nextInt(4); j >= 0; j--) {
                long timestampMs = HandClock.START_MS + i * 10L + random.nextInt(-60, 60);
                String value = "x".repeat(random.nextInt(100));
                model.add(new Expected(model.size(), timestampMs, value));
                builder.append(timestampMs, (ByteBuffer) null, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
            }
            LogFixture.appended(log.append(builder.build().buffer(), EPOCH));
        }
        return model;
    }

    private static TimestampedOffset position(Expected record) {
        return new TimestampedOffset(record.offset(), record.timestampMs(), EPOCH);
    }

    /** The model of which the first {@code start} records are deleted. */
    private static void assertFinds(List<Expected> model, long start, Log log) throws IOException {
        List<Expected> left = model.subList((int) start, model.size());
        for (Expected each : model) {
            for (long timestampMs = each.timestampMs() - 1; timestampMs <= each.timestampMs() + 1; timestampMs++) {
                long wanted = timestampMs;
                Optional<TimestampedOffset> first = left.stream()
                        .filter(record -> record.timestampMs() >= wanted)
                        .findFirst()
                        .map(TimeLookupTest::position);
                assertEquals(first, log.offsetForTimestamp(wanted), () -> "at " + wanted);
            }
        }
        assertEquals(left.stream().findFirst().map(TimeLookupTest::position), log.offsetForTimestamp(0));
        assertEquals(Optional.empty(), log.offsetForTimestamp(Long.MAX_VALUE));
    }

    private static Optional<TimestampedOffset> largest(List<Expected> records) {
        return records.stream()
                .max(Comparator.comparingLong(Expected::timestampMs)
                        .thenComparing(Expected::offset, Comparator.reverseOrder()))
                .map(TimeLookupTest::position);
    }

    @Test
    void findsTheFirstRecordThatIsNotEarlierAlsoAfterReopen() {
        LogFixture.each(TimeLookupTest.class, 20, seed -> {
            SimulatedFileSystem own = SimulatedFileSystem.create(clock);
            Path path = own.root().resolve("data");
            List<Expected> model;
            try (LogDirectory directory = LogFixture.open(path, SMALL, clock)) {
                // Given
                Log log = LogFixture.create(directory, SMALL);
                // When
                model = fill(log, 60, new Random(seed));
                // Then
                assertFinds(model, 0, log);
                assertEquals(largest(model), log.maxTimestamp());
            }
            try (LogDirectory reopened = LogFixture.open(path, SMALL, clock)) {
                assertFinds(model, 0, LogFixture.existing(reopened));
                assertEquals(largest(model), LogFixture.existing(reopened).maxTimestamp());
            }
        });
    }

    @Test
    void findsNothingBelowTheLogStart() throws IOException {
        try (LogDirectory directory = LogFixture.open(data, SMALL, clock)) {
            // Given
            Log log = LogFixture.create(directory, SMALL);
            List<Expected> model = fill(log, 60, new Random(1));
            for (long start : new long[] {1, 2, 30, 31, 32, 33, model.size() - 1, model.size()}) {
                // When
                log.deleteRecordsBefore(start);
                // Then
                assertFinds(model, start, log);
                directory.applyRetention();
                assertFinds(model, start, log);
            }
        }
    }

    @Test
    void theLargestTimestampIsOfARecordThatIsNotDeleted() throws IOException {
        try (LogDirectory directory = LogFixture.open(data, SMALL, clock)) {
            // Given
            Log log = LogFixture.create(directory, SMALL);
            long[] timestampsMs = {5000, 3000, 4000, 4000, 1000};
            List<Expected> model = new ArrayList<>();
            for (long timestampMs : timestampsMs) {
                model.add(new Expected(model.size(), HandClock.START_MS + timestampMs, "v"));
                LogFixture.appended(log.append(LogFixture.batch(HandClock.START_MS + timestampMs, "v"), EPOCH));
            }
            for (int start = 0; start <= model.size(); start++) {
                // When
                log.deleteRecordsBefore(start);
                // Then
                assertEquals(largest(model.subList(start, model.size())), log.maxTimestamp(), "start " + start);
            }
        }
    }

    @Test
    void anEmptyLogHasNoTimes() throws IOException {
        try (LogDirectory directory = LogFixture.open(data, SMALL, clock)) {
            Log log = LogFixture.create(directory, SMALL);
            assertEquals(Optional.empty(), log.offsetForTimestamp(0));
            assertEquals(Optional.empty(), log.maxTimestamp());
        }
    }
}
