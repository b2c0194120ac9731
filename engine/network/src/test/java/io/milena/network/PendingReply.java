package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.Payload;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A reply that a test completes when it likes. */
final class PendingReply implements Reply {
    private final Signal changed = new Signal();
    private final CountDownLatch awaited = new CountDownLatch(1);
    private final CountDownLatch givenUp = new CountDownLatch(1);
    private volatile @Nullable List<Payload> parts;

    static List<Payload> frame(String text) {
        return frame(text.getBytes(StandardCharsets.UTF_8));
    }

    static List<Payload> frame(byte[] content) {
        return List.of(
                new Payload.InMemory(ByteBuffer.allocate(Integer.BYTES)
                        .putInt(content.length)
                        .flip()),
                new Payload.InMemory(ByteBuffer.wrap(content)));
    }

    void complete(String text) {
        parts = frame(text);
        changed.raise();
    }

    /** Waits until it is this reply's turn to be sent. */
    void awaitTurn() throws InterruptedException {
        assertTrue(awaited.await(60, TimeUnit.SECONDS), "the reply is not awaited");
    }

    /** Waits until it is dropped or the wait for it is cancelled. */
    void awaitGivenUp() throws InterruptedException {
        assertTrue(givenUp.await(60, TimeUnit.SECONDS), "the reply is not given up");
    }

    boolean isGivenUp() {
        return givenUp.getCount() == 0;
    }

    @Override
    public boolean isReady() {
        return parts != null;
    }

    @Override
    public List<Payload> await() throws InterruptedException {
        awaited.countDown();
        try {
            changed.await(() -> parts != null, Deadline.never());
        } catch (InterruptedException e) {
            givenUp.countDown();
            throw e;
        }
        List<Payload> complete = parts;
        if (complete == null) {
            throw new IllegalStateException("awaited for ever, and yet in vain");
        }
        return complete;
    }

    @Override
    public void drop() {
        givenUp.countDown();
    }
}
