package io.milena.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class SignalTest {
    private final Clock clock = Clock.system();

    @Test
    void aConditionThatHoldsNeedsNoWait() throws InterruptedException {
        assertTrue(new Signal().await(() -> true, Deadline.afterMs(clock, 0)));
    }

    @Test
    void aConditionThatNeverHoldsEndsAtTheDeadline() throws InterruptedException {
        assertFalse(new Signal().await(() -> false, Deadline.afterMs(clock, 1)));
    }

    @Test
    void raisingWakesAWaiterOfAnySignal() throws Exception {
        // Given a thread that waits on two signals
        AtomicBoolean flag = new AtomicBoolean();
        Signal first = new Signal();
        Signal second = new Signal();
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        Thread waiter = Threads.system().start("waiter", () -> {
            try {
                outcome.complete(Signal.awaitAny(List.of(first, second), flag::get, Deadline.never()));
            } catch (InterruptedException e) {
                outcome.completeExceptionally(e);
            }
        });

        // When the condition becomes true and only the second is raised
        flag.set(true);
        second.raise();

        // Then it wakes
        waiter.join();
        assertTrue(outcome.get());
    }

    @Test
    void whoWaitsForAHigherLevelIsLeftAlone() throws Exception {
        // Given threads that wait for levels, and count how often they look
        Signal signal = new Signal();
        AtomicLong level = new AtomicLong();
        AtomicInteger looks = new AtomicInteger();
        Thread high = awaiting(signal, 10, () -> looks.incrementAndGet() > 0 && level.get() >= 10);
        Thread low = awaiting(signal, 5, () -> level.get() >= 5);
        Thread any = awaiting(signal, Long.MIN_VALUE, () -> level.get() > 0);

        // When a level between them is reached
        level.set(7);
        signal.reach(7);

        // Then
        low.join();
        any.join();
        assertEquals(2, looks.get(), "before it waits");
        level.set(10);
        signal.reach(10);
        high.join();
        assertEquals(3, looks.get());
    }

    @Test
    void raisingWakesWhoeverWaitsForALevel() throws Exception {
        Signal signal = new Signal();
        AtomicBoolean isOver = new AtomicBoolean();
        Thread waiter = awaiting(signal, Long.MAX_VALUE, isOver::get);
        isOver.set(true);
        signal.raise();
        waiter.join();
    }

    @Test
    void aConditionThatParksForSomethingElseMissesNoChange() throws Exception {
        // Given a condition that, once it has looked, parks for something else, as for a lock
        Signal signal = new Signal();
        AtomicBoolean flag = new AtomicBoolean();
        CountDownLatch hasLooked = new CountDownLatch(2);
        Thread waiter = Threads.system().start("waiter", () -> {
            BooleanSupplier condition = () -> {
                boolean isSet = flag.get();
                hasLooked.countDown();
                if (hasLooked.getCount() == 0 && !isSet) {
                    LockSupport.park();
                }
                return isSet;
            };
            try {
                signal.await(condition, Deadline.never());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        hasLooked.await();

        // When it is woken from there by the change
        flag.set(true);
        signal.raise();

        // Then it looks again
        assertTrue(waiter.join(Duration.ofSeconds(20)));
    }

    /** Returns when the thread is parked. */
    private static Thread awaiting(Signal signal, long level, BooleanSupplier condition) {
        Thread waiter = Threads.system().start("waiter", () -> {
            try {
                signal.awaitLevel(level, condition, Deadline.never());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (waiter.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        return waiter;
    }

    @Test
    void interruptionCancelsTheWait() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> new Signal().await(() -> false, Deadline.never()));
    }
}
