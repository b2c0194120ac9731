package io.milena.log;

import io.milena.log.disk.Checkpoint;
import io.milena.log.disk.Shortage;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whether the disk of a data directory works. After the first failure of a write or force the whole directory is offline until the process is started anew, with all its logs: nobody knows
 * what the disk holds, and the next write would only learn the same. Safe for use by many threads; takes no lock of a log, so that it may be called with one.
 */
final class DirectoryHealth {
    private static final System.Logger LOG = System.getLogger(DirectoryHealth.class.getName());

    private static final String PROBE = ".milena-probe";

    private final Path directory;
    private final Collection<Log> logs;
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    private volatile Runnable whenFailed = () -> {};

    /** @param logs a view of the logs that are in the directory at the moment */
    DirectoryHealth(Path directory, Collection<Log> logs) {
        this.directory = directory;
        this.logs = logs;
    }

    boolean isOffline() {
        return failure.get() != null;
    }

    /** Takes the directory and its logs offline. */
    void failed(String doing, IOException e) {
        if (failure.compareAndSet(null, e)) {
            LOG.log(
                    Level.ERROR,
                    "The data directory " + directory + " goes offline with its " + logs.size() + " logs: " + doing
                            + " has failed",
                    e);
        }
        logs.forEach(log -> log.health().tell());
        whenFailed.run();
    }

    /** Forces something where the directory works; a failure is that of the directory. */
    void whileOnline(String doing, Forcing.Forceable work) throws IOException {
        if (isOffline()) {
            return;
        }
        try {
            work.force();
        } catch (IOException e) {
            failedUnlessShort(doing, e);
            throw e;
        }
    }

    /** Something has failed, and was not only short of space or open files. */
    private void failedUnlessShort(String doing, IOException e) {
        if (Shortage.behind(e) == null) {
            failed(doing, e);
        }
    }

    /** @param action returns at once, and takes no lock that is held while something is written */
    void whenFailed(Runnable action) {
        whenFailed = action;
        if (isOffline()) {
            action.run();
        }
    }

    /** Looks whether the directory is where it was, as one is not whose file system went away; cheap. */
    boolean isThere() {
        if (isOffline()) {
            return false;
        }
        try {
            Files.readAttributes(directory.resolve(DirectoryLock.FILE), BasicFileAttributes.class);
        } catch (IOException e) {
            failedUnlessShort("looking for it", e);
        }
        return !isOffline();
    }

    /** Has the disk prove that it takes and keeps a few bytes, after something has failed that need not be its fault. */
    void probe() {
        if (!isThere()) {
            return;
        }
        Path file = directory.resolve(PROBE);
        try {
            Files.writeString(file, "?");
            Checkpoint.force(file);
            Files.delete(file);
        } catch (IOException e) {
            failedUnlessShort("a probe", e);
        }
    }
}
