package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogFixture.Expected;
import io.milena.log.LogSettings.Durability;
import io.milena.log.disk.Pace;
import io.milena.log.journal.JournalSettings;
import io.milena.runtime.Environment;
import io.milena.runtime.Threads;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.Moments;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A log moves to another data directory while it lives; a crash anywhere leaves one of two copies, and nothing that was acknowledged is missing. */
class LogMoveTest {
    private static final LogSettings SMALL = LogFixture.small(3000, 100, Durability.FORCED);
    private static final LogDirectory.Settings QUIET =
            new LogDirectory.Settings(100, Long.MAX_VALUE, 16).withJournal(new JournalSettings(8192, 2, 0));
    private static final UUID TOPIC = new UUID(1, 2);
    private static final UUID FIRST = new UUID(10, 1);
    private static final UUID SECOND = new UUID(10, 2);
    private static final int RECORDS = 20;

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final List<Expected> model = new ArrayList<>();

    /** Where the metadata say that the log is; a file in the first directory. */
    private static UUID home(SimulatedFileSystem disk) {
        try {
            return UUID.fromString(Files.readString(first(disk).resolve("home")));
        } catch (IOException e) {
            return FIRST;
        }
    }

    private static Path first(SimulatedFileSystem disk) {
        return disk.root().resolve("first");
    }

    private static Path second(SimulatedFileSystem disk) {
        return disk.root().resolve("second");
    }

    private LogDirectories open(SimulatedFileSystem on) throws IOException {
        LogDirectory.Place metadata = new LogDirectory.Place(first(on), FIRST);
        LogDirectories directories = LogDirectories.open(
                new DirectoryLayout(metadata, List.of(metadata, new LogDirectory.Place(second(on), SECOND)), Map.of()),
                QUIET,
                topic -> SMALL,
                new Environment(clock, Threads.system(), new Random(1)));
        try {
            directories.settleMoves((topic, partition) -> home(on));
            return directories;
        } catch (IOException e) {
            directories.close();
            throw e;
        }
    }

    private Log create(LogDirectories directories) throws IOException, InterruptedException {
        Log log = directories
                .metadataDirectory()
                .create("orders", List.of(0), TOPIC, SMALL)
                .getFirst();
        append(log, RECORDS);
        return log;
    }

    private void append(Log log, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            Expected record = new Expected(log.logEndOffset(), clock.millis(), model.size() + "x".repeat(500));
            LogFixture.appended(
                    log.append(LogFixture.batchOf(7, 0, model.size(), record.timestampMs(), record.value()), 3));
            model.add(record);
        }
        LogFixture.flush(log);
    }

    private LogMove move(LogDirectories directories, UUID from, UUID to) {
        return new LogMove(
                only(directories),
                Objects.requireNonNull(directories.online(from)),
                Objects.requireNonNull(directories.online(to)),
                new Pace(clock, Double.MAX_VALUE));
    }

    private static LogMove.Finisher finisher(LogDirectories directories) {
        return move -> move.finish(() -> {
            directories
                    .metadataDirectory()
                    .replaceFile("home", move.target().id().toString());
            return true;
        });
    }

    private static Log only(LogDirectories directories) {
        assertEquals(1, directories.logs().stream().distinct().count());
        return directories.logs().getFirst();
    }

    private static List<String> foldersOfLogs(Path directory) throws IOException {
        return LogFixture.names(directory).stream()
                .filter(name -> name.startsWith("orders"))
                .toList();
    }

    /** Without what only tells a start that a move is to go on. */
    private static List<String> copies(Path directory) throws IOException {
        return foldersOfLogs(directory).stream()
                .filter(name -> !name.endsWith(FutureFolder.ENDING))
                .toList();
    }

    /** The log is in one directory, whole, and goes on; what is left of the other copy goes. */
    private void assertIn(SimulatedFileSystem on, UUID home) throws IOException, InterruptedException {
        List<Expected> before = List.copyOf(model);
        try (LogDirectories directories = open(on)) {
            Log log = only(directories);
            assertEquals(
                    home, Objects.requireNonNull(directories.directoryOf(log)).id());
            assertEquals(model, LogFixture.read(log, 0));
            assertEquals(3, log.epochAt(0));
            assertEquals(model.size() - 1, log.producers().getFirst().lastSequence());
            append(log, 3);
            directories.opened().forEach(LogDirectory::applyRetention);
        }
        try (LogDirectories directories = open(on)) {
            assertEquals(model, LogFixture.read(only(directories), 0));
            boolean isFirst = home.equals(FIRST);
            assertEquals(isFirst ? List.of("orders-0") : List.of(), copies(first(on)));
            assertEquals(isFirst ? List.of() : List.of("orders-0"), copies(second(on)));
        }
        model.clear();
        model.addAll(before);
    }

    @Test
    void aLogMovesAndGoesOnThere() throws Exception {
        try (LogDirectories directories = open(disk)) {
            Log log = create(directories);
            log.deleteRecordsBefore(5);
            directories.checkpointStartOffsets();
            model.subList(0, 5).clear();
            assertTrue(move(directories, FIRST, SECOND).run(finisher(directories)));
            assertEquals(
                    SECOND, Objects.requireNonNull(directories.directoryOf(log)).id());
            assertEquals(5, log.logStartOffset());
            assertEquals(model, LogFixture.read(log, 5));
            assertFalse(log.isOffline());
            append2(log);
        }
        try (LogDirectories directories = open(disk)) {
            assertEquals(5, only(directories).logStartOffset());
            assertEquals(model, LogFixture.read(only(directories), 5));
        }
    }

    /** With sequences that go on where the model was before old records were deleted. */
    private void append2(Log log) throws InterruptedException {
        Expected record = new Expected(log.logEndOffset(), clock.millis(), "later");
        LogFixture.appended(log.append(LogFixture.batchOf(7, 0, RECORDS, record.timestampMs(), record.value()), 3));
        LogFixture.flush(log);
        model.add(record);
    }

    @Test
    void aLogWithoutRecordsMoves() throws Exception {
        try (LogDirectories directories = open(disk)) {
            directories.metadataDirectory().create("orders", List.of(0), TOPIC, SMALL);
            assertTrue(move(directories, FIRST, SECOND).run(finisher(directories)));
            append(only(directories), 3);
        }
        try (LogDirectories directories = open(disk)) {
            assertEquals(model, LogFixture.read(only(directories), 0));
        }
    }

    @Test
    void aLogMovesThereAndBack() throws Exception {
        try (LogDirectories directories = open(disk)) {
            create(directories);
            assertTrue(move(directories, FIRST, SECOND).run(finisher(directories)));
            assertTrue(move(directories, SECOND, FIRST).run(finisher(directories)));
            append(only(directories), 3);
        }
        assertIn(disk, FIRST);
    }

    @Test
    void whatIsAppendedWhileItMovesIsThere() throws Exception {
        try (LogDirectories directories = open(disk)) {
            Log log = create(directories);
            AtomicBoolean isOver = new AtomicBoolean();
            Thread appending = Thread.ofVirtual().start(() -> {
                try {
                    while (!isOver.get() && model.size() < 5000) {
                        append(log, 1);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            for (int i = 0; i < 5; i++) {
                assertTrue(move(directories, FIRST, SECOND).run(finisher(directories)));
                assertTrue(move(directories, SECOND, FIRST).run(finisher(directories)));
            }
            isOver.set(true);
            appending.join();
            assertTrue(model.size() > RECORDS, "nothing was appended");
            assertEquals(model, LogFixture.read(log, 0));
        }
        assertIn(disk, FIRST);
    }

    @Test
    void retentionWhileItMovesIsFollowed() throws Exception {
        try (LogDirectories directories = open(disk)) {
            Log log = create(directories);
            LogMove move = move(directories, FIRST, SECOND);
            assertTrue(move.run(moving -> {
                // When the first copy is there
                log.deleteRecordsBefore(10);
                directories.metadataDirectory().applyRetention();
                log.movable().seal(1);
                return finisher(directories).finish(moving);
            }));
            model.subList(0, 10).clear();
            assertEquals(model, LogFixture.read(log, 10));
            assertEquals(LogFixture.segments(second(disk).resolve("orders-0")).getFirst(), 10 - 10 % 5);
        }
        try (LogDirectories directories = open(disk)) {
            assertEquals(model, LogFixture.read(only(directories), 10));
        }
    }

    @Test
    void aMoveThatIsCancelledLeavesNothing() throws Exception {
        try (LogDirectories directories = open(disk)) {
            create(directories);
            LogMove move = move(directories, FIRST, SECOND);
            assertFalse(move.run(moving -> {
                moving.cancel();
                return finisher(directories).finish(moving);
            }));
            append(only(directories), 3);
            assertEquals(List.of(), foldersOfLogs(second(disk)));
        }
        assertIn(disk, FIRST);
    }

    @Test
    void aLogThatIsDeletedWhileItMovesIsGone() throws Exception {
        try (LogDirectories directories = open(disk)) {
            Log log = create(directories);
            assertFalse(move(directories, FIRST, SECOND).run(moving -> {
                directories.delete(TOPIC, List.of(log));
                return finisher(directories).finish(moving);
            }));
            assertEquals(List.of(), directories.logs());
            assertEquals(List.of(), foldersOfLogs(second(disk)));
        }
    }

    @Test
    void anErrorInTheTargetLeavesTheLogWhereItIs() throws Exception {
        boolean hasStayed = false;
        boolean isHit = true;
        for (int n = 0; isHit; n++) {
            SimulatedFileSystem fresh = SimulatedFileSystem.create(clock);
            AtomicInteger left = new AtomicInteger(n);
            model.clear();
            try (LogDirectories directories = open(fresh)) {
                create(directories);
                LogMove move = move(directories, FIRST, SECOND);
                fresh.faults(failingOnce(second(fresh), left));
                hasStayed |= !hasMoved(move, directories);
                fresh.faults(DiskFaults.none());
                append(only(directories), 3);
            }
            assertIn(fresh, home(fresh));
            isHit = left.get() < 0;
            assertTrue(isHit || n > 30, "operations: " + n);
        }
        assertTrue(hasStayed);
    }

    private static boolean hasMoved(LogMove move, LogDirectories directories) throws InterruptedException {
        try {
            return move.run(finisher(directories));
        } catch (IOException e) {
            return false;
        }
    }

    /** An operation below a path that changes something fails, after so many that succeed. */
    private static DiskFaults failingOnce(Path below, AtomicInteger left) {
        return (operation, path) -> {
            boolean isChange = operation != DiskOperation.READ && operation != DiskOperation.LIST;
            if (isChange && path.startsWith(below) && left.getAndDecrement() == 0) {
                throw DiskFaults.inputOutputError(path);
            }
        };
    }

    @Test
    void aCrashAtAnyMomentLeavesOneWholeCopy() throws Exception {
        LogFixture.each(LogMoveTest.class, 2, seed -> {
            SimulatedFileSystem fresh = SimulatedFileSystem.create(clock);
            Queue<SimulatedFileSystem> moments;
            model.clear();
            try (LogDirectories directories = open(fresh)) {
                create(directories);
                moments = Moments.of(fresh);
                assertTrue(move(directories, FIRST, SECOND).run(finisher(directories)));
                fresh.faults(DiskFaults.none());
            }
            assertTrue(moments.size() > 50, () -> "only " + moments.size());
            boolean hasStayed = false;
            boolean hasMoved = false;
            for (SimulatedFileSystem moment : moments) {
                Moments.crash(moment, seed);
                SimulatedFileSystem again = moment.copy();
                Queue<SimulatedFileSystem> within = Moments.of(again);
                open(again).close();
                UUID home = home(moment);
                hasStayed |= home.equals(FIRST);
                hasMoved |= home.equals(SECOND);
                assertIn(moment, home);
                SimulatedFileSystem second =
                        within.stream().skip(within.size() / 2).findFirst().orElseThrow();
                Moments.crash(second, seed);
                assertIn(second, home(second));
            }
            assertTrue(hasStayed && hasMoved);
        });
    }

    @Test
    void theOldCopyIsNotServedWhileTheDirectoryOfTheNewOneIsNotThere() throws Exception {
        SimulatedFileSystem crashed;
        try (LogDirectories directories = open(disk)) {
            create(directories);
            Queue<SimulatedFileSystem> moments = Moments.of(disk);
            assertTrue(move(directories, FIRST, SECOND).run(finisher(directories)));
            disk.faults(DiskFaults.none());
            moments.forEach(SimulatedFileSystem::crashKeepingOnlyForced);
            crashed = moments.stream()
                    .filter(moment -> home(moment).equals(SECOND))
                    .findFirst()
                    .orElseThrow();
        }
        assertEquals(List.of("orders-0"), foldersOfLogs(first(crashed)));
        crashed.faults(DiskFaults.failing(DiskOperation.LIST, path -> path.startsWith(second(crashed)), 0, 1 << 30));
        try (LogDirectories directories = open(crashed)) {
            assertNull(directories.log("orders", 0));
            assertEquals(List.of("orders-0"), foldersOfLogs(first(crashed)));
        }
        crashed.faults(DiskFaults.none());
        assertIn(crashed, SECOND);
    }

    @Test
    void twoCopiesThatNobodyHasMovedAreRefused() throws Exception {
        try (LogDirectories directories = open(disk)) {
            create(directories);
            Objects.requireNonNull(directories.online(SECOND)).create("orders", List.of(0), TOPIC, SMALL);
            Log other =
                    Objects.requireNonNull(directories.online(SECOND)).logs().getFirst();
            LogFixture.appended(other.append(LogFixture.batch(clock.millis(), "other"), 0));
        }
        assertThrows(IOException.class, () -> open(disk).close());
    }
}
