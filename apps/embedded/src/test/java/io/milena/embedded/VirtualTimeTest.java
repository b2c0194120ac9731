package io.milena.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.runtime.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What threads see of the time that they live in. */
@Timeout(60)
class VirtualTimeTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void heldTimeStandsStillUntilItIsAdvanced() {
        VirtualTime time = VirtualTime.held();
        Instant before = time.now();
        assertEquals(before, time.now());
        time.advance(MINUTE);
        assertEquals(before.plus(MINUTE), time.now());
        assertTrue(time.isHeld());
    }

    @Test
    void runningTimeRunsAheadOnceAdvanced() throws Exception {
        VirtualTime time = VirtualTime.running();
        Environment environment = time.environment();
        Instant before = time.now();
        time.advance(Duration.ofDays(1));
        assertFalse(time.now().isBefore(before.plus(Duration.ofDays(1))));
        // A wait of a moment ends by itself.
        assertFalse(new Signal().await(() -> false, Deadline.afterMs(environment.clock(), 10)));
    }

    @Test
    void wallClockAndMonotonicTimeMoveTogether() {
        VirtualTime time = VirtualTime.held();
        long beforeMs = time.environment().clock().millis();
        long beforeNanos = time.environment().clock().nanos();
        time.advance(MINUTE);
        assertEquals(60_000, time.environment().clock().millis() - beforeMs);
        assertEquals(60_000_000_000L, time.environment().clock().nanos() - beforeNanos);
    }

    /** One thread's moment leads to another's: each happens when it should, and before the call returns. */
    @Test
    void whatIsDueIsDoneWhenTheCallReturns() {
        VirtualTime time = VirtualTime.held();
        Environment environment = time.environment();
        Signal done = new Signal();
        AtomicInteger ticks = new AtomicInteger();
        AtomicInteger heard = new AtomicInteger();
        CountDownLatch end = new CountDownLatch(1);
        environment.threads().start("ticks", () -> {
            try {
                while (end.getCount() > 0) {
                    environment.clock().sleepMs(1_000);
                    ticks.incrementAndGet();
                    done.raise();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        environment.threads().startBlocking("hears", () -> {
            try {
                while (end.getCount() > 0) {
                    int seen = heard.get();
                    done.await(() -> ticks.get() > seen, Deadline.never());
                    heard.incrementAndGet();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        time.advance(Duration.ofMillis(999));
        assertEquals(0, ticks.get());
        time.advance(Duration.ofMillis(1));
        assertEquals(1, ticks.get());
        time.advance(Duration.ofSeconds(20));
        assertEquals(21, ticks.get());
        assertEquals(21, heard.get());
        end.countDown();
        time.release();
    }

    @Test
    void whoWaitsWhileTimeIsHeldGoesOnWhenItIsReleased() throws Exception {
        VirtualTime time = VirtualTime.held();
        CountDownLatch woken = new CountDownLatch(1);
        time.environment().threads().start("sleeper", () -> {
            try {
                time.environment().clock().sleepMs(5);
                woken.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        time.advance(Duration.ofMillis(4));
        assertEquals(1, woken.getCount());
        time.release();
        woken.await();
    }

    @Test
    void timeDoesNotRunBackwards() {
        assertThrows(IllegalArgumentException.class, () -> VirtualTime.held().advance(Duration.ofMillis(-1)));
    }

    /** Of a thread of the system one cannot see that it waits for bytes, and whoever advances the time would wait for it. */
    @Test
    void whoIsBusyHasAVirtualThread() {
        Thread thread = VirtualTime.held().environment().threads().startBusy("busy", () -> {});
        assertTrue(thread.isVirtual());
    }
}
