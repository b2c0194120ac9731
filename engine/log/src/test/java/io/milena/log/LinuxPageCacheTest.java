package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.milena.log.LogFixture.Expected;
import io.milena.log.disk.CLibrary;
import io.milena.log.disk.ColdReads;
import io.milena.log.disk.LinuxPageCache;
import io.milena.log.disk.PageCache;
import io.milena.runtime.Clock;
import io.milena.runtime.Environment;
import io.milena.runtime.Threads;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real page cache, where there is one that can be asked, on a disk and not in memory. */
class LinuxPageCacheTest {
    private static final int FADV_DONTNEED = 4;
    private static final int BYTES = 3 << 20;
    /** Of logs with one segment. */
    private static final LogSettings LARGE = LogFixture.small(32 << 20, 4096, LogSettings.Durability.FORCED);

    /** No smaller than the kernel's. */
    private static final int PAGE_BYTES = 64 << 10;

    @TempDir
    Path folder;

    private PageCache pages;

    @BeforeEach
    void needsLinux() throws Exception {
        assumeTrue(CLibrary.isFor(folder));
        pages = LinuxPageCache.of(folder).orElseThrow();
        Path probe = Files.write(folder.resolve("probe"), new byte[5000]);
        assumeTrue(holds(probe, 0, 5000), "the kernel does not tell what its page cache holds");
        evict(probe);
        assumeFalse(holds(probe, 0, 5000), "files are nowhere but in memory");
    }

    private boolean holds(Path file, long from, long to) {
        try (PageCache.View view = pages.open(file)) {
            return view.holds(from, to);
        }
    }

    /** Has the kernel forget what it holds of a file. */
    private static void evict(Path file) throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        MethodHandle open = CLibrary.function(
                "open",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        MethodHandle advise = CLibrary.function(
                "posix_fadvise",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT));
        MethodHandle close =
                CLibrary.function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CLibrary.STATE);
            int descriptor = (int) open.invoke(state, arena.allocateFrom(file.toString()), 0);
            assertEquals(0, (int) advise.invoke(state, descriptor, 0L, 0L, FADV_DONTNEED));
            assertEquals(0, (int) close.invoke(state, descriptor));
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatIsBroughtIsThereAndNothingElse() throws Exception {
        // Given
        Path file = Files.write(folder.resolve("file"), new byte[BYTES]);
        evict(file);
        try (PageCache.View view = pages.open(file)) {
            assertFalse(view.holds(0, 1));
            // When
            assertTrue(view.bring(100_000, 200_000));
            // Then
            assertTrue(view.holds(100_000, 200_000));
            assertFalse(view.holds(0, 200_000));
            assertFalse(view.holds(100_000, 300_000));
            assertFalse(view.holds(1 << 20, BYTES));
        }
    }

    @Test
    void whatIsNotInTheFileCannotBeBrought() throws Exception {
        Path file = Files.write(folder.resolve("file"), new byte[100]);
        try (PageCache.View view = pages.open(file)) {
            assertFalse(view.bring(5000, 6000));
        }
    }

    @Test
    void aFileThatIsNotThereIsLeftToWhoeverReadsIt() {
        assertTrue(holds(folder.resolve("none"), 0, 1));
    }

    @Test
    void aReadOfOldDataWaitsForAThreadOfItsOwn() throws Exception {
        // Given a log whose first segment is no longer in memory
        Path data = folder.resolve("data");
        LogSettings settings = LogFixture.small(1 << 20, 4096, LogSettings.Durability.FORCED);
        List<Expected> model = new ArrayList<>();
        try (LogDirectory directory = LogFixture.open(data, settings, Clock.system())) {
            Log log = LogFixture.create(directory, settings);
            for (int i = 0; i < 300; i++) {
                Expected record = new Expected(i, i, i + "x".repeat(9000));
                LogFixture.appended(log.append(LogFixture.batch(record.timestampMs(), record.value()), 0));
                model.add(record);
            }
        }
        List<Long> segments = LogFixture.segments(data.resolve("orders-0"));
        Path first = data.resolve("orders-0").resolve(FileNames.ofOffset(segments.getFirst()) + ".log");
        RecordedThreads threads = new RecordedThreads();
        try (LogDirectory directory = open(data, settings, threads)) {
            evict(first);
            Log log = LogFixture.existing(directory);
            // When
            ReadResult.Slice slice = assertInstanceOf(ReadResult.Slice.class, log.read(3, 300_000, log.logEndOffset()));
            slice.release();
            // Then
            assertTrue(threads.names.contains("cold-reads"));
            assertTrue(holds(first, slice.position(), slice.position() + slice.sizeInBytes()));
            assertFalse(holds(first, 0, Files.size(first)), "the kernel has read ahead");
            assertEquals(model, LogFixture.read(log, 0));
        }
    }

    @Test
    void whatWasWrittenLatelyAndIsNoLongerInMemoryIsOld() throws Exception {
        // Given a log that nobody has closed, of which the kernel has kept nothing
        Path data = folder.resolve("data");
        RecordedThreads threads = new RecordedThreads();
        try (LogDirectory directory = open(data, LARGE, threads)) {
            Log log = LogFixture.create(directory, LARGE);
            for (int i = 0; i < 300; i++) {
                LogFixture.appended(log.append(LogFixture.batch(i, "x".repeat(9000)), 0));
            }
            LogFixture.flush(log);
            Path file = data.resolve("orders-0").resolve(FileNames.ofOffset(0) + ".log");
            // When it is still in memory
            assertEquals(Integer.MAX_VALUE, bytesAtOnce(log, 3));
            // Then
            assertFalse(threads.names.contains("cold-reads"));
            // When it is not, and has changed
            int changedAt = (int) Files.size(file) / 4 + 4500;
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[] {'y'}), changedAt);
            }
            evict(file);
            // Then
            assertEquals(ColdReads.PIECE_BYTES, bytesAtOnce(log, 3));
            assertTrue(threads.names.contains("cold-reads"));
            assertFalse(holds(file, 0, Files.size(file)), "the kernel has read ahead");
            // And what has changed is not served, to nobody who comes later either
            for (int i = 0; i < 2; i++) {
                assertInstanceOf(ReadResult.Damaged.class, log.read(75, 300_000, log.logEndOffset()));
            }
        }
    }

    private static LogDirectory open(Path data, LogSettings settings, Threads threads) throws Exception {
        return LogDirectory.open(
                data,
                LogDirectory.Settings.DEFAULTS,
                topic -> settings,
                new Environment(Clock.system(), threads, new Random(1)));
    }

    private static int bytesAtOnce(Log log, long offset) {
        ReadResult.Slice slice = assertInstanceOf(ReadResult.Slice.class, log.read(offset, 300_000, Long.MAX_VALUE));
        slice.release();
        return slice.bytesAtOnce();
    }

    /** The one segment of a log that was closed, with so many batches of a record. */
    private Path written(int batches, int valueBytes) throws Exception {
        Path data = folder.resolve("data");
        try (LogDirectory directory = LogFixture.open(data, LARGE, Clock.system())) {
            Log log = LogFixture.create(directory, LARGE);
            for (int i = 0; i < batches; i++) {
                LogFixture.appended(log.append(LogFixture.batch(i, "x", "y".repeat(valueBytes)), 0));
            }
        }
        return data.resolve("orders-0").resolve(FileNames.ofOffset(0) + ".log");
    }

    @Test
    void nothingThatIsMissingIsMetByAReadOfLargeBatches() throws Exception {
        // Given batches so large that an index, which knows the last offsets, is far behind
        Path file = written(200, 123_935);
        try (LogDirectory directory = LogFixture.open(folder.resolve("data"), LARGE, Clock.system())) {
            evict(file);
            Log log = LogFixture.existing(directory);
            long offset = 0;
            // When they are read, one slice after the other
            for (int i = 0; i < 12; i++) {
                ReadResult.Slice slice =
                        assertInstanceOf(ReadResult.Slice.class, log.read(offset, 1 << 20, log.logEndOffset()));
                long end = slice.position() + slice.sizeInBytes();
                offset = slice.endOffset();
                slice.release();
                // Then the kernel, which would take that for a stream of reads, has not read ahead
                assertFalse(holds(file, end + (1 << 20), end + (1 << 20) + 1), "read ahead of offset " + offset);
            }
        }
    }

    @Test
    void whatIsForgottenWhileAClientReadsSlowlyIsBroughtAgain() throws Exception {
        // Given a slice whose first half was sent when the kernel let go of its file
        Path file = written(600, 9000);
        try (LogDirectory directory = LogFixture.open(folder.resolve("data"), LARGE, Clock.system())) {
            Log log = LogFixture.existing(directory);
            ReadResult.Slice slice = assertInstanceOf(ReadResult.Slice.class, log.read(0, 1 << 20, Long.MAX_VALUE));
            int half = slice.sizeInBytes() / 2;
            evict(file);
            // When
            for (int at = half; at < slice.sizeInBytes(); at += 40_000) {
                int count = Math.min(40_000, slice.sizeInBytes() - at);
                slice.prepare(at, count);
                slice.channel().read(ByteBuffer.allocate(count), at);
            }
            slice.release();
            // Then the kernel has not read ahead, and nothing is there that was not asked for
            assertTrue(holds(file, half, slice.sizeInBytes()));
            assertFalse(holds(file, 0, 1));
            long nextPage = Math.ceilDiv(slice.sizeInBytes(), PAGE_BYTES) * (long) PAGE_BYTES;
            assertFalse(holds(file, nextPage, nextPage + 1));
        }
    }

    /** Remembers the names of the threads that were started. */
    private static final class RecordedThreads implements Threads {
        final ConcurrentLinkedQueue<String> names = new ConcurrentLinkedQueue<>();

        @Override
        public Thread start(String name, Runnable body) {
            names.add(name);
            return Threads.system().start(name, body);
        }

        @Override
        public Thread startBlocking(String name, Runnable body) {
            names.add(name);
            return Threads.system().startBlocking(name, body);
        }
    }
}
