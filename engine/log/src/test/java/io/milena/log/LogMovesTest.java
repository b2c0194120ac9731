package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogFixture.Expected;
import io.milena.log.LogSettings.Durability;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.runtime.Signal;
import io.milena.runtime.Threads;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.Moments;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Moves go on after a restart, several at a time, and end where a disk does not work. */
@Timeout(120)
class LogMovesTest {
    private static final LogSettings SMALL = LogFixture.small(3000, 100, Durability.FORCED);
    private static final LogDirectory.Settings QUIET = new LogDirectory.Settings(100, Long.MAX_VALUE, 16);
    private static final UUID TOPIC = new UUID(1, 2);
    private static final UUID FIRST = new UUID(10, 1);
    private static final UUID SECOND = new UUID(10, 2);
    private static final LogMoves.Settings FAST = new LogMoves.Settings(() -> Double.MAX_VALUE, 2);
    /** So slow that on a clock that stands still no move comes to its end. */
    private static final LogMoves.Settings SLOW = new LogMoves.Settings(() -> 1, 2);

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);

    /** Where the metadata say that a log is; files in a directory of their own. */
    private static UUID home(SimulatedFileSystem on, int partition) {
        try {
            return UUID.fromString(
                    Files.readString(on.root().resolve("metadata").resolve("home-" + partition)));
        } catch (IOException e) {
            return FIRST;
        }
    }

    private static Path first(SimulatedFileSystem on) {
        return on.root().resolve("first");
    }

    private static Path second(SimulatedFileSystem on) {
        return on.root().resolve("second");
    }

    private LogDirectories open(SimulatedFileSystem on) throws IOException {
        LogDirectory.Place metadata = new LogDirectory.Place(on.root().resolve("metadata"), new UUID(10, 0));
        List<LogDirectory.Place> logs =
                List.of(new LogDirectory.Place(first(on), FIRST), new LogDirectory.Place(second(on), SECOND));
        LogDirectories directories = LogDirectories.open(
                new DirectoryLayout(metadata, logs, Map.of()),
                QUIET,
                topic -> SMALL,
                new Environment(clock, Threads.system(), new Random(1)));
        try {
            directories.settleMoves((topic, partition) -> topic.equals(TOPIC) ? home(on, partition) : null);
            return directories;
        } catch (IOException e) {
            directories.close();
            throw e;
        }
    }

    private static LogMove.Finisher finisher(LogDirectories directories) {
        return move -> move.finish(() -> {
            String home = move.target().id().toString();
            directories.metadataDirectory().replaceFile("home-" + move.log().partition(), home);
            return true;
        });
    }

    private static LogDirectory directory(LogDirectories directories, UUID id) {
        return Objects.requireNonNull(directories.online(id));
    }

    private static void begin(LogDirectories directories, Log log) {
        directories.moves().begin(log, directory(directories, FIRST), directory(directories, SECOND));
        directories.moves().remember();
    }

    /** Logs with ten records each, in the first directory. */
    private List<Log> create(LogDirectories directories, int count) throws IOException, InterruptedException {
        List<Integer> partitions = IntStream.range(0, count).boxed().toList();
        List<Log> logs = directory(directories, FIRST).create("orders", partitions, TOPIC, SMALL);
        for (Log log : logs) {
            for (int i = 0; i < 10; i++) {
                LogFixture.appended(log.append(LogFixture.batch(clock.millis(), i + "x".repeat(500)), 3));
            }
            LogFixture.flush(log);
        }
        return logs;
    }

    private static void assertWhole(Log log) throws IOException {
        List<Expected> found = LogFixture.read(log, 0);
        assertEquals(10, found.size());
        for (int i = 0; i < found.size(); i++) {
            assertEquals(i + "x".repeat(500), found.get(i).value());
        }
    }

    private static void awaitNoMoves(LogDirectories directories) {
        Deadline patience = Deadline.afterMs(Clock.system(), 60_000);
        while (!directories.moves().all().isEmpty()) {
            assertFalse(patience.isPast(), "the moves do not end");
            Thread.onSpinWait();
        }
    }

    private static List<String> traces(Path directory) throws IOException {
        return LogFixture.names(directory).stream()
                .filter(name -> name.startsWith("orders"))
                .toList();
    }

    private static List<UUID> places(LogDirectories directories) {
        return directories.logs().stream()
                .map(log -> Objects.requireNonNull(directories.directoryOf(log)).id())
                .toList();
    }

    @Test
    void movesThatAreNotOverGoOnAfterARestart() throws Exception {
        try (LogDirectories directories = open(disk)) {
            List<Log> logs = create(directories, 3);
            directories.moves().start(finisher(directories), SLOW);
            logs.forEach(log -> begin(directories, log));
        }
        try (LogDirectories directories = open(disk)) {
            directories.moves().start(finisher(directories), SLOW);
            List<LogMove> moves = directories.moves().all();
            assertEquals(3, moves.size());
            assertTrue(moves.stream().allMatch(move -> move.target().id().equals(SECOND) && move.offsetLag() > 0));
            assertEquals(List.of(FIRST, FIRST, FIRST), places(directories));
        }
        try (LogDirectories directories = open(disk)) {
            directories.moves().start(finisher(directories), FAST);
            awaitNoMoves(directories);
            assertEquals(List.of(SECOND, SECOND, SECOND), places(directories));
            for (Log log : directories.logs()) {
                assertWhole(log);
            }
            directories.opened().forEach(LogDirectory::applyRetention);
        }
        assertEquals(List.of("orders-0", "orders-1", "orders-2"), traces(second(disk)));
    }

    @Test
    void whatWasAnsweredIsRememberedAfterAPowerCut() throws Exception {
        SimulatedFileSystem crashed;
        try (LogDirectories directories = open(disk)) {
            List<Log> logs = create(directories, 3);
            directories.moves().start(finisher(directories), new LogMoves.Settings(() -> 1, 1));
            logs.forEach(log -> begin(directories, log));
            crashed = disk.copy();
        }
        crashed.crashKeepingOnlyForced();
        try (LogDirectories directories = open(crashed)) {
            directories.moves().start(finisher(directories), FAST);
            awaitNoMoves(directories);
            assertEquals(List.of(SECOND, SECOND, SECOND), places(directories));
        }
    }

    @Test
    void aMoveThatIsTakenBackDoesNotGoOn() throws Exception {
        try (LogDirectories directories = open(disk)) {
            List<Log> logs = create(directories, 3);
            directories.moves().start(finisher(directories), SLOW);
            logs.forEach(log -> begin(directories, log));
            logs.forEach(log ->
                    directories.moves().begin(log, directory(directories, FIRST), directory(directories, FIRST)));
            assertEquals(List.of(), directories.moves().all());
        }
        assertEquals(List.of(), traces(second(disk)));
        try (LogDirectories directories = open(disk)) {
            directories.moves().start(finisher(directories), FAST);
            assertEquals(List.of(), directories.moves().all());
            assertEquals(List.of(FIRST, FIRST, FIRST), places(directories));
        }
    }

    /** As the broker does it: nobody asks for a move, or takes one back, while another ends. */
    private static boolean locked(ReentrantLock metadata, Movable.Work work) throws IOException, InterruptedException {
        metadata.lock();
        try {
            return work.isDone();
        } finally {
            metadata.unlock();
        }
    }

    private static boolean beginWhereItIsNot(LogDirectories directories, Log log) {
        boolean isThere = places(directories).equals(List.of(SECOND));
        if (!isThere) {
            begin(directories, log);
        }
        return !isThere;
    }

    @Test
    void aMoveThatIsTakenBackAndAskedForAgainIsCarriedOut() throws Exception {
        try (LogDirectories directories = open(disk)) {
            Log log = create(directories, 1).getFirst();
            ReentrantLock metadata = new ReentrantLock();
            directories
                    .moves()
                    .start(move -> locked(metadata, () -> finisher(directories).finish(move)), FAST);
            for (int i = 0; i < 50; i++) {
                locked(metadata, () -> beginWhereItIsNot(directories, log));
                locked(metadata, () -> {
                    directories.moves().cancel(log);
                    return true;
                });
            }
            locked(metadata, () -> beginWhereItIsNot(directories, log));
            awaitNoMoves(directories);
            assertEquals(List.of(SECOND), places(directories));
            assertWhole(log);
        }
    }

    @Test
    void whatIsOnItsWayOfATopicThatIsGoneIsDeleted() throws Exception {
        open(disk).close();
        LogIdentity gone = LogIdentity.of(second(disk), "gone", 0, new UUID(7, 7));
        new FutureFolder(TrashedPartition.beside(gone, FutureFolder.ENDING), gone.topicId(), 0).make();
        try (LogDirectories directories = open(disk)) {
            directories.moves().start(finisher(directories), FAST);
            directories.opened().forEach(LogDirectory::applyRetention);
        }
        assertFalse(LogFixture.names(second(disk)).stream().anyMatch(name -> name.startsWith("gone")));
    }

    @Test
    void asManyMoveAtATimeAsThereAreThreads() throws Exception {
        try (LogDirectories directories = open(disk)) {
            List<Log> logs = create(directories, 4);
            AtomicInteger arrived = new AtomicInteger();
            Signal changed = new Signal();
            LogMove.Finisher together = move -> {
                arrived.incrementAndGet();
                changed.raise();
                return changed.await(() -> arrived.get() >= 2, Deadline.afterMs(Clock.system(), 60_000))
                        && finisher(directories).finish(move);
            };
            directories.moves().start(together, FAST);
            logs.forEach(log -> begin(directories, log));
            awaitNoMoves(directories);
            assertEquals(List.of(SECOND, SECOND, SECOND, SECOND), places(directories));
        }
    }

    @Test
    void aCrashAtAnyMomentIsFollowedByTheRestOfTheMove() throws Exception {
        LogFixture.each(LogMovesTest.class, 2, seed -> {
            SimulatedFileSystem fresh = SimulatedFileSystem.create(clock);
            Queue<SimulatedFileSystem> moments;
            try (LogDirectories directories = open(fresh)) {
                Log log = create(directories, 1).getFirst();
                moments = Moments.of(fresh);
                directories.moves().start(finisher(directories), FAST);
                begin(directories, log);
                awaitNoMoves(directories);
                fresh.faults(DiskFaults.none());
            }
            int goneOn = 0;
            for (SimulatedFileSystem moment : moments) {
                Moments.crash(moment, seed);
                boolean isKnown = !traces(second(moment)).isEmpty();
                boolean hasMoved = home(moment, 0).equals(SECOND);
                try (LogDirectories directories = open(moment)) {
                    directories.moves().start(finisher(directories), FAST);
                    awaitNoMoves(directories);
                    assertEquals(List.of(isKnown ? SECOND : FIRST), places(directories));
                    assertWhole(directories.logs().getFirst());
                }
                goneOn += isKnown && !hasMoved ? 1 : 0;
            }
            assertTrue(goneOn > 20, "gone on: " + goneOn);
        });
    }

    /** The disk of the first directory fails from one operation of the move on. */
    @Test
    void aSourceThatFailsEndsTheMoveAndIsOfflineWithTheLog() throws Exception {
        boolean hasFailed = false;
        boolean isHit = true;
        for (int n = 0; isHit; n++) {
            SimulatedFileSystem fresh = SimulatedFileSystem.create(clock);
            AtomicInteger left = new AtomicInteger(n);
            try (LogDirectories directories = open(fresh)) {
                Log log = create(directories, 1).getFirst();
                directories.moves().start(finisher(directories), FAST);
                fresh.faults(failingFrom(first(fresh), left));
                begin(directories, log);
                awaitNoMoves(directories);
                isHit = left.get() < 0;
                UUID home = home(fresh, 0);
                if (home.equals(FIRST)) {
                    assertTrue(directories.opened().get(1).isOffline(), "operations: " + n);
                    assertTrue(log.isOffline());
                    assertEquals(List.of(), copies(second(fresh)));
                    hasFailed = true;
                } else {
                    assertFalse(log.isOffline());
                    assertWhole(log);
                }
                fresh.faults(DiskFaults.none());
            }
            try (LogDirectories directories = open(fresh)) {
                directories.moves().start(finisher(directories), FAST);
                awaitNoMoves(directories);
                assertEquals(List.of(SECOND), places(directories));
                assertWhole(directories.logs().getFirst());
            }
            assertTrue(n < 200);
        }
        assertTrue(hasFailed);
    }

    private static List<String> copies(Path directory) throws IOException {
        return traces(directory).stream()
                .filter(name -> !name.endsWith(FutureFolder.ENDING))
                .toList();
    }

    private static DiskFaults failingFrom(Path below, AtomicInteger left) {
        return (operation, path) -> {
            if (path.startsWith(below) && left.getAndDecrement() <= 0) {
                throw DiskFaults.inputOutputError(path);
            }
        };
    }

    @Test
    void whatCannotBeReadOfTheSourceEndsTheMoveAndTheLogStays() throws Exception {
        try (LogDirectories directories = open(disk)) {
            Log log = create(directories, 1).getFirst();
            directories.moves().start(finisher(directories), FAST);
            disk.faults(DiskFaults.failing(
                    DiskOperation.READ,
                    path -> path.startsWith(first(disk)) && path.toString().endsWith(".log"),
                    1,
                    1));
            begin(directories, log);
            awaitNoMoves(directories);
            disk.faults(DiskFaults.none());
            assertFalse(log.isOffline());
            assertEquals(List.of(FIRST), places(directories));
            assertEquals(List.of(), traces(second(disk)));
            assertWhole(log);
        }
    }

    @Test
    void aMoveThatCannotBeNotedLeavesTheLogWhereItIsAndItMayMoveLater() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (LogDirectories directories = open(disk)) {
            Log log = create(directories, 1).getFirst();
            LogMove.Finisher noted = finisher(directories);
            LogMove.Finisher last =
                    move -> tries.getAndIncrement() == 0 ? move.finish(() -> false) : noted.finish(move);
            directories.moves().start(last, FAST);
            begin(directories, log);
            awaitNoMoves(directories);
            assertFalse(log.isOffline());
            assertEquals(List.of(FIRST), places(directories));
            begin(directories, log);
            awaitNoMoves(directories);
            LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "after the move"), 3));
        }
        try (LogDirectories directories = open(disk)) {
            assertEquals(List.of(SECOND), places(directories));
            assertEquals(11, LogFixture.read(directories.logs().getFirst(), 0).size());
        }
    }
}
