package io.milena.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CancellationTest {
    private final Cancellation cancellation = new Cancellation();
    private final Signal signal = new Signal();

    @Test
    void endsAWaitThatHasBegun() throws InterruptedException {
        // Given a thread that waits for ever
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread waiter = start(() -> signal.await(() -> false, Deadline.never()), outcome);
        while (!signal.hasWaiters()) {
            Thread.onSpinWait();
        }
        // When
        cancellation.request();
        // Then
        waiter.join();
        assertEquals(InterruptedException.class, outcome.join().getClass());
    }

    @Test
    void endsEveryLaterWaitAsWell() {
        cancellation.request();
        cancellation.run(() -> {
            assertThrows(InterruptedException.class, () -> signal.await(() -> false, Deadline.never()));
            assertThrows(InterruptedException.class, () -> Clock.system().sleepMs(60_000));
        });
    }

    @Test
    void leavesOtherThreadsAndConditionsThatHoldAlone() throws InterruptedException {
        cancellation.request();
        cancellation.run(() -> {
            try {
                assertTrue(signal.await(() -> true, Deadline.never()));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertFalse(signal.await(() -> false, Deadline.afterMs(Clock.system(), 1)));
    }

    /** The reason for this class: the same with an interrupt closes the channel. */
    @Test
    void leavesFileChannelsOpen(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("segment"), "records");
        try (FileChannel channel = FileChannel.open(file)) {
            CompletableFuture<Throwable> outcome = new CompletableFuture<>();
            cancellation.request();
            start(() -> assertEquals(7, channel.read(ByteBuffer.allocate(10))), outcome)
                    .join();
            assertEquals(null, outcome.getNow(null));
            assertTrue(channel.isOpen());
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private Thread start(Work work, CompletableFuture<Throwable> outcome) {
        return Threads.system()
                .start(
                        "cancelled",
                        () -> cancellation.run(() -> {
                            try {
                                work.run();
                            } catch (Exception | AssertionError e) {
                                outcome.complete(e);
                            }
                        }));
    }
}
