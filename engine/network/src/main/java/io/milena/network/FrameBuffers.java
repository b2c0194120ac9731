package io.milena.network;

import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Memory for frames: direct buffers in sizes of powers of two, kept for reuse, and a bound on all that are in use. Whoever finds the bound reached waits. Safe for use by many
 * threads.
 */
final class FrameBuffers {
    private static final int SMALLEST_BITS = 12;
    private static final int LARGEST_KEPT_BITS = 22;
    private static final int KEPT_PER_SIZE = 16;

    private final long bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Signal released = new Signal();
    private final List<Queue<ByteBuffer>> kept = new ArrayList<>();
    private final AtomicLong bytesInUse = new AtomicLong();

    /** @param bytesMax {@code queued.max.request.bytes}; one frame is always admitted */
    FrameBuffers(long bytesMax) {
        this.bytesMax = bytesMax;
        for (int bits = SMALLEST_BITS; bits <= LARGEST_KEPT_BITS; bits++) {
            kept.add(new ArrayDeque<>());
        }
    }

    /** A buffer whose position is 0 and whose limit is {@code size}. */
    ByteBuffer take(int size) throws InterruptedException {
        while (true) {
            released.await(() -> hasRoomFor(size), Deadline.never());
            lock.lock();
            try {
                if (hasRoomFor(size)) {
                    bytesInUse.addAndGet(size);
                    break;
                }
            } finally {
                lock.unlock();
            }
        }
        return buffer(size).clear().limit(size);
    }

    private boolean hasRoomFor(int size) {
        return bytesInUse.get() == 0 || bytesInUse.get() + size <= bytesMax;
    }

    private ByteBuffer buffer(int size) {
        int bits = bits(size);
        if (bits > LARGEST_KEPT_BITS) {
            return ByteBuffer.allocateDirect(size);
        }
        lock.lock();
        try {
            ByteBuffer reused = kept.get(bits - SMALLEST_BITS).poll();
            if (reused != null) {
                return reused;
            }
        } finally {
            lock.unlock();
        }
        return ByteBuffer.allocateDirect(1 << bits);
    }

    private static int bits(int size) {
        return Math.max(SMALLEST_BITS, Integer.SIZE - Integer.numberOfLeadingZeros(size - 1));
    }

    void release(ByteBuffer buffer, int size) {
        lock.lock();
        try {
            bytesInUse.addAndGet(-size);
            int bits = bits(buffer.capacity());
            if (bits <= LARGEST_KEPT_BITS && kept.get(bits - SMALLEST_BITS).size() < KEPT_PER_SIZE) {
                kept.get(bits - SMALLEST_BITS).add(buffer);
            }
        } finally {
            lock.unlock();
        }
        released.raise();
    }
}
