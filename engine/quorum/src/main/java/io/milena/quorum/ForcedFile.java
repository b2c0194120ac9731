package io.milena.quorum;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that only grows, forced after each write. Not safe for use by many threads. */
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

    /**
     * Interrupts do not stop it; see {@link Uninterrupted}.
     *
     * @throws NotAppendedException if there is no space, for example: the file is as it was before; after any other failure nobody knows what the disk holds
     */
    void append(ByteBuffer bytes) throws IOException {
        Uninterrupted.finish(() -> {
            if (!channel.isOpen()) {
                channel = openChannel(path);
            }
            writeAndForce(bytes.duplicate());
        });
        sizeInBytes += bytes.remaining();
    }

    private void writeAndForce(ByteBuffer bytes) throws IOException {
        try {
            long at = sizeInBytes;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        } catch (ClosedByInterruptException e) {
            throw e; // it is begun again
        } catch (IOException e) {
            channel.truncate(sizeInBytes);
            throw new NotAppendedException(e);
        }
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Makes what another has written to a file survive a power cut. */
    static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Makes created, renamed and deleted names survive a power cut. */
    static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
