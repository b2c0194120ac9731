package io.milena.network;

import io.milena.protocol.Payload;
import io.milena.runtime.Clock;
import io.milena.runtime.Network;
import io.milena.runtime.Transport;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The other side of a {@link Connection}: sends one frame, waits for the one that answers it, and so on. Used by one thread at a time; {@link #close()} is for any, and ends what that thread waits for.
 */
public final class FrameClient implements AutoCloseable {
    private final Transport transport;
    private final ReadAhead ahead;
    private final Clock clock;
    private final int frameBytesMax;
    private volatile boolean isWaiting;
    private volatile long askedAtNanos;

    private FrameClient(Transport transport, Clock clock, int frameBytesMax) {
        this.transport = transport;
        this.ahead = new ReadAhead(transport);
        this.clock = clock;
        this.frameBytesMax = frameBytesMax;
    }

    /** @param frameBytesMax what an answer may have, in bytes, without its size */
    public static FrameClient connect(Network network, InetSocketAddress address, Clock clock, int frameBytesMax)
            throws IOException {
        return new FrameClient(network.connect(address), clock, frameBytesMax);
    }

    /**
     * Sends a frame and waits for its answer.
     *
     * @param frame with its size in front, in memory
     * @return the answer, without its size
     * @throws IOException if the connection is gone or the answer is too large; it cannot be used any more then
     */
    public ByteBuffer ask(List<Payload> frame) throws IOException {
        askedAtNanos = clock.nanos();
        isWaiting = true;
        try {
            transport.writeFully(buffers(frame));
            while (ahead.available() < Integer.BYTES) {
                checkGoesOn(ahead.receive());
            }
            int bytes = ahead.takeInt();
            if (bytes <= 0 || bytes > frameBytesMax) {
                throw new IOException("an answer of " + bytes + " bytes from " + transport.remoteAddress()
                        + " is not between 1 and " + frameBytesMax);
            }
            return fill(ByteBuffer.allocate(bytes));
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        } finally {
            isWaiting = false;
        }
    }

    private static ByteBuffer[] buffers(List<Payload> frame) {
        List<ByteBuffer> buffers = new ArrayList<>(frame.size());
        for (Payload part : frame) {
            if (!(part instanceof Payload.InMemory(ByteBuffer bytes))) {
                throw new IllegalArgumentException("a client sends what is in memory, not a " + part.getClass());
            }
            buffers.add(bytes.duplicate());
        }
        return buffers.toArray(ByteBuffer[]::new);
    }

    private ByteBuffer fill(ByteBuffer into) throws IOException {
        ahead.moveTo(into);
        while (into.hasRemaining()) {
            checkGoesOn(transport.read(into));
        }
        return into.flip();
    }

    private void checkGoesOn(int count) throws EOFException {
        if (count < 0) {
            throw new EOFException(transport.remoteAddress() + " has ended the connection");
        }
    }

    /** Whether an answer has not come for so long: a peer that is gone without a word never answers, and nothing else tells. */
    public boolean isOverdue(long patienceMs) {
        return isWaiting && clock.nanos() - askedAtNanos > TimeUnit.MILLISECONDS.toNanos(patienceMs);
    }

    public boolean isOpen() {
        return transport.isOpen();
    }

    @Override
    public void close() {
        try {
            transport.close();
        } catch (IOException e) {
            System.getLogger(FrameClient.class.getName())
                    .log(System.Logger.Level.DEBUG, "closing the connection to {0}", transport.remoteAddress());
        }
    }
}
