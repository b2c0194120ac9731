package io.milena.network;

import io.milena.runtime.Transport;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;

/**
 * One TCP connection.
 *
 * <p>{@code FileChannel.transferTo} to a socket in blocking mode holds its carrier thread while the peer does not read, unless the descriptor is already non-blocking, which it is
 * once a virtual thread has read from it. Then a full socket takes nothing (0), and the next piece is written through a buffer, which parks the virtual thread.
 */
final class SocketTransport implements Transport {
    private static final int DETOUR_BYTES = 32 * 1024;

    private final SocketChannel channel;
    private final InetSocketAddress localAddress;
    private final InetSocketAddress remoteAddress;

    SocketTransport(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        this.localAddress = (InetSocketAddress) channel.getLocalAddress();
        this.remoteAddress = (InetSocketAddress) channel.getRemoteAddress();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return channel.read(into);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        return channel.write(from);
    }

    @Override
    public void writeFully(ByteBuffer[] buffers) throws IOException {
        int first = 0;
        while (first < buffers.length) {
            if (buffers[first].hasRemaining()) {
                channel.write(buffers, first, buffers.length - first);
            } else {
                first++;
            }
        }
    }

    @Override
    public void writeFully(FileChannel file, long position, long count) throws IOException {
        long at = position;
        long end = position + count;
        while (at < end) {
            long sent = file.transferTo(at, end - at, channel);
            at += sent > 0 ? sent : writeThroughBuffer(file, at, end - at);
        }
    }

    private int writeThroughBuffer(FileChannel file, long position, long count) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(count, DETOUR_BYTES));
        if (file.read(piece, position) < 0) {
            throw new EOFException("a file ends at " + position + ", " + count + " bytes too early");
        }
        piece.flip();
        int size = piece.remaining();
        while (piece.hasRemaining()) {
            channel.write(piece);
        }
        return size;
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
