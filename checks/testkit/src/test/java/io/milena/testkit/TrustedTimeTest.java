package io.milena.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.runtime.TrustedTime;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The time that records grow old by, when the clock jumps. */
class TrustedTimeTest {
    private static final long YEAR_MS = TimeUnit.DAYS.toMillis(365);
    private static final long HOUR_MS = TimeUnit.HOURS.toMillis(1);
    private static final long START = HandClock.START_MS;

    private final HandClock clock = new HandClock();
    private final TrustedTime time = new TrustedTime(clock);

    @Test
    void isTheWallClockAsLongAsThatGoesItsWay() {
        clock.advanceMs(YEAR_MS);
        assertEquals(START + YEAR_MS, time.millis());
        clock.jumpMs(TimeUnit.MINUTES.toMillis(10));
        assertEquals(clock.millis(), time.millis());
        clock.jumpMs(-YEAR_MS);
        assertEquals(clock.millis(), time.millis());
    }

    @Test
    void aJumpAheadThatIsTakenBackWithinTheHourNeverWas() {
        clock.jumpMs(YEAR_MS);
        assertEquals(START, time.millis());
        clock.advanceMs(HOUR_MS - 1);
        assertEquals(START + HOUR_MS - 1, time.millis());
        clock.jumpMs(-YEAR_MS);
        assertEquals(START + HOUR_MS - 1, time.millis());
        clock.advanceMs(2 * HOUR_MS);
        assertEquals(START + 3 * HOUR_MS - 1, time.millis());
    }

    @Test
    void aJumpAheadThatStaysIsBelievedAfterAnHour() {
        clock.jumpMs(YEAR_MS);
        time.millis();
        clock.advanceMs(HOUR_MS);
        assertEquals(START + YEAR_MS + HOUR_MS, time.millis());
        clock.advanceMs(1);
        assertEquals(clock.millis(), time.millis());
    }

    @Test
    void aSecondJumpIsDoubtedAsLong() {
        clock.jumpMs(YEAR_MS);
        time.millis();
        clock.advanceMs(HOUR_MS - 1);
        clock.jumpMs(YEAR_MS);
        time.millis();
        clock.advanceMs(2);
        assertEquals(START + HOUR_MS + 1, time.millis());
    }
}
