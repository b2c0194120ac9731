package io.milena.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
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
    void interruptionCancelsTheWait() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> new Signal().await(() -> false, Deadline.never()));
    }
}
