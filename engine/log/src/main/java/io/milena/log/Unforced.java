package io.milena.log;

import io.milena.log.disk.Checkpoint;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a log has changed on disk and not forced yet, besides its active segment. It is forced even if nothing is appended: after a clean stop nobody would know that a file's name is not
 * safe. Guarded by the lock of its {@link Log}.
 */
final class Unforced {
    private final LogIdentity identity;
    private final Runnable dirty;
    private final List<Segment> sealed = new ArrayList<>();
    private boolean hasNewFiles;
    private boolean isNew;

    Unforced(LogIdentity identity, Runnable dirty) {
        this.identity = identity;
        this.dirty = dirty;
    }

    void seal(Segment segment) {
        sealed.add(segment);
        dirty.run();
    }

    /** Segments are gone, so nobody waits for them. */
    void forget(List<Segment> removed) {
        sealed.removeAll(removed);
    }

    /** A file was created: its name must be forced too. */
    void createdFile() {
        hasNewFiles = true;
        dirty.run();
    }

    /** The log's directory was created, with all that is in it. */
    void createdLog() {
        isNew = true;
        dirty.run();
    }

    /** Hands everything over to the one that forces it. */
    Work take(@Nullable Segment active) {
        List<Segment> segments = new ArrayList<>(sealed);
        if (active != null) {
            segments.add(active);
        }
        Work work = new Work(segments, hasNewFiles && !isNew ? identity.directory() : null, isNew ? identity : null);
        sealed.clear();
        hasNewFiles = false;
        isNew = false;
        return work;
    }

    /** Takes back what could not be tried, so that the next one who forces tries it. */
    void giveBack(Work work, @Nullable Segment active) {
        for (Segment segment : work.segments) {
            if (!segment.equals(active) && !sealed.contains(segment)) {
                sealed.add(segment);
            }
        }
        hasNewFiles |= work.directory != null || work.created != null;
        isNew |= work.created != null;
    }

    /** Without the lock; a segment that is gone meanwhile need not be forced. */
    static void force(Segment segment) throws IOException {
        try {
            segment.force();
        } catch (NoSuchFileException e) {
            if (!segment.batches().isRetired()) {
                throw e;
            }
        }
    }

    /**
     * What to force, without the lock.
     *
     * @param directory null where no file was created
     * @param created null unless the whole log is new
     */
    record Work(
            List<Segment> segments,
            @Nullable Path directory,
            @Nullable LogIdentity created) {
        /** May be called again when no file could be opened. */
        void force() throws IOException {
            for (Segment segment : segments) {
                Unforced.force(segment);
            }
            if (directory != null) {
                Checkpoint.forceDirectory(directory);
            }
            if (created != null) {
                created.force();
            }
        }
    }
}
