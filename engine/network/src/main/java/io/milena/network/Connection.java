package io.milena.network;

import io.milena.protocol.Payload;
import io.milena.runtime.Clock;
import io.milena.runtime.Transport;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * One client. Its reader thread runs {@link #read()}, its writer thread {@link #write()}; whichever ends first closes the transport, and so ends the other.
 */
final class Connection {
    private static final System.Logger LOG = System.getLogger(Connection.class.getName());
    private static final int REPLIES_MAX = 64;

    /** Behind the last reply. */
    private enum End implements Reply {
        INSTANCE;

        @Override
        public List<Payload> await() {
            return List.of();
        }
    }

    private final Transport transport;
    private final FrameHandler handler;
    private final FrameBuffers buffers;
    private final Clock clock;
    private final int frameBytesMax;
    private final BlockingQueue<Reply> replies = new ArrayBlockingQueue<>(REPLIES_MAX);
    private volatile long lastActiveNanos;
    private volatile boolean isWriterGone;

    Connection(Transport transport, FrameHandler handler, FrameBuffers buffers, Clock clock, int frameBytesMax) {
        this.transport = transport;
        this.handler = handler;
        this.buffers = buffers;
        this.clock = clock;
        this.frameBytesMax = frameBytesMax;
        this.lastActiveNanos = clock.nanos();
    }

    long idleNanos() {
        return replies.isEmpty() ? clock.nanos() - lastActiveNanos : 0;
    }

    /** Takes frames until the client ends the connection or breaks the rules. */
    void read() throws InterruptedException {
        try {
            ByteBuffer size = ByteBuffer.allocateDirect(Integer.BYTES);
            while (readFully(size.clear(), true)) {
                replies.put(handle(size.flip().getInt()));
                if (isWriterGone) {
                    replies.clear();
                }
            }
        } catch (CloseConnection e) {
            LOG.log(Level.WARNING, "Closing the connection of {0}: {1}", transport.remoteAddress(), e.getMessage());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "Connection of {0} is gone: {1}", transport.remoteAddress(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(
                    Level.ERROR,
                    "Closing the connection of " + transport.remoteAddress() + " after an unexpected failure",
                    e);
        } finally {
            if (isWriterGone) {
                replies.clear();
            }
            replies.put(End.INSTANCE);
        }
    }

    private Reply handle(int size) throws IOException, InterruptedException {
        lastActiveNanos = clock.nanos();
        if (size <= 0 || size > frameBytesMax) {
            throw new CloseConnection(
                    "a request of " + size + " bytes is not between 1 and socket.request.max.bytes, " + frameBytesMax);
        }
        ByteBuffer frame = buffers.take(size);
        try {
            readFully(frame, false);
            return handler.handle(frame.flip());
        } finally {
            buffers.release(frame, size);
        }
    }

    /** @return false if the stream ends before the first byte, where that is allowed */
    private boolean readFully(ByteBuffer into, boolean mayEnd) throws IOException {
        while (into.hasRemaining()) {
            if (transport.read(into) < 0) {
                if (mayEnd && into.position() == 0) {
                    return false;
                }
                throw new EOFException("the connection ended within a request");
            }
        }
        return true;
    }

    /** Sends replies in order until there is no more, then closes the connection. */
    void write() throws InterruptedException {
        try {
            for (Reply reply = replies.take(); !(reply instanceof End); reply = replies.take()) {
                send(reply.await());
                lastActiveNanos = clock.nanos();
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "Cannot answer {0}: {1}", transport.remoteAddress(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(
                    Level.ERROR,
                    "Closing the connection of " + transport.remoteAddress() + " after an unexpected failure",
                    e);
        } finally {
            isWriterGone = true;
            replies.clear();
            close();
        }
    }

    private void send(List<Payload> parts) throws IOException {
        try {
            List<ByteBuffer> inMemory = new ArrayList<>(parts.size());
            for (Payload part : parts) {
                switch (part) {
                    case Payload.InMemory(ByteBuffer bytes) -> inMemory.add(bytes.duplicate());
                    case Payload.InFile file -> {
                        flush(inMemory);
                        transport.writeFully(file.channel(), file.position(), file.sizeInBytes());
                    }
                    default -> throw new IllegalStateException("cannot send a " + part.getClass());
                }
            }
            flush(inMemory);
        } finally {
            for (Payload part : parts) {
                if (part instanceof Payload.InFile file) {
                    file.release();
                }
            }
        }
    }

    private void flush(List<ByteBuffer> inMemory) throws IOException {
        if (!inMemory.isEmpty()) {
            transport.writeFully(inMemory.toArray(ByteBuffer[]::new));
            inMemory.clear();
        }
    }

    /** Ends both threads, the writer when its current wait is over. */
    void close() {
        try {
            transport.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "Closing a connection", e);
        }
    }
}
