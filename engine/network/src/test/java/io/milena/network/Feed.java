package io.milena.network;

import io.milena.runtime.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.random.RandomGenerator;

/** A connection whose client has sent given bytes and left. They come in pieces as the seed says. */
class Feed implements Transport {
    private final ByteBuffer rest;
    private final RandomGenerator random;
    private boolean isOpen = true;

    Feed(byte[] bytes, RandomGenerator random) {
        this.rest = ByteBuffer.wrap(bytes);
        this.random = random;
    }

    /** Bytes that nobody has read. */
    int remaining() {
        return rest.remaining();
    }

    @Override
    public int read(ByteBuffer into) {
        if (!rest.hasRemaining()) {
            return -1;
        }
        int most = Math.min(rest.remaining(), into.remaining());
        int count = random.nextBoolean() || most == 0 ? most : 1 + random.nextInt(most);
        into.put(rest.slice(rest.position(), count));
        rest.position(rest.position() + count);
        return count;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        throw new IOException("the client has left");
    }

    @Override
    public void writeFully(ByteBuffer[] buffers) throws IOException {
        throw new IOException("the client has left");
    }

    @Override
    public long write(FileChannel file, long position, long count) throws IOException {
        throw new IOException("the client has left");
    }

    @Override
    public boolean hasArrived() {
        return rest.hasRemaining();
    }

    @Override
    public InetSocketAddress localAddress() {
        return InetSocketAddress.createUnresolved("server", 1);
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return InetSocketAddress.createUnresolved("client", 2);
    }

    @Override
    public boolean isOpen() {
        return isOpen;
    }

    @Override
    public void close() {
        isOpen = false;
    }
}
