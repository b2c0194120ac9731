package io.milena.embedded;

import io.milena.runtime.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.Consumer;

/** A connection of which is known that it is open, and how much was sent and received. */
class Direct implements Transport {
    private final Transport socket;
    private final Wire wire;
    private final Consumer<Direct> onClose;

    Direct(Transport socket, Wire wire, Consumer<Direct> onClose) {
        this.socket = socket;
        this.wire = wire;
        this.onClose = onClose;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int count = socket.read(into);
        wire.received(Math.max(count, 0));
        return count;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int count = socket.write(from);
        wire.sent(count);
        return count;
    }

    @Override
    public void writeFully(ByteBuffer[] buffers) throws IOException {
        long count = 0;
        for (ByteBuffer buffer : buffers) {
            count += buffer.remaining();
        }
        wire.sent(count);
        socket.writeFully(buffers);
    }

    @Override
    public long write(FileChannel file, long position, long count) throws IOException {
        wire.sent(count);
        long sent = socket.write(file, position, count);
        wire.sent(sent - count);
        return sent;
    }

    @Override
    public boolean hasArrived() {
        return socket.hasArrived();
    }

    @Override
    public InetSocketAddress localAddress() {
        return socket.localAddress();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return socket.remoteAddress();
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() throws IOException {
        onClose.accept(this);
        socket.close();
    }
}
