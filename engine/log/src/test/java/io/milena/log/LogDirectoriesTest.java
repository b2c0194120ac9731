package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogSettings.Durability;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.runtime.Signal;
import io.milena.runtime.Threads;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Two data directories, one of which fails. */
class LogDirectoriesTest {
    private static final LogSettings SMALL = LogFixture.small(3000, 100, Durability.FORCED);
    private static final LogDirectory.Settings QUIET =
            new LogDirectory.Settings(100, Long.MAX_VALUE, 16).withTrash(1_000_000);
    private static final UUID TOPIC = new UUID(1, 2);
    private static final UUID FIRST = new UUID(10, 1);
    private static final UUID SECOND = new UUID(10, 2);

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final Path first = disk.root().resolve("first");
    private final Path second = disk.root().resolve("second");

    private LogDirectories open() throws IOException {
        LogDirectory.Place metadata = new LogDirectory.Place(first, FIRST);
        return LogDirectories.open(
                new DirectoryLayout(metadata, List.of(metadata, new LogDirectory.Place(second, SECOND)), Map.of()),
                QUIET,
                topic -> SMALL,
                new Environment(clock, Threads.system(), new Random(1)));
    }

    private static LogDirectory directory(LogDirectories directories, UUID id) {
        return Objects.requireNonNull(directories.online(id));
    }

    /** Partition 0 is in the first, 1 and 2 are in the second. */
    private static void create(LogDirectories directories) throws IOException {
        directory(directories, FIRST).create("orders", List.of(0), TOPIC, SMALL);
        directory(directories, SECOND).create("orders", List.of(1, 2), TOPIC, SMALL);
    }

    private static Log log(LogDirectories directories, int partition) {
        return Objects.requireNonNull(directories.log("orders", partition));
    }

    private AppendResult append(Log log) {
        return log.append(LogFixture.batch(clock.millis(), "x".repeat(500)), 0);
    }

    private void appendAndFlush(LogDirectories directories) throws InterruptedException {
        for (int partition = 0; partition < 3; partition++) {
            LogFixture.appended(append(log(directories, partition)));
            LogFixture.flush(log(directories, partition));
        }
    }

    private DiskFaults onSecond(DiskOperation operation) {
        return DiskFaults.failing(operation, path -> path.startsWith(second), 0, Integer.MAX_VALUE);
    }

    /** The failure has taken the second directory, and nothing else. */
    private void assertOnlySecondIsOffline(LogDirectories directories) {
        assertTrue(log(directories, 1).isOffline());
        assertTrue(log(directories, 2).isOffline());
        LogFixture.assertRefused(AppendResult.Reason.KAFKA_STORAGE_ERROR, append(log(directories, 2)));
        assertFalse(log(directories, 0).isOffline());
        LogFixture.appended(append(log(directories, 0)));
        assertNull(directories.online(SECOND));
        assertNull(directories.online(second));
        assertNotNull(directories.online(first));
        assertFalse(directories.areAllOnline());
    }

    private void assertAllIsThereAfterAStart() throws IOException {
        disk.faults(DiskFaults.none());
        try (LogDirectories directories = open()) {
            for (int partition = 0; partition < 3; partition++) {
                assertTrue(log(directories, partition).logEndOffset() >= 1);
                assertEquals(
                        0,
                        LogFixture.read(log(directories, partition), 0)
                                .getFirst()
                                .offset());
            }
        }
    }

    /** Neither is listed to its end before the other has begun. */
    @Test
    void theyAreOpenedSideBySide() throws Exception {
        try (LogDirectories directories = open()) {
            create(directories);
            appendAndFlush(directories);
        }
        Set<Path> begun = ConcurrentHashMap.newKeySet();
        Signal changed = new Signal();
        disk.faults((operation, path) -> {
            if (operation == DiskOperation.LIST && (path.equals(first) || path.equals(second))) {
                begun.add(path);
                changed.raise();
                awaitBoth(begun, changed);
            }
        });
        try (LogDirectories directories = open()) {
            assertTrue(directories.areAllOnline());
            assertEquals(Set.of(first, second), begun);
        }
    }

    private static void awaitBoth(Set<Path> begun, Signal changed) throws IOException {
        try {
            if (!changed.await(() -> begun.size() == 2, Deadline.afterMs(Clock.system(), 30_000))) {
                throw new IOException("the other directory is not opened meanwhile");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void aFailedWriteTakesItsDirectoryOfflineAndNoOther() throws Exception {
        try (LogDirectories directories = open()) {
            create(directories);
            appendAndFlush(directories);
            disk.faults(onSecond(DiskOperation.WRITE));
            LogFixture.assertRefused(AppendResult.Reason.KAFKA_STORAGE_ERROR, append(log(directories, 1)));
            assertOnlySecondIsOffline(directories);
        }
        assertAllIsThereAfterAStart();
    }

    @Test
    void aFailedForceTakesItsDirectoryOfflineAndNoOther() throws Exception {
        try (LogDirectories directories = open()) {
            create(directories);
            appendAndFlush(directories);
            disk.faults(onSecond(DiskOperation.FORCE));
            LogFixture.appended(append(log(directories, 1)));
            LogFixture.flush(log(directories, 1));
            assertEquals(1, log(directories, 1).flushedOffset());
            assertOnlySecondIsOffline(directories);
        }
        assertAllIsThereAfterAStart();
    }

    @Test
    void aDirectoryThatHousekeepingCannotWriteToGoesOffline() throws Exception {
        try (LogDirectories directories = open()) {
            create(directories);
            appendAndFlush(directories);
            disk.faults(onSecond(DiskOperation.FORCE));
            directory(directories, SECOND).applyRetention();
            assertOnlySecondIsOffline(directories);
        }
        assertAllIsThereAfterAStart();
    }

    @Test
    void aDirectoryThatCannotBeReadAtTheStartIsLeftOut() throws Exception {
        try (LogDirectories directories = open()) {
            create(directories);
            appendAndFlush(directories);
        }
        disk.faults(onSecond(DiskOperation.LIST));
        try (LogDirectories directories = open()) {
            assertFalse(directories.areAllOnline());
            assertNull(directories.online(SECOND));
            assertNull(directories.log("orders", 1));
            LogFixture.appended(append(log(directories, 0)));
        }
        assertAllIsThereAfterAStart();
    }

    @Test
    void theDirectoryOfTheMetadataMustWork() {
        disk.faults(DiskFaults.failing(DiskOperation.LIST, path -> path.startsWith(first), 0, Integer.MAX_VALUE));
        assertThrows(IOException.class, this::open);
        disk.faults(DiskFaults.none());
    }

    @Test
    void newPartitionsGoWhereTheFewestAre() throws Exception {
        try (LogDirectories directories = open()) {
            create(directories);
            Placement placement = directories.placement();
            assertEquals(List.of(FIRST, FIRST, SECOND), List.of(placement.next(), placement.next(), placement.next()));
            disk.faults(onSecond(DiskOperation.WRITE));
            LogFixture.assertRefused(AppendResult.Reason.KAFKA_STORAGE_ERROR, append(log(directories, 1)));
            assertEquals(FIRST, directories.placement().next());
        }
    }

    @Test
    void aDirectoryShortOfSpaceIsPassedByWhileAnotherIsNot() throws Exception {
        Placement.Candidate crowded = new Placement.Candidate(FIRST, 9, false);
        assertEquals(FIRST, new Placement(List.of(crowded, new Placement.Candidate(SECOND, 1, true))).next());
        assertThrows(IOException.class, () -> new Placement(List.of()).next());
    }

    private DeletedTopic deleted() {
        return new DeletedTopic("orders", TOPIC, 3, 0, clock.millis(), Map.of(), List.of(FIRST, SECOND), List.of());
    }

    private static void delete(LogDirectories directories, DeletedTopic topic) throws IOException {
        List<Log> logs = directories.logs();
        directories.deletedTopics().announce(topic, logs);
        directories.delete(TOPIC, logs);
    }

    @Test
    void aDeletedTopicComesBackFromAllDirectories() throws Exception {
        try (LogDirectories directories = open()) {
            create(directories);
            appendAndFlush(directories);
            delete(directories, deleted());
            assertEquals(List.of(), directories.logs());
        }
        try (LogDirectories directories = open()) {
            directories.deletedTopics().settle();
            TopicTrash.Entry entry = directories.deletedTopics().topics().getFirst();
            assertEquals(deleted(), entry.topic());
            assertEquals(SECOND, directories.deletedTopics().directoryOf(TOPIC, 2));
            assertTrue(directories.deletedTopics().claim(TOPIC));
            assertFalse(directories.deletedTopics().claim(TOPIC));
            directories.restore(TOPIC, "orders", SMALL);
            assertEquals(List.of(), directories.deletedTopics().deletedTopics());
            assertEquals(3, directories.logs().size());
        }
        assertAllIsThereAfterAStart();
    }

    @Test
    void whatAControllerWantsToRestoreIsKeptUntilALaterOneHasDecidedSomething() throws Exception {
        try (LogDirectories directories = open()) {
            create(directories);
            appendAndFlush(directories);
            delete(directories, deleted());
            DeletedTopics trash = directories.deletedTopics();
            // Given
            assertTrue(trash.claim(TOPIC, 5));
            assertTrue(trash.claim(TOPIC, 5), "asked again");
            assertEquals(Set.of(0, 1, 2), trash.topics().getFirst().held());
            // Then nobody else has it
            assertFalse(trash.claim(TOPIC, 4));
            assertFalse(trash.claim(TOPIC));
            trash.release(TOPIC, 4);
            trash.releaseEarlier(5);
            assertFalse(directories.opened().getFirst().topicTrash().emptyOldest());
            // And when a later one wants it
            assertTrue(trash.claim(TOPIC, 6));
            trash.release(TOPIC, 5);
            trash.releaseEarlier(6);
            assertFalse(directories.opened().getFirst().topicTrash().emptyOldest());
            // And when a later one has decided something else
            trash.releaseEarlier(7);
            assertTrue(trash.claim(TOPIC, 7));
            trash.release(TOPIC, 7);
            assertTrue(directories.opened().getFirst().topicTrash().emptyOldest());
            assertFalse(trash.claim(new UUID(9, 9), 8), "there is no such topic");
        }
    }

    @Test
    void aTopicThatIsDeletedWhileADirectoryIsOfflineComesBackWhenThatDoes() throws Exception {
        try (LogDirectories directories = open()) {
            create(directories);
            appendAndFlush(directories);
            disk.faults(onSecond(DiskOperation.WRITE));
            LogFixture.assertRefused(AppendResult.Reason.KAFKA_STORAGE_ERROR, append(log(directories, 1)));
            delete(directories, deleted());
            assertEquals(List.of(), directories.deletedTopics().deletedTopics());
        }
        disk.faults(DiskFaults.none());
        try (LogDirectories directories = open()) {
            DeletedTopic asFound = new DeletedTopic("orders", TOPIC, 3, 0, clock.millis() + 5, Map.of());
            List<Log> strays = directories.logs();
            assertEquals(2, strays.size());
            directories.deletedTopics().announceStrays(asFound, strays);
            directories.delete(TOPIC, strays);
            directories.deletedTopics().settle();
            assertEquals(List.of(deleted()), directories.deletedTopics().deletedTopics());
            assertTrue(directories.deletedTopics().claim(TOPIC));
            directories.restore(TOPIC, "orders", SMALL);
        }
        assertAllIsThereAfterAStart();
    }
}
