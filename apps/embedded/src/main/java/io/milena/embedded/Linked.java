package io.milena.embedded;

import io.milena.runtime.Deadline;
import io.milena.runtime.Transport;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.FileChannel;
import java.util.function.Consumer;

/** The connection of a broker to another one: while the link is cut, what is sent stays here and what comes stays there. */
final class Linked extends Direct {
    private final Links links;
    private final Links.Link link;

    Linked(Transport socket, Wire wire, Consumer<Direct> onClose, Links links, Links.Link link) {
        super(socket, wire, onClose);
        this.links = links;
        this.link = link;
    }

    private void awaitLink() throws IOException {
        try {
            links.changed().await(() -> !links.isCut(link) || !isOpen(), Deadline.never());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the link was cut");
        }
        if (!isOpen()) {
            throw new AsynchronousCloseException();
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int count = super.read(into);
        awaitLink();
        return count;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        awaitLink();
        return super.write(from);
    }

    @Override
    public void writeFully(ByteBuffer[] buffers) throws IOException {
        awaitLink();
        super.writeFully(buffers);
    }

    @Override
    public long write(FileChannel file, long position, long count) throws IOException {
        awaitLink();
        return super.write(file, position, count);
    }

    @Override
    public void close() throws IOException {
        super.close();
        links.changed().raise();
    }
}
