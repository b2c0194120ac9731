package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogSettings.Durability;
import io.milena.log.journal.JournalSettings;
import io.milena.runtime.Clock;
import io.milena.runtime.Threads;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** How much that a few logs have is forced in the place of a round of the journal. */
class ForcingTest {
    private static final LogSettings SETTINGS = LogFixture.small(20_000, 100, Durability.FORCED);
    private static final long NEVER = Long.MAX_VALUE;

    private static LogDirectory open(Path path, Clock clock) throws IOException {
        LogDirectory.Settings settings =
                new LogDirectory.Settings(NEVER, NEVER, 16).withJournal(new JournalSettings(1 << 16, 2, 0));
        return LogFixture.open(path, settings, SETTINGS, clock);
    }

    /** Logs of which something is on disk in the journal only. */
    private static List<Log> journaled(LogDirectory directory, List<Integer> partitions)
            throws IOException, InterruptedException {
        List<Log> logs = directory.create("orders", partitions, new UUID(1, 2), SETTINGS);
        for (Log log : logs) {
            for (int i = 0; i < 2; i++) {
                LogFixture.appended(log.append(LogFixture.batch(0, "x"), 3));
                LogFixture.flush(log);
            }
            assertTrue(log.durability().isAhead());
        }
        return logs;
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void manyLogsAreForcedAtOnceWhereTheSystemCan(@TempDir Path path) throws Exception {
        Clock clock = Clock.system();
        try (LogDirectory directory = open(path, clock)) {
            // Given
            List<Log> logs = journaled(directory, List.of(0, 1, 2));
            Forcing forcing = new Forcing(path, clock, Threads.system());
            assertTrue(forcing.mayForceMuch(logs.size()));
            // When
            forcing.forceMuch(logs, 3, logs.getFirst().services().flusher());
            forcing.close();
            // Then
            for (Log log : logs) {
                assertEquals(2, log.durability().forcedOffset());
                assertFalse(log.durability().isAhead());
            }
        }
    }

    /** On a slow disk a journal, which is written besides, would take longer still. */
    @Test
    void whatIsSlowIsSoForItsSize() throws Exception {
        HandClock clock = new HandClock();
        SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        Path path = disk.root().resolve("data");
        try (LogDirectory directory = open(path, clock)) {
            // Given
            List<Log> logs = journaled(directory, List.of(0));
            disk.faults((operation, file) -> {
                if (operation == DiskOperation.FORCE && LogFixture.isSegment(file)) {
                    clock.advanceMs(1_000);
                }
            });
            Forcing forcing = new Forcing(path, clock, Threads.system());
            // When
            forcing.forceMuch(logs, 50_000_000, logs.getFirst().services().flusher());
            // Then
            assertTrue(forcing.mayForceMuch(1));
            assertFalse(forcing.mayForceMuch(3));
            // When
            forcing.forceMuch(logs, 49_000_000, logs.getFirst().services().flusher());
            // Then
            assertFalse(forcing.mayForceMuch(1));
        }
    }
}
