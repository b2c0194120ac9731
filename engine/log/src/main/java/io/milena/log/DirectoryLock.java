package io.milena.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The exclusive right to a data directory, held through its {@code .lock} file until {@link #release()} or the end of the process. */
final class DirectoryLock {
    static final String FILE = ".lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    static DirectoryLock take(Path directory) throws IOException {
        FileChannel channel = open(directory);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new DirectoryLock(channel);
            }
        } catch (OverlappingFileLockException e) {
            // held by this process: the same answer
        }
        channel.close();
        throw new DirectoryInUseException(directory);
    }

    /** The first thing that is written to a data directory, and so the first that fails where nothing can be. */
    private static FileChannel open(Path directory) throws IOException {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new IOException("the data directory " + directory + " is a file");
        }
        try {
            return FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (AccessDeniedException e) {
            throw new IOException(
                    "the data directory " + directory + " cannot be used: this user may not write to it", e);
        } catch (FileSystemException e) {
            throw new IOException("the data directory " + directory + " cannot be used: " + e.getReason(), e);
        }
    }

    void release() {
        try {
            channel.close();
        } catch (IOException e) {
            System.getLogger(DirectoryLock.class.getName()).log(System.Logger.Level.DEBUG, "closing the lock file", e);
        }
    }
}
