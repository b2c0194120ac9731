package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogFixture.Expected;
import io.milena.log.LogSettings.Durability;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is in memory of the indexes of sealed segments is bounded, and what is not is found nevertheless. */
class IndexMemoryTest {
    /** An entry for every batch. */
    private static final LogSettings SMALL = LogFixture.small(100_000, 0, Durability.WRITTEN);

    private static final int SEGMENTS = 12;
    /** About one block of each of the two indexes of one segment. */
    private static final int BOUND = 12_000;

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final Path data = disk.root().resolve("data");
    private final LogDirectory.Settings bounded =
            new LogDirectory.Settings(Long.MAX_VALUE, Long.MAX_VALUE, 16).withIndexCache(BOUND);
    private final List<Expected> model = new ArrayList<>();

    private LogDirectory open() throws IOException {
        return LogFixture.open(data, bounded, SMALL, clock);
    }

    /** Segments of more than a thousand batches each, so that an index has several blocks. */
    private Log fill(LogDirectory directory) throws IOException {
        Log log = LogFixture.create(directory, SMALL);
        while (log.contents().segments().all().size() <= SEGMENTS) {
            Expected record = new Expected(log.logEndOffset(), clock.millis(), Long.toString(log.logEndOffset()));
            LogFixture.appended(log.append(LogFixture.batch(record.timestampMs(), record.value()), 0));
            model.add(record);
            clock.advanceMs(1);
        }
        return log;
    }

    private static void assertBounded(Log log, long bound) {
        List<Segment> segments = List.copyOf(log.contents().segments().all());
        assertTrue(segments.subList(0, segments.size() - 1).stream().noneMatch(Segment::holdsIndexes));
        long taken = log.services().files().indexes().sizeInBytes();
        assertTrue(taken <= bound, () -> "bytes: " + taken);
    }

    /** Every record is found by its offset and by its time, wherever one looks next. */
    private void assertFound(Log log, long seed) throws IOException {
        List<Expected> shuffled = new ArrayList<>(model);
        Collections.shuffle(shuffled, new Random(seed));
        for (Expected wanted : shuffled.subList(0, 1_500)) {
            assertEquals(wanted.offset(), firstOffset(log.read(wanted.offset(), 1, Long.MAX_VALUE)));
            assertEquals(
                    wanted.offset(),
                    log.offsetForTimestamp(wanted.timestampMs()).orElseThrow().offset());
            assertBounded(log, BOUND);
        }
    }

    private static long firstOffset(ReadResult result) throws IOException {
        ReadResult.Slice slice = assertInstanceOf(ReadResult.Slice.class, result);
        try {
            ByteBuffer baseOffset = ByteBuffer.allocate(Long.BYTES);
            slice.channel().read(baseOffset, slice.position());
            return baseOffset.getLong(0);
        } finally {
            slice.release();
        }
    }

    @Test
    void segmentsThatAreSealedGiveTheirMemoryBack() throws IOException {
        try (LogDirectory directory = open()) {
            Log log = fill(directory);
            assertBounded(log, 0);
            assertFound(log, 1);
        }
    }

    @Test
    void readersOfManySegmentsShareTheBound() throws IOException {
        try (LogDirectory directory = open()) {
            fill(directory);
        }
        try (LogDirectory directory = open()) {
            Log log = LogFixture.existing(directory);
            assertFound(log, 2);
            assertTrue(log.services().files().indexes().sizeInBytes() > 0, "nothing is kept");
        }
    }

    @Test
    void recoveredSegmentsAreNotKeptInMemory() throws IOException {
        SimulatedFileSystem killed;
        try (LogDirectory directory = open()) {
            fill(directory);
            killed = disk.copy();
        }
        killed.processKill();
        try (LogDirectory directory = LogFixture.open(killed.root().resolve("data"), bounded, SMALL, clock)) {
            Log log = LogFixture.existing(directory);
            assertBounded(log, BOUND);
            assertFound(log, 3);
        }
    }

    @Test
    void filesThatAreLostWhileItRunsAreMadeAnew() throws IOException {
        try (LogDirectory directory = open()) {
            Log log = fill(directory);
            assertFound(log, 4);
            for (long base : LogFixture.segments(data.resolve("orders-0")).subList(0, SEGMENTS)) {
                Files.delete(data.resolve("orders-0").resolve(FileNames.ofOffset(base) + ".index"));
            }
            assertFound(log, 5);
        }
    }
}
