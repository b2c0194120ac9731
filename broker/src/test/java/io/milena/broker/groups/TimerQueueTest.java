package io.milena.broker.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Threads;
import io.milena.testkit.HandClock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Timers come when their time has passed, not when somebody sets the clock. */
class TimerQueueTest {
    private static final long YEAR_MS = TimeUnit.DAYS.toMillis(365);

    private final HandClock clock = new HandClock();
    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch second = new CountDownLatch(1);

    private static void await(CountDownLatch fired) throws InterruptedException {
        assertTrue(fired.await(1, TimeUnit.MINUTES), "a timer does not come");
    }

    @Test
    void aClockThatIsSetForwardBringsNoTimerEarly() throws InterruptedException {
        try (TimerQueue timers = new TimerQueue(clock, Threads.system(), "timers")) {
            timers.set("first", 100, first::countDown);
            clock.jumpMs(YEAR_MS);
            timers.set("second", 0, second::countDown);
            await(second);
            assertEquals(1, first.getCount());
            clock.advanceMs(100);
            await(first);
        }
    }

    @Test
    void aClockThatIsSetBackHoldsNoTimerUp() throws InterruptedException {
        try (TimerQueue timers = new TimerQueue(clock, Threads.system(), "timers")) {
            timers.set("first", 100, first::countDown);
            clock.jumpMs(-YEAR_MS);
            clock.advanceMs(100);
            await(first);
        }
    }

    @Test
    void aTimerThatIsSetAgainComesOnceAndLater() throws InterruptedException {
        try (TimerQueue timers = new TimerQueue(clock, Threads.system(), "timers")) {
            timers.set("key", 100, first::countDown);
            timers.set("key", 200, second::countDown);
            clock.advanceMs(200);
            await(second);
            assertEquals(1, first.getCount());
        }
    }

    @Test
    void aDelayWithoutEndIsNeverOver() throws InterruptedException {
        try (TimerQueue timers = new TimerQueue(clock, Threads.system(), "timers")) {
            timers.set("first", Long.MAX_VALUE, first::countDown);
            timers.set("second", 1, second::countDown);
            clock.advanceMs(YEAR_MS);
            await(second);
            assertEquals(1, first.getCount());
        }
    }
}
