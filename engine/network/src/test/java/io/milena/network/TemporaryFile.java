package io.milena.network;

import io.milena.protocol.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A file whose parts are sent, and how often they were let go of. */
final class TemporaryFile implements AutoCloseable {
    private final FileChannel channel;
    private final AtomicInteger given = new AtomicInteger();
    private final AtomicInteger released = new AtomicInteger();
    private final Queue<Attempt> prepared = new ConcurrentLinkedQueue<>();

    TemporaryFile(Path path, byte[] content) throws IOException {
        channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    Payload.InFile part(long position, int sizeInBytes) {
        return part(position, sizeInBytes, Integer.MAX_VALUE);
    }

    /** A part that is sent in pieces. */
    Payload.InFile part(long position, int sizeInBytes, int bytesAtOnce) {
        given.incrementAndGet();
        return new Part(position, sizeInBytes, bytesAtOnce);
    }

    /** Which bytes were prepared to be sent, in order. */
    List<Attempt> prepared() {
        return List.copyOf(prepared);
    }

    /** Parts that nobody has let go of; negative if someone did twice. */
    int held() {
        return given.get() - released.get();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Some bytes of the file. */
    record Attempt(long from, long count) {}

    private final class Part implements Payload.InFile {
        private final long position;
        private final int sizeInBytes;
        private final int bytesAtOnce;

        Part(long position, int sizeInBytes, int bytesAtOnce) {
            this.position = position;
            this.sizeInBytes = sizeInBytes;
            this.bytesAtOnce = bytesAtOnce;
        }

        @Override
        public FileChannel channel() {
            return channel;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public int bytesAtOnce() {
            return bytesAtOnce;
        }

        @Override
        public void prepare(long from, long count) {
            prepared.add(new Attempt(from, count));
        }

        @Override
        public void release() {
            released.incrementAndGet();
        }

        @Override
        public int sizeInBytes() {
            return sizeInBytes;
        }
    }
}
