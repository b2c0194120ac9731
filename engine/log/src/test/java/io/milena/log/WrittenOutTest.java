package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.milena.log.LogSettings.Durability;
import io.milena.log.disk.CLibrary;
import io.milena.log.disk.LinuxPageCache;
import io.milena.log.disk.PageCache;
import io.milena.log.journal.JournalSettings;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written out is on the real disk, where the kernel tells what is not, although nobody has forced it. */
class WrittenOutTest {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final long SYS_CACHESTAT = 451;
    private static final long NEVER = Long.MAX_VALUE;
    private static final int BYTES = 1 << 20;

    @TempDir
    Path folder;

    @BeforeEach
    void needsLinux() throws Exception {
        assumeTrue(CLibrary.isFor(folder));
        Path probe = Files.write(folder.resolve("probe"), new byte[BYTES]);
        assumeTrue(unwrittenPages(probe, BYTES) > 0, "the kernel does not tell what is not on the disk");
    }

    /** Of the first bytes of a file: pages that are dirty, or on their way. */
    private static long unwrittenPages(Path file, long bytes) {
        MethodHandle open = CLibrary.function(
                "open", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, INT), Linker.Option.firstVariadicArg(2));
        MethodHandle cachestat = CLibrary.function(
                "syscall",
                FunctionDescriptor.of(LONG, LONG, LONG, ValueLayout.ADDRESS, ValueLayout.ADDRESS, LONG),
                Linker.Option.firstVariadicArg(1));
        MethodHandle close = CLibrary.function("close", FunctionDescriptor.of(INT, INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CLibrary.STATE);
            int descriptor = (int) open.invoke(state, arena.allocateFrom(file.toString()), 0);
            MemorySegment range = arena.allocate(LONG, 2);
            range.setAtIndex(LONG, 1, bytes);
            MemorySegment counts = arena.allocate(LONG, 5);
            long ignored = (long) cachestat.invoke(state, SYS_CACHESTAT, (long) descriptor, range, counts, 0L);
            assertEquals(0, (int) close.invoke(state, descriptor));
            return counts.getAtIndex(LONG, 1) + counts.getAtIndex(LONG, 2);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void writeOut(Path file) throws Exception {
        try (PageCache.View view = LinuxPageCache.of(file).orElseThrow().open(file)) {
            view.writeOut(0, BYTES);
        }
    }

    @Test
    void aPartOfAFile() throws Exception {
        Path file = Files.write(folder.resolve("file"), new byte[2 * BYTES]);
        writeOut(file);
        assertEquals(0, unwrittenPages(file, BYTES));
    }

    @Test
    void ofAFileThatIsGoneThereIsNothing() throws Exception {
        writeOut(folder.resolve("gone"));
    }

    @Test
    void whatTheJournalHas() throws Exception {
        LogSettings settings = LogFixture.small(8 * BYTES, 4096, Durability.FORCED);
        LogDirectory.Settings journaled =
                new LogDirectory.Settings(NEVER, NEVER, 16).withJournal(new JournalSettings(4 * BYTES, 2, 0));
        try (LogDirectory directory = LogFixture.open(folder.resolve("data"), journaled, settings, Clock.system())) {
            // Given a log whose first record is forced
            Log log = LogFixture.create(directory, settings);
            LogFixture.appended(log.append(LogFixture.batch(0, "x"), 3));
            LogFixture.flush(log);
            // When
            while (log.sizeInBytes() < 2 * WriteBehind.PIECE_BYTES) {
                LogFixture.appended(log.append(LogFixture.batch(0, "x".repeat(100_000)), 3));
                LogFixture.flush(log);
            }
            // Then
            Path file = log.identity().directory().resolve(FileNames.ofOffset(0) + ".log");
            Deadline patience = Deadline.afterMs(Clock.system(), 10_000);
            while (unwrittenPages(file, WriteBehind.PIECE_BYTES) > 0 && !patience.isPast()) {
                Thread.onSpinWait();
            }
            assertEquals(0, unwrittenPages(file, WriteBehind.PIECE_BYTES));
            assertTrue(log.durability().isAhead());
        }
    }
}
