package io.milena.log.disk;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that takes some space for a disk that is full to its last byte, because of another program perhaps: it goes then, so that what frees space can be written down. It comes back when
 * there is space again. Guarded by the lock of its {@link DiskSpace}.
 */
public final class SpareSpace {
    private static final System.Logger LOG = System.getLogger(SpareSpace.class.getName());
    public static final String FILE = ".milena-spare";
    /** Checkpoints of some ten thousand partitions. */
    private static final long SIZE_MAX = 1 << 20;

    private static final int SHARE = 8;
    private static final int BLOCK_BYTES = 4096;

    private final Path file;
    private final long sizeInBytes;
    private boolean isThere;

    /** @param reserveBytes of which it is a small part; 0 for no spare */
    SpareSpace(Path directory, long reserveBytes) {
        this.file = directory.resolve(FILE);
        this.sizeInBytes = Math.min(SIZE_MAX, reserveBytes / SHARE);
        this.isThere = Files.exists(file);
    }

    public long sizeInBytes() {
        return sizeInBytes;
    }

    /** Makes it, if it is not there; what fails is tried again. */
    public void keep() {
        if (isThere || sizeInBytes == 0) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(BLOCK_BYTES);
            for (long at = 0; at < sizeInBytes; at += BLOCK_BYTES) {
                zeros.clear();
                while (zeros.hasRemaining()) {
                    channel.write(zeros, at + zeros.position());
                }
            }
            isThere = true;
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "No spare space in {0}: {1}", file, e.getMessage());
            give();
        }
    }

    /** Deletes it. */
    public void give() {
        try {
            Files.deleteIfExists(file);
            isThere = false;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The spare space {0} cannot be given up: {1}", file, e.getMessage());
        }
    }
}
