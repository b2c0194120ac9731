package io.milena.log;

import io.milena.log.disk.DiskSpace;
import io.milena.log.disk.OpenFiles;
import io.milena.log.disk.Pace;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One compaction of one log: first the dirty part is read for the latest offset of each key, then everything up to its end is written anew without what is not needed, a group
 * of segments at a time. What does not fit into the map of keys stays dirty for the next one. For one thread.
 */
final class Compaction {
    private final Compactable log;
    private final Dirtiness extent;
    /** Those by when the extent was right. */
    private final int truncations;

    private final Means means;
    private final long nowMs;
    private long bytesRead;
    private long bytesWritten;
    private @Nullable CleanedSegment target;

    /** Where files are opened, where they go, and how much room is left. */
    record Disk(OpenFiles files, Trash trash, DiskSpace space) {}

    /**
     * What compactions need, whatever the log.
     *
     * @param keysBytes what the map of keys may take
     */
    record Means(Disk disk, Pace pace, long keysBytes, RandomGenerator random) {}

    Compaction(DirtyLogs.Dirty dirty, Means means, long nowMs) {
        this.log = dirty.log().compactable();
        this.extent = dirty.extent();
        this.truncations = dirty.truncations();
        this.means = means;
        this.nowMs = nowMs;
    }

    long bytesRead() {
        return bytesRead;
    }

    long bytesWritten() {
        return bytesWritten;
    }

    /**
     * Does it.
     *
     * @return false if the log has changed meanwhile, so that it was given up
     * @throws IOException if the log cannot be read or written; it is as it was, or offline
     * @throws InterruptedException when compaction is to stop
     */
    boolean run() throws IOException, InterruptedException {
        List<Segment> segments = log.segmentsBelow(extent.endOffset());
        try {
            return !segments.isEmpty() && compact(segments);
        } catch (NoSuchFileException | DamagedFileException e) {
            if (log.holds(segments, truncations)) {
                throw e;
            }
            return false;
        }
    }

    private boolean compact(List<Segment> segments) throws IOException, InterruptedException {
        KeyOffsets keys = new KeyOffsets(means.keysBytes, extent.endOffset() - extent.firstDirtyOffset(), means.random);
        long keysEnd = readKeys(segments, keys, remains(extent.firstDirtyOffset(), transaction -> {}));
        TransactionRemains transactions = remains(segments.getFirst().baseOffset(), this::noteAborted);
        Survivors.Round round = new Survivors.Round(
                keysEnd, log.logEndOffset(), nowMs, log.settings().compacting().tombstoneRetentionMs());
        List<Segment> below = segments.stream()
                .filter(segment -> segment.baseOffset() < keysEnd)
                .toList();
        for (List<Segment> group : SegmentGroups.of(
                below, extent.endOffset(), log.settings().segments().bytes())) {
            if (!rewrite(group, new Survivors(keys, log.lastBatches(truncations), transactions, round))) {
                return false;
            }
        }
        return log.compacted(keysEnd, truncations);
    }

    /** For a pass that begins at an offset: what was over before is nobody's concern, least of all when its marker is not read. */
    private TransactionRemains remains(long fromOffset, Consumer<AbortedTransaction> stillThere) throws IOException {
        return new TransactionRemains(log.abortedTransactions(fromOffset, extent.endOffset()), stillThere);
    }

    private void noteAborted(AbortedTransaction transaction) {
        if (target != null) {
            target.note(transaction);
        }
    }

    /** Answers the offset below which the latest of each key is known. */
    private long readKeys(List<Segment> segments, KeyOffsets keys, TransactionRemains transactions)
            throws IOException, InterruptedException {
        for (int i = 0; i < segments.size(); i++) {
            boolean isClean = i + 1 < segments.size() && segments.get(i + 1).baseOffset() <= extent.firstDirtyOffset();
            if (isClean) {
                continue;
            }
            try (BatchScan scan = BatchScan.of(segments.get(i), means.pace)) {
                for (RecordBatch batch = scan.next(); batch != null; batch = scan.next()) {
                    bytesRead += batch.sizeInBytes();
                    long missing = transactions.isMoot(batch) || batch.isControl() ? -1 : readKeys(batch, keys);
                    if (missing >= 0) {
                        return missing;
                    }
                }
            }
        }
        return extent.endOffset();
    }

    /** Answers the offset of the first record whose key did not fit, or -1. */
    private long readKeys(RecordBatch batch, KeyOffsets keys) {
        if (batch.lastOffset() < extent.firstDirtyOffset()) {
            return -1;
        }
        for (Record record : batch.records()) {
            ByteBuffer key = record.key();
            if (key != null && record.offset() >= extent.firstDirtyOffset() && !keys.put(key, record.offset())) {
                return record.offset();
            }
        }
        return -1;
    }

    /** Answers whether the log is as it was expected. */
    private boolean rewrite(List<Segment> group, Survivors survivors) throws IOException, InterruptedException {
        Segment first = group.getFirst();
        long bytes = group.stream().mapToLong(Segment::sizeInBytes).sum();
        if (!means.disk.space.hasRoomFor(bytes)) {
            throw new IOException("the disk is too short of space for a copy of " + bytes + " bytes");
        }
        Segment fresh = Segment.create(log.directory(), first.baseOffset(), means.disk.files);
        int indexIntervalBytes = log.settings().segments().indexIntervalBytes();
        try (CleanedSegment cleaned =
                log.whileOpen(() -> CleanedSegment.create(fresh, indexIntervalBytes, means.pace))) {
            return cleaned != null && rewrite(group, survivors, cleaned);
        }
    }

    private boolean rewrite(List<Segment> group, Survivors survivors, CleanedSegment cleaned)
            throws IOException, InterruptedException {
        boolean isExchanged = false;
        target = cleaned;
        try {
            boolean isSame = copy(group, survivors, cleaned) && group.size() == 1;
            if (isSame) {
                return true;
            }
            cleaned.flush();
            List<Path> removed = log.whileOpen(() -> {
                cleaned.complete();
                return log.exchange(group, truncations);
            });
            if (removed != null) {
                isExchanged = true;
                bytesWritten += cleaned.sizeInBytes();
                removed.forEach(file -> means.disk.trash.addDirectory(file, 0));
            }
            return isExchanged;
        } finally {
            target = null;
            if (!isExchanged) {
                log.whileOpen(() -> {
                    cleaned.discard();
                    return true;
                });
            }
        }
    }

    /** Answers whether nothing was left out or changed. */
    private boolean copy(List<Segment> group, Survivors survivors, CleanedSegment cleaned)
            throws IOException, InterruptedException {
        boolean isSame = true;
        for (Segment segment : group) {
            try (BatchScan scan = BatchScan.of(segment, means.pace)) {
                for (RecordBatch batch = scan.next(); batch != null; batch = scan.next()) {
                    bytesRead += batch.sizeInBytes();
                    RecordBatch rest = survivors.of(batch);
                    isSame &= rest == batch;
                    if (rest != null) {
                        cleaned.append(rest);
                    }
                }
            }
        }
        return isSame;
    }
}
