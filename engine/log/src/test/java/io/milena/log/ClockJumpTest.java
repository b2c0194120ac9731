package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogSettings.Durability;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A clock that jumps: what grows old and what does not. */
class ClockJumpTest {
    private static final long YEAR_MS = TimeUnit.DAYS.toMillis(365);
    private static final long HOUR_MS = TimeUnit.HOURS.toMillis(1);

    private final HandClock clock = new HandClock();

    @Test
    void nothingIsDeletedBecauseOfADateThatIsSetRightAgain() throws Exception {
        LogSettings settings = LogFixture.small(1000, 100, Durability.FORCED).withRetention(24 * HOUR_MS, -1);
        LogDirectory.Settings never = new LogDirectory.Settings(100, Long.MAX_VALUE, 16);
        SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        try (LogDirectory directory = LogFixture.open(disk.root().resolve("data"), never, settings, clock)) {
            Log log = LogFixture.create(directory, settings);
            for (int i = 0; i < 20; i++) {
                LogFixture.appended(log.append(LogFixture.batchOf(7, 0, i, clock.millis(), "x".repeat(200)), 0));
            }
            LogFixture.flush(log);
            // When
            clock.jumpMs(YEAR_MS);
            directory.applyRetention();
            clock.jumpMs(-2 * YEAR_MS);
            directory.applyRetention();
            clock.jumpMs(YEAR_MS);
            directory.applyRetention();
            // Then
            assertEquals(0, log.logStartOffset());
            assertEquals(20, LogFixture.read(log, 0).size());
            assertEquals(1, log.producers().size());
            LogFixture.appended(log.append(LogFixture.batchOf(7, 0, 20, clock.millis(), "next"), 0));
            // When the time has really passed
            clock.advanceMs(24 * HOUR_MS + 1);
            LogFixture.flush(log);
            directory.applyRetention();
            // Then
            assertTrue(log.logStartOffset() > 0);
        }
    }
}
