package io.milena.log;

import io.milena.log.disk.Checkpoint;
import io.milena.log.disk.OpenFiles;
import io.milena.log.disk.Pace;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A log on its way to another data directory: it is copied beside its life, the rest while appends wait, then the metadata say where it is, and that is the move. Before that moment the old
 * files count, from then on the new ones; see {@link MoveMarker} for what a start makes of both; it begins anew what had not come so far. Driven by one thread; others may ask how far it is, and cancel it.
 *
 * <pre>
 * copy forced, with a marker | old place marked | copy takes its name | checkpoints of the new place | metadata | old files renamed | marker removed
 * </pre>
 */
public final class LogMove {
    private static final System.Logger LOG = System.getLogger(LogMove.class.getName());
    /** What may be left to be copied while appends wait. */
    private static final long REST_BYTES = 4 << 20;
    /** How much of the active segment is read again while appends wait. */
    private static final int ACTIVE_BYTES = 8 << 20;

    private final Log log;
    private final LogDirectory from;
    private final LogDirectory to;
    private final Pace pace;
    private final FutureFolder folder;
    private final LogCopy copy;
    private volatile boolean isCancelled;
    private volatile boolean isInterrupted;

    LogMove(Log log, LogDirectory from, LogDirectory to, Pace pace) {
        this.log = log;
        this.from = from;
        this.to = to;
        this.pace = pace;
        this.folder = FutureFolder.of(log, to.path());
        this.copy = new LogCopy(log, folder);
    }

    /** Makes the metadata say durably that the partition is in the new directory. */
    @FunctionalInterface
    public interface Commit {
        /**
         * False if it is not so, and will not be.
         *
         * @throws IOException if nobody knows whether it is so
         */
        boolean commit() throws IOException;
    }

    /** Whoever has the metadata: calls {@link #finish} while nobody else changes what is there. */
    @FunctionalInterface
    public interface Finisher {
        boolean finish(LogMove move) throws IOException, InterruptedException;
    }

    public Log log() {
        return log;
    }

    public LogDirectory target() {
        return to;
    }

    /** Of what is copied. */
    public long sizeInBytes() {
        return copy.sizeInBytes();
    }

    /** How many offsets are not copied yet. */
    public long offsetLag() {
        return Math.max(0, log.logEndOffset() - copy.endOffset());
    }

    /** Has the next start know of it, when the name is forced. */
    void note() {
        try {
            folder.make();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "A start will not know of the move to {0}: {1}", folder.path(), e.getMessage());
            to.probe();
        }
    }

    /** It is not wanted any more. */
    void cancel() {
        isCancelled = true;
    }

    /** The process stops; the next one goes on. */
    void interrupt() {
        isInterrupted = true;
    }

    /** Whether it makes no sense any more, or must wait for the next start. */
    public boolean isOver() {
        return isCancelled || isInterrupted || log.isOffline() || from.isOffline() || to.isOffline();
    }

    /** Carries it out; false if it was cancelled, or its end made no sense any more or could not be noted. */
    boolean run(Finisher finisher) throws IOException, InterruptedException {
        try {
            copy.begin();
            log.movable().seal(1);
            do {
                copy.round(this::pay);
                log.movable().seal(ACTIVE_BYTES);
            } while (!isOver() && copy.missingBytes() > REST_BYTES);
            return !isOver() && finisher.finish(this);
        } catch (IOException e) {
            from.probe();
            to.probe();
            if (isOver()) {
                return false;
            }
            throw e;
        } finally {
            leave();
        }
    }

    /** What is left of it: for the next start a note, where one of the disks has failed or the process stops; else nothing. */
    private void leave() {
        boolean isForLater = !isCancelled && (isInterrupted || from.isOffline());
        if (!Files.exists(folder.path())) {
            return; // it is where the log is by now
        }
        if (!isForLater) {
            clear(folder.path());
        } else if (!isInterrupted && !to.isOffline()) {
            try {
                folder.empty();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "Cannot empty {0}: {1}", folder.path(), e.getMessage());
            }
        }
    }

    /** Nobody will carry it out. */
    void forget() {
        clear(folder.path());
    }

    private void pay(long bytes) throws IOException, InterruptedException {
        if (isOver()) {
            throw new IOException("the move of " + log.identity().name() + " is over");
        }
        if (!to.services().space().hasRoomFor(bytes)) {
            throw new IOException("the disk of " + to.path() + " is short of space");
        }
        pace.spend(bytes);
    }

    private void clear(Path leftover) {
        try {
            if (!to.isOffline()) {
                Trash.deleteRecursively(leftover);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Cannot delete {0}; the next start does: {1}", leftover, e.getMessage());
        }
    }

    /** The end of it. Appends wait meanwhile. */
    public boolean finish(Commit commit) throws IOException, InterruptedException {
        return log.movable().whileStill(() -> !isOver() && carryOut(commit));
    }

    private boolean carryOut(Commit commit) throws IOException, InterruptedException {
        LogIdentity here = log.identity();
        LogIdentity there = LogIdentity.of(to.path(), log.topic(), log.partition(), log.topicId());
        List<Segment> copied = prepare(here, there);
        if (!isCommitted(commit)) {
            undo(here, there);
            return false;
        }
        from.release(log);
        log.movable().relocate(there, to.services(), copied);
        from.traces().discard(here, log.settings().fileDeleteDelayMs());
        to.traces().unmark(log);
        return true;
    }

    private boolean isCommitted(Commit commit) throws IOException {
        try {
            return commit.commit();
        } catch (IOException e) {
            log.health().end(); // both copies stay as they are, and the next start asks the metadata
            throw e;
        }
    }

    /** All that comes before the move is one; when it fails, nothing has happened. */
    private List<Segment> prepare(LogIdentity here, LogIdentity there) throws IOException, InterruptedException {
        if (Files.exists(there.directory())) {
            throw new IOException(there.directory() + " is there already");
        }
        try {
            MoveMarker marker = new MoveMarker(from.id(), to.id());
            List<Movable.Part> parts = copy.complete(there, marker);
            if (Files.exists(here.directory())) {
                marker.write(here.directory());
            }
            Files.move(folder.path(), there.directory(), StandardCopyOption.ATOMIC_MOVE);
            Checkpoint.forceDirectory(to.path());
            to.admit(log);
            to.writeCheckpoints();
            return open(there, parts);
        } catch (IOException e) {
            undo(here, there);
            throw e;
        }
    }

    /** The log is where it was, and may move again. */
    private void undo(LogIdentity here, LogIdentity there) throws IOException {
        to.release(log);
        for (Segment segment : log.contents().segments().all()) {
            to.services()
                    .files()
                    .forget(there.directory().resolve(segment.file(".log").getFileName()));
        }
        clear(there.directory());
        MoveMarker.delete(here.directory());
    }

    private List<Segment> open(LogIdentity there, List<Movable.Part> parts) throws IOException {
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            long base = parts.get(i).segment().baseOffset();
            OpenFiles files = to.services().files();
            Segment segment = i + 1 < parts.size()
                    ? Segment.openSealed(there.directory(), base, files)
                    : Segment.openActive(
                                    there.directory(),
                                    base,
                                    files,
                                    log.settings().segments().indexIntervalBytes(),
                                    batch -> {})
                            .orElseThrow(() -> new IOException(there.name() + " is damaged at its end"));
            if (segment.sizeInBytes() != parts.get(i).sizeInBytes()) {
                throw new IOException(segment.batches().path() + " is not as long as what it is a copy of");
            }
            segments.add(segment);
        }
        return segments;
    }
}
