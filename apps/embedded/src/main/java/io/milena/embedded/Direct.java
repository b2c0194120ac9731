package io.milena.embedded;

import io.milena.runtime.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.Consumer;

/** A connection of which is known that it is open. */
class Direct implements Transport {
    private final Transport socket;
    private final Consumer<Direct> onClose;

    Direct(Transport socket, Consumer<Direct> onClose) {
        this.socket = socket;
        this.onClose = onClose;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return socket.read(into);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        return socket.write(from);
    }

    @Override
    public void writeFully(ByteBuffer[] buffers) throws IOException {
        socket.writeFully(buffers);
    }

    @Override
    public void writeFully(FileChannel file, long position, long count) throws IOException {
        socket.writeFully(file, position, count);
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
