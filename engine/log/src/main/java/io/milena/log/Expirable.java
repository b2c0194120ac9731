package io.milena.log;

import io.milena.log.disk.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** What retention does to a log. Safe for use by many threads: segments go while none are exchanged, moved or truncated. */
final class Expirable {
    private final Log log;
    private final ReentrantLock lock;
    private final ReentrantLock restructuring;
    private volatile boolean hasUnforcedSnapshot;

    Expirable(Log log, ReentrantLock lock, ReentrantLock restructuring) {
        this.log = log;
        this.lock = lock;
        this.restructuring = restructuring;
    }

    /** Takes segments out that retention no longer keeps; their files are in the trash. */
    List<Segment> removeExpired(long nowMs) throws IOException {
        restructuring.lock();
        lock.lock();
        try {
            if (log.isOffline()) {
                return List.of();
            }
            List<Segment> removed = log.contents()
                    .removeExpired(
                            new Retention(log.settings().deleting(), nowMs, log.logStartOffset(), log.flushedOffset()));
            if (!removed.isEmpty()) {
                hasUnforcedSnapshot = true;
            }
            log.moveStart(log.contents().segments().firstOffset());
            long delayMs = log.settings().fileDeleteDelayMs();
            removed.forEach(segment -> log.services().trash().addSegment(segment, delayMs));
            return removed;
        } finally {
            lock.unlock();
            restructuring.unlock();
        }
    }

    /** Adds what is to be forced before anything is deleted: of producers whose batches are gone only the snapshot of the first segment tells. What fails is due again. */
    void addUnforced(List<Forcing.Forceable> unforced) {
        if (hasUnforcedSnapshot) {
            unforced.add(this::forceSnapshot);
        }
    }

    /** It may have been written by an earlier process that could not force it. */
    void forceSnapshot() throws IOException {
        hasUnforcedSnapshot = false;
        try {
            Path snapshot = firstSnapshot();
            if (Files.exists(snapshot)) {
                Checkpoint.force(snapshot);
                Checkpoint.forceDirectory(snapshot.resolveSibling(""));
            }
        } catch (IOException e) {
            hasUnforcedSnapshot = true;
            throw e;
        }
    }

    private Path firstSnapshot() {
        lock.lock();
        try {
            return log.contents().firstSnapshot();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets producers that were last heard before {@code oldestMs}; answers how many. */
    int expireProducers(long oldestMs) {
        lock.lock();
        try {
            return log.contents().producers().expire(oldestMs);
        } finally {
            lock.unlock();
        }
    }
}
