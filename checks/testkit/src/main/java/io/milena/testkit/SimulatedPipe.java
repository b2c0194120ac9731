package io.milena.testkit;

import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * One direction of a connection: bytes on their way, each with the time of its arrival, in a bounded buffer. Used by simulated threads only, so it needs no lock.
 */
final class SimulatedPipe {
    private final VirtualClock clock;
    private final RandomGenerator random;
    private final Link link;
    private final Signal changed = new Signal();
    private final Deque<Parcel> parcels = new ArrayDeque<>();
    private int bufferedBytes;
    private long lastArrivalNanos;

    private boolean isWriterClosed;
    private boolean isReaderClosed;
    private boolean isReset;

    /** What the network says about this direction, now. */
    interface Link {
        LinkSettings settings();

        boolean isCut();

        /** Something is on its way from now on. */
        void sent(long arrivalNanos);

        /** So many of those that were sent will never be read. */
        void lost(int messages);
    }

    private record Parcel(ByteBuffer bytes, long arrivalNanos) {}

    SimulatedPipe(VirtualClock clock, RandomGenerator random, Link link) {
        this.clock = clock;
        this.random = random;
        this.link = link;
    }

    /** Writes at least one byte, once there is room for it. */
    int write(ByteBuffer source) throws IOException {
        refuseWrite();
        if (!source.hasRemaining()) {
            return 0;
        }
        await(() -> isWriterClosed || isReaderClosed || isReset || room() > 0);
        refuseWrite();
        byte[] bytes = new byte[part(Math.min(source.remaining(), room()))];
        source.get(bytes);
        bufferedBytes += bytes.length;
        long arrivalNanos = arrivalNanos();
        parcels.add(new Parcel(ByteBuffer.wrap(bytes), arrivalNanos));
        link.sent(arrivalNanos);
        clock.raiseAt(arrivalNanos, changed); // before, there is nothing to see for the reader
        return bytes.length;
    }

    private void refuseWrite() throws IOException {
        if (isWriterClosed) {
            throw new AsynchronousCloseException();
        }
        if (isReset) {
            throw new SocketException("Connection reset");
        }
        if (isReaderClosed) {
            throw new SocketException("Broken pipe");
        }
    }

    /** Reads at least one byte, once it has arrived; -1 when the writer has closed and everything is read. */
    int read(ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
            return 0;
        }
        while (true) {
            if (isReaderClosed) {
                throw new AsynchronousCloseException();
            }
            if (isReset) {
                throw new SocketException("Connection reset");
            }
            if (hasArrived()) {
                return take(target);
            }
            if (hasEnded()) {
                return -1;
            }
            await(() -> isReaderClosed || isReset || hasArrived() || hasEnded());
        }
    }

    private boolean hasEnded() {
        return parcels.isEmpty() && isWriterClosed && !link.isCut() && clock.nanos() >= lastArrivalNanos;
    }

    /** Whether a read need not wait for bytes. */
    boolean hasArrived() {
        return !link.isCut() && !parcels.isEmpty() && parcels.getFirst().arrivalNanos <= clock.nanos();
    }

    private int take(ByteBuffer target) {
        int wanted = part(target.remaining());
        int taken = 0;
        while (taken < wanted && hasArrived()) {
            ByteBuffer bytes = parcels.getFirst().bytes;
            int count = Math.min(wanted - taken, bytes.remaining());
            target.put(bytes.slice().limit(count));
            bytes.position(bytes.position() + count);
            taken += count;
            if (!bytes.hasRemaining()) {
                parcels.removeFirst();
            }
        }
        bufferedBytes -= taken;
        changed.raise();
        return taken;
    }

    /** The writer is done: the reader gets what is on its way, then the end. */
    void closeWriter() {
        if (!isWriterClosed) {
            isWriterClosed = true;
            clock.raiseAt(arrivalNanos(), changed);
            changed.raise();
        }
    }

    void closeReader() {
        countLost();
        isReaderClosed = true;
        changed.raise();
    }

    /** Both ends fail at once; what was on its way is lost. */
    void reset() {
        countLost();
        isReset = true;
        parcels.clear();
        changed.raise();
    }

    /** What is lost when the reader goes has been counted when the connection is reset after that. */
    private void countLost() {
        if (!isReaderClosed) {
            link.lost(parcels.size());
        }
    }

    /** The state of the link has changed. */
    void lookAgain() {
        changed.raise();
    }

    private int room() {
        return link.settings().bufferBytes() - bufferedBytes;
    }

    private int part(int count) {
        boolean isSplit = count > 1 && random.nextDouble() < link.settings().splitRate();
        return isSplit ? 1 + random.nextInt(count) : count;
    }

    private long arrivalNanos() {
        LinkSettings settings = link.settings();
        long spread = settings.latencyNanosMax() - settings.latencyNanosMin();
        long latency = settings.latencyNanosMin() + random.nextLong(spread + 1);
        lastArrivalNanos = Math.max(lastArrivalNanos, clock.nanos() + latency);
        return lastArrivalNanos;
    }

    private void await(BooleanSupplier condition) throws IOException {
        try {
            changed.await(condition, Deadline.never());
        } catch (InterruptedException e) {
            // As the JDK's channels: interruption closes the channel and stays visible.
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        }
    }
}
