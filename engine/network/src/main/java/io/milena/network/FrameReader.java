package io.milena.network;

import io.milena.runtime.Transport;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a connection's incoming bytes into frames. Used by the reader only, one thread at a time.
 *
 * <pre>
 * size   int32, of what follows; 1 to socket.request.max.bytes
 * frame  size bytes
 * </pre>
 *
 * <p>A size is a promise. What it gets at once is {@link #FIRST_BYTES} or four times the largest frame that this client has ever completed, and four times as much whenever that is full: a client holds
 * no more than about four times what it really sent, and one that sends large frames all the time has none of them copied but the first.
 */
final class FrameReader {
    static final int FIRST_BYTES = 64 * 1024;
    private static final int GROWTH = 4;

    /** How a TLS client begins: type and version of its first record. */
    private static final int TLS_HANDSHAKE = 0x1603;

    private final Transport transport;
    private final FrameBuffers buffers;
    private final Activity activity;
    private final ConnectionStatistics statistics;
    private final int frameBytesMax;
    private final ReadAhead ahead;
    private int largestFrame;

    FrameReader(
            Transport transport,
            FrameBuffers buffers,
            Activity activity,
            ConnectionStatistics statistics,
            int frameBytesMax) {
        this.transport = transport;
        this.ahead = new ReadAhead(transport);
        this.buffers = buffers;
        this.activity = activity;
        this.statistics = statistics;
        this.frameBytesMax = frameBytesMax;
    }

    /**
     * The next frame, from position 0 to the limit; the caller closes it.
     *
     * @return null if the client has ended the connection
     * @throws CloseConnection if the client breaks the rules
     */
    FrameBuffers.@Nullable Lease next() throws IOException, InterruptedException {
        if (!hasSize()) {
            return null;
        }
        int bytes = ahead.takeInt();
        if (bytes > frameBytesMax && bytes >>> 16 == TLS_HANDSHAKE) {
            throw new CloseConnection("it speaks TLS, which this listener does not: a Kafka client needs"
                    + " security.protocol=PLAINTEXT, or the broker a listener that is SSL");
        }
        if (bytes <= 0 || bytes > frameBytesMax) {
            throw new CloseConnection(
                    "a request of " + bytes + " bytes is not between 1 and socket.request.max.bytes, " + frameBytesMax);
        }
        FrameBuffers.Lease frame = frame(bytes);
        largestFrame = Math.max(largestFrame, bytes);
        statistics.requestReceived();
        return frame;
    }

    /** Whether something of the frame behind the last one came with it. */
    boolean hasReadMore() {
        return ahead.available() > 0;
    }

    /** Whether something of the frame behind the last one is there already. Asks the system. */
    boolean hasMore() {
        return hasReadMore() || transport.hasArrived();
    }

    private boolean hasSize() throws IOException {
        activity.reads(ahead.available() == 0 ? Activity.Reading.AWAITS_FRAME : Activity.Reading.WITHIN_FRAME);
        while (ahead.available() < Integer.BYTES) {
            if (noted(ahead.receive()) < 0) {
                if (ahead.available() == 0) {
                    return false;
                }
                throw endsWithinARequest();
            }
            activity.reads(Activity.Reading.WITHIN_FRAME);
        }
        return true;
    }

    private FrameBuffers.Lease frame(int bytes) throws IOException, InterruptedException {
        activity.reads(Activity.Reading.HANDLES);
        FrameBuffers.Lease frame = buffers.take((int) Math.min(bytes, trust()));
        boolean isWhole = false;
        try {
            ahead.moveTo(frame.buffer());
            while (true) {
                activity.received();
                activity.reads(Activity.Reading.WITHIN_FRAME);
                fill(frame.buffer());
                activity.reads(Activity.Reading.HANDLES);
                if (frame.buffer().position() == bytes) {
                    break;
                }
                frame.grow((int) Math.min(bytes, (long) GROWTH * frame.buffer().position()));
            }
            frame.buffer().flip();
            isWhole = true;
            return frame;
        } finally {
            if (!isWhole) {
                frame.close();
            }
        }
    }

    private long trust() {
        return Math.max(FIRST_BYTES, (long) GROWTH * largestFrame);
    }

    private void fill(ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (noted(transport.read(into)) < 0) {
                throw endsWithinARequest();
            }
        }
    }

    private int noted(int count) {
        if (count > 0) {
            statistics.received(count);
            activity.received();
        }
        return count;
    }

    private static EOFException endsWithinARequest() {
        return new EOFException("the connection ended within a request");
    }
}
