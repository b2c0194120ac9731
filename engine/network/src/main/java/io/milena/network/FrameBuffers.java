package io.milena.network;

import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Memory for frames: direct buffers, some kept for reuse, and a bound on all that are in use. Whoever finds the bound reached waits in line; nobody is refused.
 *
 * <p>A frame may grow while it is read. If everybody held half a frame and waited for the other half, nobody would ever finish: so one frame at a time may pass the bound, and the
 * bytes in use stay below the bound plus one frame and, while that is copied, what it has outgrown.
 *
 * <p>Safe for use by many threads; a {@link Lease} belongs to one.
 */
final class FrameBuffers {
    private static final int CAPACITY_MIN = 4 * 1024;
    private static final long KEPT_BYTES_MAX = 16L * 1024 * 1024;

    private final long bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Signal changed = new Signal();

    // All guarded by the lock.
    /** By capacity; only looked up. */
    private final Map<Integer, Deque<ByteBuffer>> kept = new HashMap<>();

    private final Deque<Lease> line = new ArrayDeque<>();
    private long keptBytes;
    private long bytesInUse;
    private @Nullable Lease overdrawn;

    /** @param bytesMax {@code queued.max.request.bytes}; one frame is always admitted */
    FrameBuffers(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Memory for {@code bytes}, once it is this caller's turn and there is room. The buffer's position is 0 and its limit {@code bytes}. */
    Lease take(int bytes) throws InterruptedException {
        Lease lease = new Lease();
        int capacity = capacity(bytes);
        if (!enter(lease, capacity)) {
            awaitTurn(lease, capacity);
        }
        lease.buffer = buffer(capacity).limit(bytes);
        return lease;
    }

    long bytesInUse() {
        lock.lock();
        try {
            return bytesInUse;
        } finally {
            lock.unlock();
        }
    }

    /** @return false if the lease now stands in line */
    private boolean enter(Lease lease, int capacity) {
        lock.lock();
        try {
            line.add(lease);
            return advance(lease, capacity);
        } finally {
            lock.unlock();
        }
    }

    private void awaitTurn(Lease lease, int capacity) throws InterruptedException {
        try {
            do {
                changed.await(() -> isTurnOf(lease, capacity), Deadline.never());
            } while (!advance(lease, capacity));
        } catch (InterruptedException e) {
            lock.lock();
            try {
                line.remove(lease);
            } finally {
                lock.unlock();
            }
            throw e;
        } finally {
            changed.raise();
        }
    }

    private boolean advance(Lease lease, int capacity) {
        lock.lock();
        try {
            if (!isTurnOf(lease, capacity)) {
                return false;
            }
            line.remove();
            bytesInUse += capacity;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isTurnOf(Lease lease, int capacity) {
        lock.lock();
        try {
            return line.peek() == lease && (bytesInUse == 0 || bytesInUse + capacity <= bytesMax);
        } finally {
            lock.unlock();
        }
    }

    private boolean extend(Lease lease, int capacity) {
        lock.lock();
        try {
            if (!mayExtend(lease, capacity)) {
                return false;
            }
            if (bytesInUse + capacity > bytesMax) {
                overdrawn = lease;
            }
            bytesInUse += capacity;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean mayExtend(Lease lease, int capacity) {
        lock.lock();
        try {
            return bytesInUse + capacity <= bytesMax || overdrawn == null || overdrawn == lease;
        } finally {
            lock.unlock();
        }
    }

    private ByteBuffer buffer(int capacity) {
        lock.lock();
        try {
            Deque<ByteBuffer> same = kept.get(capacity);
            if (same != null && !same.isEmpty()) {
                keptBytes -= capacity;
                return same.pop().clear();
            }
        } finally {
            lock.unlock();
        }
        try {
            return ByteBuffer.allocateDirect(capacity);
        } catch (OutOfMemoryError e) {
            giveBack(capacity);
            throw e;
        }
    }

    private void giveBack(int capacity) {
        lock.lock();
        try {
            bytesInUse -= capacity;
        } finally {
            lock.unlock();
        }
        changed.raise();
    }

    private void keep(ByteBuffer buffer) {
        lock.lock();
        try {
            if (keptBytes + buffer.capacity() <= KEPT_BYTES_MAX) {
                keptBytes += buffer.capacity();
                kept.computeIfAbsent(buffer.capacity(), capacity -> new ArrayDeque<>())
                        .push(buffer);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Rounds up to one of four steps in each doubling, so that buffers fit again and at most a quarter is wasted. */
    static int capacity(int bytes) {
        if (bytes <= CAPACITY_MIN) {
            return CAPACITY_MIN;
        }
        int step = Integer.highestOneBit(bytes - 1) / 4;
        return (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv((long) bytes, step) * step);
    }

    /** The memory of one frame that is read or handled. */
    final class Lease implements AutoCloseable {
        private @Nullable ByteBuffer buffer;

        private Lease() {}

        ByteBuffer buffer() {
            if (buffer == null) {
                throw new IllegalStateException("the frame's memory was given back");
            }
            return buffer;
        }

        /** Makes {@code bytes} the buffer's limit; what is before its position stays. May wait. */
        void grow(int bytes) throws InterruptedException {
            ByteBuffer old = buffer();
            if (bytes <= old.capacity()) {
                old.limit(bytes);
                return;
            }
            int capacity = capacity(bytes);
            while (!extend(this, capacity)) {
                changed.await(() -> mayExtend(this, capacity), Deadline.never());
            }
            buffer = FrameBuffers.this.buffer(capacity).limit(bytes).put(old.flip());
            keep(old);
            giveBack(old.capacity());
        }

        /** Gives the memory back. */
        @Override
        public void close() {
            ByteBuffer old = buffer();
            buffer = null;
            keep(old);
            settle(this);
            giveBack(old.capacity());
        }
    }

    private void settle(Lease lease) {
        lock.lock();
        try {
            if (overdrawn == lease) {
                overdrawn = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
