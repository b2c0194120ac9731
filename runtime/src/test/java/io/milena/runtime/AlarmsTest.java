package io.milena.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Time is the machine's here, which is what alarms are about; nothing depends on how fast it is. */
@Timeout(120)
class AlarmsTest {
    private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Alarms alarms = new Alarms();

    private Thread parkOnce(long nanos) {
        return Thread.ofVirtual().start(() -> alarms.parkUntil(System.nanoTime() + nanos));
    }

    private static void awaitParked(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    @Test
    void everyThreadIsWokenAtItsTime() throws InterruptedException {
        // Given threads whose times come in any order
        Random random = new Random(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            threads.add(parkOnce(random.nextLong(TimeUnit.MILLISECONDS.toNanos(300))));
        }
        // When nobody else wakes them
        // Then
        for (Thread thread : threads) {
            assertTrue(thread.join(PATIENCE), "a thread sleeps on");
        }
        assertEquals(0, alarms.waiting());
    }

    @Test
    void aTimeBeforeAllOthersIsKept() throws InterruptedException {
        // Given a keeper that sleeps for an hour
        Thread late = parkOnce(HOUR_NANOS);
        awaitParked(late);
        // When
        Thread early = parkOnce(TimeUnit.MILLISECONDS.toNanos(50));
        // Then
        assertTrue(early.join(PATIENCE), "it sleeps as long as the other");
        assertFalse(late.join(Duration.ZERO));
        LockSupport.unpark(late);
        assertTrue(late.join(PATIENCE));
    }

    @Test
    void nothingIsLeftOfWhoWasWokenBefore() throws InterruptedException {
        Thread thread = parkOnce(HOUR_NANOS);
        awaitParked(thread);
        assertEquals(1, alarms.waiting());
        LockSupport.unpark(thread);
        assertTrue(thread.join(PATIENCE));
        assertEquals(0, alarms.waiting());
    }

    @Test
    void timesAreKeptWhileOthersComeAndGo() throws InterruptedException {
        // Given threads that are woken early all the time
        List<Thread> busy = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            busy.add(Thread.ofVirtual().start(() -> {
                for (int round = 0; round < 5_000; round++) {
                    LockSupport.unpark(Thread.currentThread());
                    alarms.parkUntil(System.nanoTime() + HOUR_NANOS);
                }
            }));
        }
        // When others wait for their time
        List<Thread> patient = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            patient.add(parkOnce(TimeUnit.MILLISECONDS.toNanos(10 + i)));
        }
        // Then
        for (Thread thread : patient) {
            assertTrue(thread.join(PATIENCE), "a time was missed");
        }
        for (Thread thread : busy) {
            assertTrue(thread.join(PATIENCE));
        }
    }
}
