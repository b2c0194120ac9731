package io.milena.log;

import io.milena.records.BatchHeader;
import io.milena.records.InvalidRecordsException;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Optional;

/** Looks for records of a segment by their time. What is damaged is reported and stepped over. Guarded by the lock of the segment's {@link Log}. */
record TimestampSearch(Segment segment) {
    private static final System.Logger LOG = System.getLogger(TimestampSearch.class.getName());

    /** What is looked for in a batch; nothing means that the search goes on behind it. */
    @FunctionalInterface
    private interface InBatch {
        Optional<TimestampedOffset> find(RecordBatch batch);
    }

    /** The first record that is not earlier than a time, and not below {@code startOffset}. */
    Optional<TimestampedOffset> find(long timestampMs, long startOffset) throws IOException {
        if (segment.maxTimestampMs() < timestampMs) {
            return Optional.empty();
        }
        return search(
                segment.positionForTime(timestampMs),
                batch -> batch.maxTimestampMs() >= timestampMs && batch.lastOffset() >= startOffset,
                batch -> first(batch, timestampMs, startOffset));
    }

    private static Optional<TimestampedOffset> first(RecordBatch batch, long timestampMs, long startOffset) {
        for (Record record : batch.records()) {
            if (record.timestampMs() >= timestampMs && record.offset() >= startOffset) {
                return Optional.of(
                        new TimestampedOffset(record.offset(), record.timestampMs(), batch.partitionLeaderEpoch()));
            }
        }
        return Optional.empty();
    }

    /** The largest timestamp of the records from {@code startOffset} on; reads only where the start lies in this segment. */
    long maxTimestampMs(long startOffset) throws IOException {
        return startOffset <= segment.baseOffset() ? segment.maxTimestampMs() : maxOfRecordsMs(startOffset);
    }

    /** As {@link #maxTimestampMs}, of the records that are there: a batch that compaction has emptied has a timestamp still. Reads the segment. */
    long maxOfRecordsMs(long startOffset) throws IOException {
        long[] largest = {BatchHeader.NO_TIMESTAMP};
        search(0, batch -> batch.lastOffset() >= startOffset && batch.maxTimestampMs() > largest[0], batch -> {
            for (Record record : batch.records()) {
                if (record.offset() >= startOffset) {
                    largest[0] = Math.max(largest[0], record.timestampMs());
                }
            }
            return Optional.empty();
        });
        return largest[0];
    }

    private Optional<TimestampedOffset> search(int start, SegmentFile.Wanted wanted, InBatch inBatch)
            throws IOException {
        SegmentFile file = segment.batches();
        int end = segment.sizeInBytes();
        int from = start;
        while (from < end) {
            try {
                Optional<SegmentFile.Found> found = file.find(from, end, wanted);
                if (found.isEmpty()) {
                    return Optional.empty();
                }
                from = found.get().position() + found.get().header().sizeInBytes();
                Optional<TimestampedOffset> result = inBatch.find(file.batch(found.get()));
                if (result.isPresent()) {
                    return result;
                }
            } catch (DamagedFileException e) {
                LOG.log(Level.ERROR, "Looking for a timestamp: {0}; it is stepped over", e.getMessage());
                from = DamagedBatches.nextIntact(file, Math.toIntExact(e.position()) + 1, end, segment.baseOffset());
            } catch (InvalidRecordsException e) {
                LOG.log(Level.WARNING, "Looking for a timestamp in {0}: {1}", file.path(), e.getMessage());
            }
        }
        return Optional.empty();
    }
}
