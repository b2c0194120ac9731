package io.milena.log;

import io.milena.log.disk.Checkpoint;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What moves leave in a data directory: copies that are on their way to it, markers, and the files of logs that are elsewhere by now. Safe for use by many threads. */
final class MoveTraces {
    private static final System.Logger LOG = System.getLogger(MoveTraces.class.getName());

    private final Path path;
    private final DirectoryLoader loader;
    private final Collection<Log> logs;
    private final LogServices services;
    private final Queue<FutureFolder> again = new ConcurrentLinkedQueue<>();

    /** @param logs a view of the logs that are in the directory at the moment */
    MoveTraces(Path path, DirectoryLoader loader, Collection<Log> logs, LogServices services) {
        this.path = path;
        this.loader = loader;
        this.logs = logs;
        this.services = services;
    }

    /** The logs that were about to be moved, here or elsewhere, when an earlier process ended. */
    List<Log> marked() {
        return loader.marked().stream().filter(logs::contains).toList();
    }

    /** What was on its way here when an earlier process ended. */
    List<FutureFolder> futures() {
        again.addAll(loader.futures());
        loader.futures().clear();
        return List.copyOf(again);
    }

    /** A copy that came here does not count: the move is to begin again. */
    void again(Log copy) {
        FutureFolder folder = FutureFolder.of(copy, path);
        try {
            folder.make();
            again.add(folder);
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "{0} will not move here again: {1}",
                    copy.identity().name(),
                    e.getMessage());
            services.directory().probe();
        }
    }

    /** Nothing is on its way here by that name. */
    void forget(FutureFolder folder) {
        again.remove(folder);
        services.trash().addDirectory(folder.path(), 0);
    }

    /** Deletes the files of a log that is elsewhere by now. A failure leaves them to the next start. */
    void discard(LogIdentity old, long delayMs) {
        try {
            Durability.makeVoid(List.of(old), services);
            services.trash().forgetSegmentsIn(old.directory());
            if (Files.exists(old.directory())) {
                Path doomed = old.directory();
                for (int i = 1; Files.exists(doomed); i++) {
                    doomed = TrashedPartition.beside(old, ".moved" + i + Trash.DIRECTORY_ENDING);
                }
                Files.move(old.directory(), doomed, StandardCopyOption.ATOMIC_MOVE);
                Checkpoint.forceDirectory(path);
                services.trash().addDirectory(doomed, delayMs);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Cannot delete {0}; the next start does: {1}", old.directory(), e.getMessage());
            services.directory().probe();
        }
    }

    /** The log is here, whatever becomes of the move. */
    void unmark(Log log) {
        try {
            MoveMarker.delete(log.identity().directory());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Cannot delete a marker; the next start does: {0}", e.getMessage());
            services.directory().probe();
        }
    }
}
