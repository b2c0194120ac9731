package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.testkit.HandClock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Only a client that does nothing while it is its turn is stale. */
class ActivityTest {
    private static final long IDLE_MS = 600_000;
    private static final long FRAME_PATIENCE_MS = 30_000;

    private final HandClock clock = new HandClock();
    private final Activity activity = new Activity(clock);

    private void assertStaleAfter(long patienceMs) {
        clock.advanceMs(patienceMs);
        assertFalse(activity.isStale(TimeUnit.MILLISECONDS.toNanos(IDLE_MS)), "too early");
        clock.advanceMs(1);
        assertTrue(activity.isStale(TimeUnit.MILLISECONDS.toNanos(IDLE_MS)), "too late");
    }

    @Test
    void aNewConnectionHasTheIdleTimeToBegin() {
        assertStaleAfter(IDLE_MS);
    }

    @Test
    void everyFrameAndEveryReplyBeginsTheIdleTimeAgain() {
        for (Runnable move : List.<Runnable>of(activity::received, activity::sent)) {
            clock.advanceMs(IDLE_MS);
            move.run();
            assertStaleAfter(IDLE_MS);
            move.run();
        }
    }

    @Test
    void whoStopsWithinAFrameHasLessTime() {
        activity.reads(Activity.Reading.WITHIN_FRAME);
        clock.advanceMs(FRAME_PATIENCE_MS);
        activity.received();
        assertStaleAfter(FRAME_PATIENCE_MS);
    }

    @Test
    void aShortIdleTimeHoldsWithinAFrameToo() {
        activity.reads(Activity.Reading.WITHIN_FRAME);
        clock.advanceMs(101);
        assertTrue(activity.isStale(TimeUnit.MILLISECONDS.toNanos(100)));
    }

    @Test
    void aSlowReaderMayStopForTheIdleTime() {
        for (Activity.Reading reading : Activity.Reading.values()) {
            activity.received();
            activity.reads(reading);
            activity.writes(Activity.Writing.SENDS);
            clock.advanceMs(FRAME_PATIENCE_MS);
            activity.received();
            activity.sent();
            clock.advanceMs(IDLE_MS - FRAME_PATIENCE_MS);
            activity.received();
            assertStaleAfter(FRAME_PATIENCE_MS);
        }
    }

    @Test
    void whoWaitsForUsIsNeverStale() {
        activity.writes(Activity.Writing.AWAITS_REPLY);
        clock.advanceMs(100 * IDLE_MS);
        assertFalse(activity.isStale(TimeUnit.MILLISECONDS.toNanos(IDLE_MS)));
        activity.writes(Activity.Writing.RESTS);
        assertStaleAfter(IDLE_MS);
        activity.reads(Activity.Reading.HANDLES);
        clock.advanceMs(100 * IDLE_MS);
        assertFalse(activity.isStale(TimeUnit.MILLISECONDS.toNanos(IDLE_MS)));
        activity.reads(Activity.Reading.AWAITS_FRAME);
        assertStaleAfter(IDLE_MS);
    }

    @Test
    void noIdleTimeIsForEver() {
        clock.advanceMs(1_000_000 * IDLE_MS);
        assertFalse(activity.isStale(Long.MAX_VALUE));
    }
}
