package io.milena.quorum;

import io.milena.runtime.Threads;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The one thread on which the listener of a member hears, so that what comes from several threads of the consensus comes in one order. Who hands over records waits until they were
 * heard, which is what makes the queue short; a full one holds up the consensus of this member.
 *
 * <p>When the listener fails, nothing is handed to it any more.
 */
final class Delivery {
    private static final System.Logger LOG = System.getLogger(Delivery.class.getName());
    private static final int QUEUED_MAX = 1_000;

    private final MetadataLog.Listener listener;
    private final BlockingQueue<Runnable> queue = new ArrayBlockingQueue<>(QUEUED_MAX);
    private volatile @Nullable Throwable failure;
    private volatile boolean isClosed;

    Delivery(Threads threads, MetadataLog.Listener listener) {
        this.listener = listener;
        threads.startBlocking("metadata-listener", this::run);
    }

    void snapshot(long endOffset, int epoch, List<ByteBuffer> records) {
        enqueue(() -> listener.snapshot(endOffset, epoch, records)).join();
    }

    void committed(long baseOffset, int epoch, long timeMs, List<ByteBuffer> records) {
        enqueue(() -> listener.committed(baseOffset, epoch, timeMs, records)).join();
    }

    /** Does not wait. */
    void leadership(Leadership leadership) {
        put(() -> hear(() -> listener.leadership(leadership), new CompletableFuture<>()));
    }

    /** What the listener has thrown, if it has. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** When all is heard. */
    void close() {
        isClosed = true;
        put(() -> {});
    }

    private CompletableFuture<Void> enqueue(Runnable call) {
        CompletableFuture<Void> heard = new CompletableFuture<>();
        put(() -> hear(call, heard));
        return heard;
    }

    private void put(Runnable call) {
        boolean isInterrupted = false;
        while (true) {
            try {
                queue.put(call);
                break;
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void hear(Runnable call, CompletableFuture<Void> heard) {
        try {
            if (failure == null) {
                call.run();
            }
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "The listener of the metadata log failed; it hears no more", e);
            failure = e;
        }
        Throwable failed = failure;
        if (failed == null) {
            heard.complete(null);
        } else {
            heard.completeExceptionally(failed);
        }
    }

    private void run() {
        try {
            while (!isClosed || !queue.isEmpty()) {
                queue.take().run();
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "The thread of the metadata listener was interrupted", e);
        }
    }
}
