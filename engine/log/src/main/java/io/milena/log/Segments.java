package io.milena.log;

import io.milena.records.BatchHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The segments of one log, ordered by offset; the last is the active one. Guarded by the lock of its {@link Log}. */
final class Segments {
    private final TreeMap<Long, Segment> byBaseOffset = new TreeMap<>();

    void add(Segment segment) {
        byBaseOffset.put(segment.baseOffset(), segment);
    }

    Collection<Segment> all() {
        return Collections.unmodifiableCollection(byBaseOffset.values());
    }

    /** The one that starts at an offset. */
    Segment at(long baseOffset) {
        return Objects.requireNonNull(byBaseOffset.get(baseOffset));
    }

    /** The offset at which the oldest segment starts; 0 where there is none. */
    long firstOffset() {
        return byBaseOffset.isEmpty() ? 0 : byBaseOffset.firstKey();
    }

    /** The one that grows; null before the first append. */
    @Nullable
    Segment active() {
        Map.Entry<Long, Segment> last = byBaseOffset.lastEntry();
        return last == null ? null : last.getValue();
    }

    /** The active segment, if there is one and it takes this batch too. */
    @Nullable
    Segment activeFor(BatchHeader batch, LogSettings.Segmenting settings, long ms) {
        Segment active = active();
        return active == null || active.isSealed() || isFull(active, batch, settings, ms) ? null : active;
    }

    private static boolean isFull(Segment active, BatchHeader batch, LogSettings.Segmenting settings, long ms) {
        return active.sizeInBytes() > 0
                && ((long) active.sizeInBytes() + batch.sizeInBytes() > settings.bytes()
                        || batch.lastOffset() - active.baseOffset() > Integer.MAX_VALUE
                        || isTooFar(active.firstTimestampMs(), batch, ms));
    }

    /** Where the first record has no timestamp, no other is far from it. */
    private static boolean isTooFar(long firstMs, BatchHeader batch, long ms) {
        return firstMs >= 0 && batch.maxTimestampMs() - firstMs > ms;
    }

    long sizeInBytes() {
        return all().stream().mapToLong(Segment::sizeInBytes).sum();
    }

    /** The batches from the one that holds {@code offset} on; {@link Log#read} tells the rest. */
    ReadResult read(long offset, int bytesMax, long endOffset, long logEndOffset) throws IOException {
        Map.Entry<Long, Segment> entry = byBaseOffset.floorEntry(offset);
        while (entry != null) {
            Segment segment = entry.getValue();
            Optional<SegmentFile.Found> found = segment.find(offset);
            Map.Entry<Long, Segment> next = byBaseOffset.higherEntry(segment.baseOffset());
            if (found.isPresent()) {
                long segmentEnd = next == null ? logEndOffset : next.getKey();
                long bound = endOffset >= segmentEnd ? Long.MAX_VALUE : endOffset;
                int position = found.get().position();
                int size = segment.wholeBatches(position, Math.max(bytesMax, 0), bound);
                if (size == 0) { // a batch over the bound, as there is none unless its header is damaged
                    segment.batches().check(position, segment.sizeInBytes());
                    return ReadResult.Empty.INSTANCE;
                }
                return new ReadResult.Slice(
                        segment.lease(),
                        segment.batches(),
                        position,
                        size,
                        segment.isOld(position, next == null) ? size : 0,
                        segment.offsetBehind(position + size, segmentEnd));
            }
            entry = next;
        }
        return ReadResult.Empty.INSTANCE;
    }

    /**
     * A part of a segment file that may not be in memory.
     *
     * @param isOld whether it is compared with its checksums in any case
     */
    record Part(SegmentFile file, long from, long to, boolean isOld) {}

    /** Where {@link #read} will look, or may look, unless that is the tail. */
    Optional<Part> partToBring(long offset, int bytesMax) throws IOException {
        Map.Entry<Long, Segment> entry = byBaseOffset.floorEntry(offset);
        return entry == null
                ? Optional.empty()
                : entry.getValue().partToBring(offset, bytesMax, entry.getKey().equals(byBaseOffset.lastKey()));
    }

    /** That a part was not in memory: it is old from now on. */
    void foundOnDisk(Part part) {
        Map.Entry<Long, Segment> active = byBaseOffset.lastEntry();
        if (active != null && active.getValue().batches() == part.file()) {
            active.getValue().foundOnDisk(part.to());
        }
    }

    /** As {@link #read}, where headers are damaged and lead nowhere: the one batch that holds {@code offset}, if it is intact. */
    ReadResult readAmongDamaged(long offset, long logEndOffset) throws IOException {
        Map.Entry<Long, Segment> entry = byBaseOffset.floorEntry(offset);
        while (entry != null) {
            Segment segment = entry.getValue();
            Optional<SegmentFile.Found> found =
                    DamagedBatches.find(segment.batches(), 0, segment.sizeInBytes(), offset);
            if (found.isPresent()) {
                SegmentFile.Found batch = found.get();
                return batch.header().baseOffset() > offset
                        ? new ReadResult.Damaged(batch.header().baseOffset())
                        : new ReadResult.Slice(
                                segment.lease(),
                                segment.batches(),
                                batch.position(),
                                batch.header().sizeInBytes(),
                                0,
                                batch.header().nextOffset());
            }
            entry = byBaseOffset.higherEntry(segment.baseOffset());
        }
        return new ReadResult.Damaged(logEndOffset);
    }

    /** The segment that may hold an offset, and those behind it. */
    List<Segment> from(long offset) {
        Long floor = byBaseOffset.floorKey(offset);
        return List.copyOf(byBaseOffset.tailMap(floor == null ? offset : floor).values());
    }

    /** The last one that starts before an offset; null where none does. */
    @Nullable
    Segment below(long offset) {
        Map.Entry<Long, Segment> below = byBaseOffset.lowerEntry(offset);
        return below == null ? null : below.getValue();
    }

    /** Takes out those that start at an offset or behind it. */
    void removeFrom(long baseOffset) {
        byBaseOffset.tailMap(baseOffset).clear();
    }

    /** The offset at which the next segment starts; unbounded for the active one. */
    long endOf(Segment segment) {
        Long next = byBaseOffset.higherKey(segment.baseOffset());
        return next == null ? Long.MAX_VALUE : next;
    }

    /** The first record at or behind {@code startOffset} that is not earlier than {@code timestampMs}. */
    Optional<TimestampedOffset> find(long timestampMs, long startOffset) throws IOException {
        for (Segment segment : all()) {
            Optional<TimestampedOffset> found = new TimestampSearch(segment).find(timestampMs, startOffset);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** The largest timestamp of the records at or behind {@code startOffset}, or {@link BatchHeader#NO_TIMESTAMP}. */
    long maxTimestampMs(long startOffset) throws IOException {
        long largest = BatchHeader.NO_TIMESTAMP;
        for (Segment segment : all()) {
            largest = Math.max(largest, new TimestampSearch(segment).maxTimestampMs(startOffset));
        }
        return largest;
    }

    /** As {@link #maxTimestampMs}, without the batches that compaction has emptied. */
    long maxOfRecordsMs(long startOffset) throws IOException {
        long largest = BatchHeader.NO_TIMESTAMP;
        for (Segment segment : all()) {
            largest = Math.max(largest, new TimestampSearch(segment).maxOfRecordsMs(startOffset));
        }
        return largest;
    }

    /** Takes out segments and puts another in their place. */
    void exchange(List<Segment> old, Segment fresh) {
        remove(old);
        add(fresh);
    }

    /** Whether a segment is kept no longer. */
    @FunctionalInterface
    interface Expiry {
        /**
         * @param endOffset where the segment after it starts
         * @param newerBytes how large all newer segments are together
         */
        boolean isOver(Segment oldest, long endOffset, long newerBytes) throws IOException;
    }

    /** The oldest segments that are over, up to the first that is not; never the active one. */
    List<Segment> oldest(Expiry expiry) throws IOException {
        List<Segment> over = new ArrayList<>();
        long newerBytes = sizeInBytes();
        for (Segment segment : all()) {
            Long endOffset = byBaseOffset.higherKey(segment.baseOffset());
            newerBytes -= segment.sizeInBytes();
            if (endOffset == null || !expiry.isOver(segment, endOffset, newerBytes)) {
                break;
            }
            over.add(segment);
        }
        return over;
    }

    void remove(List<Segment> removed) {
        removed.forEach(segment -> byBaseOffset.remove(segment.baseOffset()));
    }
}
