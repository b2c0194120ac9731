package io.milena.log;

import io.milena.log.disk.ColdReads;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** How a log is read, and what its readers hear of files that cannot be. Safe for use by many threads; holds the log's lock while it looks at its contents. */
final class LogReader {
    private final Log log;
    private final ReentrantLock lock;

    LogReader(Log log, ReentrantLock lock) {
        this.log = log;
        this.lock = lock;
    }

    /** As {@link Log#read}. */
    ReadResult read(long offset, int bytesMax, long endOffset) {
        bringMissing(offset, bytesMax, endOffset);
        return read(
                () -> log.contents().read(offset, bytesMax, endOffset),
                () -> log.contents().readAmongDamaged(offset));
    }

    /** As {@link Log#readCommitted}. The slice and the list of what was aborted in it are of one moment: retention cannot come between them. */
    ReadResult readCommitted(long offset, int bytesMax, long lastStableOffset) {
        bringMissing(offset, bytesMax, lastStableOffset);
        return read(
                () -> log.contents().withAborted(log.contents().read(offset, bytesMax, lastStableOffset), offset),
                () -> log.contents().withAborted(log.contents().readAmongDamaged(offset), offset));
    }

    /** What may not be in memory is brought there before anybody looks at it: with the lock, or on a carrier thread, nobody shall wait for the disk. */
    private void bringMissing(long offset, int bytesMax, long endOffset) {
        boolean isToRead = offset < Math.min(endOffset, log.logEndOffset());
        if (!isToRead || !log.services().coldReads().canBring()) {
            return;
        }
        try {
            Optional<Segments.Part> part =
                    contents(() -> log.contents().segments().partToBring(offset, bytesMax));
            if (part.isPresent()) {
                bring(part.get());
            }
        } catch (IOException e) {
            // the read that follows meets it too, and reports it
        }
    }

    /** What this process has written itself is looked for only where one can tell that it is missing; then the disk may have changed it. */
    private void bring(Segments.Part part) {
        ColdReads coldReads = log.services().coldReads();
        if (!part.isOld() && !coldReads.canTell()) {
            return;
        }
        boolean wasMissing = coldReads.bring(part.file().path(), part.from(), part.to());
        if (wasMissing && !part.isOld()) {
            foundOnDisk(part);
        }
    }

    private void foundOnDisk(Segments.Part part) {
        lock.lock();
        try {
            log.contents().segments().foundOnDisk(part);
        } finally {
            lock.unlock();
        }
    }

    private ReadResult read(LogHealth.Work<ReadResult> reading, LogHealth.Work<ReadResult> amongDamaged) {
        try {
            ReadResult found = contents(reading);
            if (found instanceof ReadResult.Slice slice) {
                slice.old().ifPresent(this::bring); // a batch may be larger than what was asked for
                slice.check(log.services().coldReads());
            }
            return found;
        } catch (DamagedFileException e) {
            log.health().unreadable(e);
            return readAmongDamaged(amongDamaged);
        } catch (IOException e) {
            return log.health().unreadable(e);
        }
    }

    private ReadResult readAmongDamaged(LogHealth.Work<ReadResult> amongDamaged) {
        try {
            return contents(amongDamaged);
        } catch (IOException e) {
            return log.health().unreadable(e);
        }
    }

    /** Looks at the contents with the lock; a failure is logged and raised. */
    <T> T reading(LogHealth.Work<T> reading) throws IOException {
        try {
            return contents(reading);
        } catch (IOException e) {
            log.health().unreadable(e);
            throw e;
        }
    }

    private <T> T contents(LogHealth.Work<T> reading) throws IOException {
        lock.lock();
        try {
            return log.health().withRoom(reading);
        } finally {
            lock.unlock();
        }
    }
}
