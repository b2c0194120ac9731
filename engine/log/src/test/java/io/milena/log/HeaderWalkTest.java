package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.milena.log.disk.OpenFiles;
import io.milena.records.BatchHeader;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Headers are the same whether they come alone or with a page, and many of them come with one read. */
class HeaderWalkTest {
    private static final int PAGE_BYTES = 4096;

    /** A file of batches with so many bytes of text each; answers where they begin, and where the last ends. */
    private static List<Integer> write(Path path, List<Integer> sizes) throws IOException {
        List<Integer> starts = new ArrayList<>(List.of(0));
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int i = 0; i < sizes.size(); i++) {
                ByteBuffer batch = LogFixture.batch(HandClock.START_MS + i, "x".repeat(sizes.get(i)));
                starts.add(starts.getLast() + channel.write(batch));
            }
        }
        return starts;
    }

    /** How many reads it takes to see all headers, which are those of the batches that were written. */
    private static int walk(List<Integer> sizes) throws IOException {
        try (SimulatedFileSystem disk = SimulatedFileSystem.create(new HandClock())) {
            Path path = disk.root().resolve("batches");
            List<Integer> starts = write(path, sizes);
            AtomicInteger reads = new AtomicInteger();
            disk.faults((operation, of) -> {
                if (operation == DiskOperation.READ) {
                    reads.incrementAndGet();
                }
            });
            try (FileChannel channel = FileChannel.open(path)) {
                HeaderWalk headers = new HeaderWalk(new SegmentFile(path, new OpenFiles(1)), channel, starts.getLast());
                for (int i = 0; i < sizes.size(); i++) {
                    BatchHeader header = headers.at(starts.get(i));
                    assertEquals(starts.get(i + 1) - starts.get(i), header.sizeInBytes(), "of batch " + i);
                    assertEquals(HandClock.START_MS + i, header.maxTimestampMs(), "of batch " + i);
                }
            }
            return reads.get();
        }
    }

    @Test
    void batchesOfAnySizeAreSeen() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            List<Integer> sizes = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                sizes.add(random.nextInt(random.nextBoolean() ? 100 : 3 * PAGE_BYTES));
            }
            walk(sizes);
        }
    }

    @Test
    void smallOnesCostAReadForEachPage() throws IOException {
        List<Integer> sizes = new ArrayList<>();
        int pages = 16;
        int bytes = 0;
        while (bytes < pages * PAGE_BYTES) {
            sizes.add(40);
            bytes += LogFixture.batch(HandClock.START_MS, "x".repeat(40)).remaining();
        }
        assertEquals(1 + pages, walk(sizes), "reads for " + sizes.size() + " headers");
    }

    @Test
    void largeOnesCostAReadEach() throws IOException {
        assertEquals(10, walk(Collections.nCopies(10, 2 * PAGE_BYTES)));
    }

    @Test
    void aFileThatIsShorterThanItWasHasTheHeadersThatItHas() throws IOException {
        try (SimulatedFileSystem disk = SimulatedFileSystem.create(new HandClock())) {
            Path path = disk.root().resolve("batches");
            List<Integer> starts = write(path, List.of(10, 10, 10, 10));
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                int third = starts.get(2);
                channel.truncate(third + BatchHeader.SIZE_IN_BYTES);
                HeaderWalk headers = new HeaderWalk(new SegmentFile(path, new OpenFiles(1)), channel, starts.getLast());
                for (int i = 0; i < 3; i++) {
                    assertEquals(
                            HandClock.START_MS + i, headers.at(starts.get(i)).maxTimestampMs());
                }
                assertThrows(DamagedFileException.class, () -> headers.at(starts.get(3)));
            }
        }
    }

    @Test
    void aHeaderThatIsNotWholeIsDamage() throws IOException {
        try (SimulatedFileSystem disk = SimulatedFileSystem.create(new HandClock())) {
            Path path = disk.root().resolve("batches");
            List<Integer> starts = write(path, List.of(10, 10));
            try (FileChannel channel = FileChannel.open(path)) {
                SegmentFile file = new SegmentFile(path, new OpenFiles(1));
                int second = starts.get(1);
                HeaderWalk cutOff = new HeaderWalk(file, channel, second + BatchHeader.SIZE_IN_BYTES - 1);
                cutOff.at(0);
                assertEquals(
                        second,
                        assertThrows(DamagedFileException.class, () -> cutOff.at(second))
                                .position());
                HeaderWalk tooLong = new HeaderWalk(file, channel, starts.getLast() - 1);
                tooLong.at(0);
                assertEquals(
                        second,
                        assertThrows(DamagedFileException.class, () -> tooLong.at(second))
                                .position());
                HeaderWalk nonsense = new HeaderWalk(file, channel, starts.getLast());
                nonsense.at(0);
                assertEquals(
                        second - 1,
                        assertThrows(DamagedFileException.class, () -> nonsense.at(second - 1))
                                .position());
            }
        }
    }
}
