package io.milena.network;

import io.milena.runtime.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;

/**
 * One TCP connection, used from virtual threads and, while it is busy, from threads of the system.
 *
 * <p>{@code FileChannel.transferTo} to a socket in blocking mode holds its carrier thread while the peer does not read, unless the descriptor is already non-blocking, which it is
 * once a virtual thread has read from it or written to it. Then a full socket takes nothing (0), and the next piece is written through a buffer, which parks the virtual thread.
 */
final class SocketTransport implements Transport {
    /** The JDK copies heap buffers into direct ones it keeps per thread of the system, the whole rest at each attempt: so never offer it much at once. */
    private static final int WRITE_BYTES_MAX = 128 * 1024;

    private static final int DETOUR_BYTES = 32 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    /** Only to be asked what has arrived, which a channel does not tell. */
    private final InputStream arrivals;

    private final InetSocketAddress localAddress;
    private final InetSocketAddress remoteAddress;

    SocketTransport(SocketChannel channel) throws IOException {
        this.channel = channel;
        this.arrivals = channel.socket().getInputStream();
        this.localAddress = (InetSocketAddress) channel.getLocalAddress();
        this.remoteAddress = (InetSocketAddress) channel.getRemoteAddress();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return channel.read(into);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        if (from.remaining() <= WRITE_BYTES_MAX) {
            return channel.write(from);
        }
        int limit = from.limit();
        try {
            return channel.write(from.limit(from.position() + WRITE_BYTES_MAX));
        } finally {
            from.limit(limit);
        }
    }

    @Override
    public void writeFully(ByteBuffer[] buffers) throws IOException {
        int first = 0;
        while (first < buffers.length) {
            if (!buffers[first].hasRemaining()) {
                first++;
            } else {
                int end = endOfRun(buffers, first);
                if (end == first + 1) {
                    write(buffers[first]);
                } else {
                    channel.write(buffers, first, end - first);
                }
            }
        }
    }

    /** Buffers from {@code first} on that may go in one write: one at least. */
    private static int endOfRun(ByteBuffer[] buffers, int first) {
        long bytes = buffers[first].remaining();
        int end = first + 1;
        while (end < buffers.length && bytes + buffers[end].remaining() <= WRITE_BYTES_MAX) {
            bytes += buffers[end].remaining();
            end++;
        }
        return end;
    }

    @Override
    public long write(FileChannel file, long position, long count) throws IOException {
        // Makes the descriptor non-blocking, in case no virtual thread has read yet; one of the system comes later.
        channel.write(NOTHING.duplicate());
        long sent = file.transferTo(position, count, channel);
        return sent > 0 ? sent : writeThroughBuffer(file, position, count);
    }

    private int writeThroughBuffer(FileChannel file, long position, long count) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(count, DETOUR_BYTES));
        if (file.read(piece, position) < 0) {
            throw fileEndsEarly(position, count);
        }
        piece.flip();
        int size = piece.remaining();
        while (piece.hasRemaining()) {
            channel.write(piece);
        }
        return size;
    }

    /** Whoever promised these bytes was wrong, and the client cannot be told any more. */
    static IllegalStateException fileEndsEarly(long position, long missing) {
        return new IllegalStateException(
                "a file ends at " + position + ", " + missing + " bytes before what was to be sent");
    }

    @Override
    public boolean hasArrived() {
        try {
            return arrivals.available() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }
}
