package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogSettings.Durability;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Reads by offset, with every limit, against a list of batches; and the sparse index that finds them. */
class OffsetLookupTest {
    private static final LogSettings SMALL = LogFixture.small(3000, 300, Durability.FORCED);

    /** A batch as it should be on disk. */
    private record Known(long baseOffset, long nextOffset, long segment, int size) {}

    private static Path data(SimulatedFileSystem disk) {
        return disk.root().resolve("data");
    }

    private static List<Known> fill(Log log, Path folder, int count, Random random) throws IOException {
        List<Known> model = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String[] values = IntStream.rangeClosed(0, random.nextInt(5))
                    .mapToObj(each -> "x".repeat(random.nextInt(80)))
                    .toArray(String[]::new);
            long before = log.sizeInBytes();
            AppendResult.Appended appended =
                    LogFixture.appended(log.append(LogFixture.batch(HandClock.START_MS, values), 0));
            model.add(new Known(
                    appended.baseOffset(),
                    appended.lastOffset() + 1,
                    LogFixture.segments(folder).getLast(),
                    (int) (log.sizeInBytes() - before)));
        }
        return model;
    }

    /** What {@link Log#read} promises: from the batch of the offset on, in its segment, below the end, as many as fit, at least one. */
    private static List<Known> expected(List<Known> model, long offset, int bytesMax, long endOffset) {
        List<Known> batches = new ArrayList<>();
        int bytes = 0;
        for (Known batch : model) {
            if (batch.nextOffset <= offset) {
                continue;
            }
            boolean isNextSegment = !batches.isEmpty() && batch.segment != batches.getFirst().segment;
            boolean isTooMuch = !batches.isEmpty() && bytes + batch.size > bytesMax;
            if (isNextSegment || isTooMuch || batch.nextOffset > endOffset) {
                break;
            }
            bytes += batch.size;
            batches.add(batch);
        }
        return batches;
    }

    private static List<Long> read(Log log, long offset, int bytesMax, long endOffset) throws IOException {
        ReadResult result = log.read(offset, bytesMax, endOffset);
        if (result == ReadResult.Empty.INSTANCE) {
            return List.of();
        }
        ReadResult.Slice slice = assertInstanceOf(ReadResult.Slice.class, result);
        List<Long> baseOffsets = new ArrayList<>();
        for (RecordBatch batch : RecordBatches.of(slice.take())) {
            assertTrue(batch.isIntact());
            baseOffsets.add(batch.baseOffset());
        }
        return baseOffsets;
    }

    private static void assertReads(List<Known> model, Log log, Random random) throws IOException {
        long end = log.logEndOffset();
        for (long offset = 0; offset <= end; offset++) {
            for (int bytesMax : new int[] {0, 1, random.nextInt(1000), random.nextInt(4000), Integer.MAX_VALUE}) {
                for (long endOffset : new long[] {Long.MAX_VALUE, end, random.nextLong(end + 1), offset + 1}) {
                    List<Long> wanted = expected(model, offset, bytesMax, endOffset).stream()
                            .map(Known::baseOffset)
                            .toList();
                    String where = "offset " + offset + ", " + bytesMax + " bytes, end " + endOffset;
                    assertEquals(wanted, read(log, offset, bytesMax, endOffset), where);
                }
            }
        }
        assertEquals(ReadResult.OutOfRange.INSTANCE, log.read(end + 1, 1, Long.MAX_VALUE));
        assertEquals(ReadResult.OutOfRange.INSTANCE, log.read(-1, 1, Long.MAX_VALUE));
    }

    @Test
    void readsWholeBatchesWithinEveryLimitAlsoAfterReopen() {
        LogFixture.each(OffsetLookupTest.class, 20, seed -> {
            // Given
            Random random = new Random(seed);
            HandClock clock = new HandClock();
            SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
            List<Known> model;
            try (LogDirectory directory = LogFixture.open(data(disk), SMALL, clock)) {
                // When
                Log log = LogFixture.create(directory, SMALL);
                model = fill(log, data(disk).resolve("orders-0"), 60, random);
                // Then
                assertReads(model, log, random);
            }
            try (LogDirectory reopened = LogFixture.open(data(disk), SMALL, clock)) {
                assertReads(model, LogFixture.existing(reopened), random);
            }
        });
    }

    @Test
    void indexesAreSparseAndAscending() throws IOException {
        // Given
        HandClock clock = new HandClock();
        SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        Path folder = data(disk).resolve("orders-0");
        try (LogDirectory directory = LogFixture.open(data(disk), SMALL, clock)) {
            Log log = LogFixture.create(directory, SMALL);
            // When
            List<Known> model = fill(log, folder, 60, new Random(3));
            // Then
            List<Long> segments = LogFixture.segments(folder);
            for (long base : segments.subList(0, segments.size() - 1)) {
                assertIndexes(
                        folder.resolve(FileNames.ofOffset(base) + ".index"),
                        model.stream().filter(batch -> batch.segment == base).toList());
            }
        }
    }

    private static void assertIndexes(Path file, List<Known> batches) throws IOException {
        ByteBuffer entries = ByteBuffer.wrap(Files.readAllBytes(file));
        List<String> found = new ArrayList<>();
        while (entries.hasRemaining()) {
            found.add(entries.getInt() + " at " + entries.getInt());
        }
        List<String> wanted = new ArrayList<>();
        int position = 0;
        int since = 0;
        for (Known batch : batches) {
            if (since > SMALL.segments().indexIntervalBytes()) {
                wanted.add(batch.nextOffset - 1 - batches.getFirst().baseOffset + " at " + position);
                since = 0;
            }
            position += batch.size;
            since += batch.size;
        }
        assertTrue(wanted.size() > 2 && wanted.size() < batches.size(), () -> "entries: " + wanted);
        assertEquals(wanted, found);
    }
}
