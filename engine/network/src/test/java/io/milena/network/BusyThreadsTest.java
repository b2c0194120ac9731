package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Threads;
import io.milena.testkit.HandClock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The few threads for busy connections, and who is busy. */
@Timeout(60)
class BusyThreadsTest {
    private static boolean awaits(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void oneThatFailsIsFreeAgain() {
        BusyThreads busy = new BusyThreads(Threads.system());
        for (int i = 0; i <= BusyThreads.MAX; i++) {
            assertTrue(busy.run("fails", () -> {
                Thread.currentThread().setUncaughtExceptionHandler((_, _) -> {});
                throw new IllegalStateException("failed on purpose");
            }));
        }
    }

    @Test
    void whereTheSystemHasNoMoreThreadsItIsNotAskedAgain() {
        AtomicInteger asked = new AtomicInteger();
        BusyThreads busy = new BusyThreads(new Threads() {
            @Override
            public Thread start(String name, Runnable body) {
                return Threads.system().start(name, body);
            }

            @Override
            public Thread startBlocking(String name, Runnable body) {
                asked.incrementAndGet();
                throw new OutOfMemoryError("unable to create native thread");
            }
        });
        for (int i = 0; i < 3; i++) {
            assertFalse(busy.run("busy", () -> {}));
            assertFalse(busy.hasFree());
        }
        assertEquals(1, asked.get());
    }

    @Test
    void whoIsInterruptedWaitsForTheEnd() throws Exception {
        BusyThreads busy = new BusyThreads(Threads.system());
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicBoolean hasEnded = new AtomicBoolean();
        AtomicBoolean isFine = new AtomicBoolean();
        Thread connection = Thread.startVirtualThread(() -> {
            busy.run("busy", () -> {
                begun.countDown();
                hasEnded.set(awaits(end));
            });
            isFine.set(hasEnded.get() && Thread.currentThread().isInterrupted());
        });
        begun.await();
        connection.interrupt();
        assertFalse(connection.join(Duration.ofMillis(10)), "it does not wait");
        end.countDown();
        connection.join();
        assertTrue(isFine.get());
    }

    @Test
    void aThousandASecondAreBusyUntilTheyAreAHundred() {
        HandClock clock = new HandClock();
        Pace pace = new Pace(clock);
        assertFalse(isQuickAfter(pace, clock, 2));
        assertTrue(isQuickAfter(pace, clock, 1));
        assertTrue(isQuickAfter(pace, clock, 2));
        assertTrue(isQuickAfter(pace, clock, 10));
        assertFalse(isQuickAfter(pace, clock, 11));
        assertFalse(isQuickAfter(pace, clock, 10));
        assertFalse(isQuickAfter(pace, clock, 2));
        assertTrue(isQuickAfter(pace, clock, 0));
    }

    private static boolean isQuickAfter(Pace pace, HandClock clock, int intervalMs) {
        boolean isQuick = false;
        for (int i = 0; i < Pace.REQUESTS; i++) {
            clock.advanceMs(intervalMs);
            isQuick = pace.isQuickWithThisOne();
        }
        return isQuick;
    }
}
