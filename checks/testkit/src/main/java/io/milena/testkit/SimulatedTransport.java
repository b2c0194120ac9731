package io.milena.testkit;

import io.milena.runtime.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;

/** One end of a {@link SimulatedConnection}. */
final class SimulatedTransport implements Transport {
    private static final int TRANSFER_BYTES = 16 * 1024;

    private final SimulatedPipe in;
    private final SimulatedPipe out;
    private final InetSocketAddress localAddress;
    private final InetSocketAddress remoteAddress;
    private final Runnable pause;
    private boolean isClosed;

    SimulatedTransport(
            SimulatedPipe in,
            SimulatedPipe out,
            InetSocketAddress localAddress,
            InetSocketAddress remoteAddress,
            Runnable pause) {
        this.in = in;
        this.out = out;
        this.localAddress = localAddress;
        this.remoteAddress = remoteAddress;
        this.pause = pause;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return perform(() -> in.read(target));
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return perform(() -> out.write(source));
    }

    @FunctionalInterface
    private interface Work {
        int run() throws IOException;
    }

    private int perform(Work work) throws IOException {
        ensureOpen();
        pause.run();
        ensureOpen();
        try {
            return work.run();
        } catch (ClosedByInterruptException e) {
            close();
            throw e;
        }
    }

    private void ensureOpen() throws ClosedChannelException {
        if (isClosed) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public void writeFully(ByteBuffer[] buffers) throws IOException {
        // One call, as the kernel gathers: what is written together is on its way together, unless it is split.
        int bytes = 0;
        for (ByteBuffer buffer : buffers) {
            bytes += buffer.remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(bytes);
        for (ByteBuffer buffer : buffers) {
            all.put(buffer);
        }
        all.flip();
        while (all.hasRemaining()) {
            write(all);
        }
    }

    @Override
    public long write(FileChannel file, long position, long count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(TRANSFER_BYTES, count));
        int read = file.read(buffer, position);
        if (read < 0) {
            throw new IOException("the file ends " + count + " bytes before what is to be sent");
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
            write(buffer);
        }
        return read;
    }

    @Override
    public boolean hasArrived() {
        return in.hasArrived();
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public boolean isOpen() {
        return !isClosed;
    }

    @Override
    public void close() {
        isClosed = true;
        in.closeReader();
        out.closeWriter();
    }
}
