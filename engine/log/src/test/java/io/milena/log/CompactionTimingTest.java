package io.milena.log;

import static io.milena.log.CompactionFixture.BY_HAND;
import static io.milena.log.CompactionFixture.SETTINGS;
import static io.milena.log.CompactionFixture.TOMBSTONES_MS;
import static io.milena.log.CompactionFixture.append;
import static io.milena.log.CompactionFixture.compact;
import static io.milena.log.CompactionFixture.fill;
import static io.milena.log.CompactionFixture.latest;
import static io.milena.log.CompactionFixture.offsets;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogSettings.Compacting;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a log is compacted, and which, on a clock that the tests move. */
class CompactionTimingTest {
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

    private Path folder() {
        return data.resolve("orders-0");
    }

    private List<Long> segments() throws IOException {
        return LogFixture.segments(folder());
    }

    @Test
    void whatIsNotDirtyEnoughIsLeftAlone() throws Exception {
        // Given
        log.settings(SETTINGS.with(new Compacting(true, 0.5, TOMBSTONES_MS, 0, Long.MAX_VALUE)));
        for (int i = 0; i < 100; i++) {
            append(log, clock.millis(), "key " + i + "=" + CompactionFixture.value(i));
        }
        LogFixture.flush(log);
        assertEquals(1, compact(directory));
        long cleaned = log.compactable().cleanedOffset();
        // When
        fill(log, model, 50, 5, clock.millis());
        // Then
        assertEquals(0, compact(directory));
        assertEquals(cleaned, log.compactable().cleanedOffset());
        // When
        fill(log, model, 100, 5, clock.millis());
        // Then
        assertEquals(1, compact(directory));
        assertTrue(log.compactable().cleanedOffset() > cleaned);
    }

    @Test
    void theDirtiestGoesFirst() throws Exception {
        // Given
        Log other =
                directory.create("orders", List.of(1), log.topicId(), SETTINGS).getFirst();
        fill(log, model, 100, 50, clock.millis());
        assertEquals(1, compact(directory));
        fill(log, model, 30, 50, clock.millis());
        fill(other, new TreeMap<>(), 30, 5, clock.millis());
        // When
        assertTrue(directory.cleaner().compactDirtiest());
        // Then
        assertEquals("orders-1", directory.cleaner().lastRun().orElseThrow().log());
        assertTrue(directory.cleaner().compactDirtiest());
        assertEquals("orders-0", directory.cleaner().lastRun().orElseThrow().log());
        assertFalse(directory.cleaner().compactDirtiest());
    }

    @Test
    void recordsWithinTheLagStay() throws Exception {
        // Given
        log.settings(SETTINGS.with(new Compacting(true, 0.01, TOMBSTONES_MS, 5000, Long.MAX_VALUE)));
        fill(log, model, 60, 5, clock.millis());
        List<Long> all = offsets(log);
        // When
        clock.advanceMs(4999);
        // Then
        assertEquals(0, compact(directory));
        assertEquals(all, offsets(log));
        // When
        clock.advanceMs(1);
        // Then
        assertEquals(1, compact(directory));
        assertEquals(model, latest(log));
        assertTrue(offsets(log).size() < all.size());
    }

    @Test
    void whatIsDirtyForTooLongIsCompactedWithTheActiveSegment() throws Exception {
        // Given
        log.settings(SETTINGS.with(new Compacting(true, 1, TOMBSTONES_MS, 0, 5000)));
        append(log, clock.millis(), "a=1", "a=2");
        append(log, clock.millis(), "a=3");
        LogFixture.flush(log);
        clock.advanceMs(5000);
        assertEquals(0, compact(directory));
        // When
        clock.advanceMs(1);
        // Then
        assertEquals(1, compact(directory));
        assertEquals(List.of(2L), offsets(log));
        assertEquals(List.of(0L, 3L), segments());
        append(log, clock.millis(), "a=4");
        assertEquals(List.of(2L, 3L), offsets(log));
    }

    @Test
    void anAppendSealsASegmentThatIsOlderThanTheLongestLag() throws Exception {
        log.settings(SETTINGS.with(new Compacting(true, 1, TOMBSTONES_MS, 0, 5000)));
        append(log, clock.millis(), "a=1");
        append(log, clock.millis() + 5000, "a=2");
        append(log, clock.millis() + 5001, "a=3");
        assertEquals(List.of(0L, 2L), segments());
    }

    @Test
    void whatIsNotForcedStaysAsItIs() throws Exception {
        // Given
        for (int i = 0; i < 50; i++) {
            append(log, clock.millis(), "a=" + CompactionFixture.value(i));
        }
        assertTrue(segments().size() > 2);
        // Then
        assertEquals(0, log.flushedOffset());
        assertEquals(0, compact(directory));
        LogFixture.flush(log);
        assertEquals(1, compact(directory));
    }
}
