package io.milena.log;

import io.milena.records.BatchHeader;
import io.milena.runtime.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What compaction sees of a log and does to it. Safe for use by many threads: the log's lock guards its contents, and a second one, taken first and held while files are forced,
 * sees to it that segments are exchanged, removed by retention and closed one after another.
 */
final class Compactable {
    private static final long FORCE_PATIENCE_MS = 10_000;

    private final Log log;
    private final ReentrantLock lock;
    private final ReentrantLock restructuring;
    private volatile long cleanedOffset;

    Compactable(Log log, ReentrantLock lock, ReentrantLock restructuring) {
        this.log = log;
        this.lock = lock;
        this.restructuring = restructuring;
    }

    /** Below it all is compacted. */
    long cleanedOffset() {
        return cleanedOffset;
    }

    void cleanedOffset(long offset) {
        cleanedOffset = offset;
    }

    /** Notes how far it is compacted; false if the end was taken away meanwhile, so that nobody knows. */
    boolean compacted(long offset, int truncations) {
        lock.lock();
        try {
            boolean isKnown = truncations == log.truncations();
            cleanedOffset = isKnown ? offset : cleanedOffset;
            return isKnown;
        } finally {
            lock.unlock();
        }
    }

    LogSettings settings() {
        return log.settings();
    }

    long logEndOffset() {
        return log.logEndOffset();
    }

    Path directory() {
        return log.identity().directory();
    }

    boolean isOffline() {
        return log.isOffline();
    }

    /** How much is to be done below an offset, and before the first transaction that has no end below it: with the offset the end may still be lost. The active segment is sealed if it is older than {@code max.compaction.lag.ms}, so that it takes part. */
    Dirtiness dirtiness(long boundOffset, long nowMs) throws IOException {
        LogSettings.Compacting settings = log.settings().compacting();
        restructuring.lock();
        lock.lock();
        try {
            Segment active = log.contents().segments().active();
            if (active != null && isOverdue(active, settings, nowMs)) {
                log.contents().roll();
            }
            long stableOffset = log.contents().producers().transactions().firstUnstable(boundOffset);
            return Dirtiness.of(extents(settings), cleanedOffset, Math.min(boundOffset, stableOffset), settings, nowMs);
        } finally {
            lock.unlock();
            restructuring.unlock();
        }
    }

    private static boolean isOverdue(Segment active, LogSettings.Compacting settings, long nowMs) {
        return active.sizeInBytes() > 0
                && active.firstTimestampMs() > 0
                && active.firstTimestampMs() < nowMs - settings.maxLagMs();
    }

    /** Times are looked up only where somebody asks for them. */
    private List<Dirtiness.Extent> extents(LogSettings.Compacting settings) throws IOException {
        List<Dirtiness.Extent> extents = new ArrayList<>();
        for (Segment segment : log.contents().segments().all()) {
            extents.add(new Dirtiness.Extent(
                    segment.baseOffset(),
                    segment.sizeInBytes(),
                    settings.maxLagMs() < Long.MAX_VALUE ? firstTimestampMs(segment) : BatchHeader.NO_TIMESTAMP,
                    settings.minLagMs() > 0 ? segment.maxTimestampMs() : BatchHeader.NO_TIMESTAMP));
        }
        return extents;
    }

    private static long firstTimestampMs(Segment segment) throws IOException {
        return segment.firstTimestampMs() >= 0
                ? segment.firstTimestampMs()
                : segment.batches()
                        .find(0, segment.sizeInBytes(), batch -> true)
                        .map(first -> first.header().maxTimestampMs())
                        .orElse(BatchHeader.NO_TIMESTAMP);
    }

    /** The segments that start below an offset. */
    List<Segment> segmentsBelow(long offset) {
        lock.lock();
        try {
            return log.contents().segments().all().stream()
                    .filter(segment -> segment.baseOffset() < offset)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Of each producer that the log remembers, what must stay. All of it is on disk: otherwise a crash takes these batches, and compaction those before them. */
    Map<Long, LastBatch> lastBatches(int truncations) throws IOException, InterruptedException {
        Map<Long, LastBatch> lastBatches;
        long endOffset;
        lock.lock();
        try {
            lastBatches = log.contents().producers().lastBatches();
            endOffset = log.logEndOffset();
        } finally {
            lock.unlock();
        }
        awaitForced(endOffset, truncations);
        return lastBatches;
    }

    /** Other logs wait for their compaction meanwhile, so that it has a limit. */
    private void awaitForced(long endOffset, int truncations) throws IOException, InterruptedException {
        if (log.forcedOffset() < endOffset) {
            log.services().flusher().requestFiles(log);
            boolean isOver = log.changed()
                    .await(
                            () -> log.forcedOffset() >= endOffset || isOffline() || log.truncations() != truncations,
                            Deadline.afterMs(log.services().clock(), FORCE_PATIENCE_MS));
            if (log.forcedOffset() < endOffset && log.truncations() == truncations) {
                throw new IOException(log.identity().name() + (isOver ? " is offline" : " cannot be forced"));
            }
        }
    }

    /** Those that have records or their marker from {@code fromOffset} on and before {@code endOffset}, ordered by their first offset. */
    List<AbortedTransaction> abortedTransactions(long fromOffset, long endOffset) throws IOException {
        lock.lock();
        try {
            return log.contents().transactions().within(fromOffset, endOffset);
        } finally {
            lock.unlock();
        }
    }

    /** Something that is done to files. */
    @FunctionalInterface
    interface FileWork<T> {
        @Nullable
        T done() throws IOException;
    }

    /** Does something to files of the log by their names, while it is sure that they are its own; null, with nothing done, when the log is closed: another may have its name by now. */
    <T> @Nullable T whileOpen(FileWork<T> work) throws IOException {
        restructuring.lock();
        try {
            return isOffline() ? null : work.done();
        } finally {
            restructuring.unlock();
        }
    }

    /**
     * Exchanges segments for the one that was written from them. Fails before anything has changed, or takes the log offline: then the next start ends what was begun.
     *
     * @return the files that are not needed any more; null when it was not done because the log has changed meanwhile
     */
    @Nullable
    List<Path> exchange(List<Segment> old, int truncations) throws IOException {
        SegmentSwap swap = new SegmentSwap(
                directory(), old.stream().map(Segment::baseOffset).toList());
        return whileOpen(() -> holds(old, truncations) ? exchange(swap, old) : null);
    }

    private List<Path> exchange(SegmentSwap swap, List<Segment> old) throws IOException {
        try {
            swap.announce();
            List<Path> removed = carryOut(swap, old);
            swap.conclude();
            return removed;
        } catch (IOException e) {
            if (swap.isAnnounced()) {
                log.health().fail("exchanging compacted segments", e);
            }
            throw e;
        }
    }

    /** Whether these are segments of the log still, and its end is where it was or later. */
    boolean holds(List<Segment> old, int truncations) {
        lock.lock();
        try {
            return truncations == log.truncations()
                    && log.contents().segments().all().containsAll(old);
        } finally {
            lock.unlock();
        }
    }

    private List<Path> carryOut(SegmentSwap swap, List<Segment> old) throws IOException {
        lock.lock();
        try {
            return log.contents().exchange(swap, old);
        } finally {
            lock.unlock();
        }
    }
}
