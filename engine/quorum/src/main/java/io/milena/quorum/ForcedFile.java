package io.milena.quorum;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that only grows, forced after each write. An interrupt closes a {@link FileChannel}, and the thread that appends may be that of a client who is gone; so
 * an interrupted write is done again on a new channel, at the same position, and the interrupt is kept for later. Not safe for use by many threads.
 */
final class ForcedFile implements Closeable {
    private final Path path;
    private FileChannel channel;
    private long sizeInBytes;

    private ForcedFile(Path path, FileChannel channel, long sizeInBytes) {
        this.path = path;
        this.channel = channel;
        this.sizeInBytes = sizeInBytes;
    }

    /** Opens or creates a file. The name of a new one is safe when its directory has been forced. */
    static ForcedFile open(Path path) throws IOException {
        FileChannel channel = openChannel(path);
        return new ForcedFile(path, channel, channel.size());
    }

    private static FileChannel openChannel(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    Path path() {
        return path;
    }

    long sizeInBytes() {
        return sizeInBytes;
    }

    void truncate(long newSizeInBytes) throws IOException {
        channel.truncate(newSizeInBytes);
        channel.force(true);
        sizeInBytes = newSizeInBytes;
    }

    void append(ByteBuffer bytes) throws IOException {
        boolean isInterrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    writeAndForce(bytes.duplicate());
                    sizeInBytes += bytes.remaining();
                    return;
                } catch (ClosedByInterruptException e) {
                    isInterrupted = true;
                    boolean ignored = Thread.interrupted();
                    channel = openChannel(path);
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void writeAndForce(ByteBuffer bytes) throws IOException {
        long at = sizeInBytes;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Makes created, renamed and deleted names survive a power cut. */
    static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
