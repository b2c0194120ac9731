package io.milena.log;

import io.milena.records.BatchHeader;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run of batches in one file, named by the offset of its first record, with its two indexes. The last segment of a log is the active one: it grows, and its
 * index is in memory; the index files are written when it is sealed. Guarded by the lock of its {@link Log}.
 */
final class Segment {
    private final Path directory;
    private final long baseOffset;
    private final OpenFiles files;

    private int sizeInBytes;
    private long maxTimestampMs = BatchHeader.NO_TIMESTAMP;
    private long maxTimestampOffset = -1;
    private long firstTimestampMs = BatchHeader.NO_TIMESTAMP;
    private int bytesSinceIndexEntry;

    /** Set under the log's lock, taken back by the one that forces. */
    private volatile boolean hasUnforcedIndexes;

    /** Null until a look-up in a sealed segment needs it. */
    private @Nullable SegmentIndex index;

    private Segment(Path directory, long baseOffset, OpenFiles files) {
        this.directory = directory;
        this.baseOffset = baseOffset;
        this.files = files;
    }

    static Segment create(Path directory, long baseOffset, OpenFiles files) {
        Segment segment = new Segment(directory, baseOffset, files);
        segment.index = new SegmentIndex();
        return segment;
    }

    /** A sealed segment; nothing when its index files are lost or damaged, so that it must be read. */
    static Optional<Segment> openSealed(Path directory, long baseOffset, OpenFiles files) throws IOException {
        Segment segment = new Segment(directory, baseOffset, files);
        if (!Files.exists(segment.file(".index")) || !Files.exists(segment.file(".timeindex"))) {
            return Optional.empty();
        }
        segment.sizeInBytes = Math.toIntExact(Files.size(segment.file(".log")));
        SegmentIndex loaded = segment.loadIndex();
        if (!loaded.isSound(segment.sizeInBytes)) {
            return Optional.empty();
        }
        segment.maxTimestampMs = loaded.lastTimestamp();
        segment.maxTimestampOffset = baseOffset + loaded.lastTimestampOffset();
        return Optional.of(segment);
    }

    /** The last segment after a clean stop: it grows on. Nothing when it must be read, as {@link #openSealed}. */
    static Optional<Segment> openActive(Path directory, long baseOffset, OpenFiles files) throws IOException {
        Optional<Segment> opened = openSealed(directory, baseOffset, files);
        if (opened.isPresent() && opened.get().sizeInBytes > 0) {
            Segment segment = opened.get();
            segment.bytesSinceIndexEntry =
                    segment.sizeInBytes - segment.loadIndex().lastPosition();
            segment.firstTimestampMs = segment.find(0, batch -> true)
                    .map(first -> first.header.maxTimestampMs())
                    .orElse(BatchHeader.NO_TIMESTAMP);
        }
        return opened;
    }

    /** The offset behind the last batch. */
    long nextOffset() throws IOException {
        long[] next = {baseOffset};
        forEachHeader(loadIndex().lastPosition(), batch -> next[0] = batch.nextOffset());
        return next[0];
    }

    Path file(String ending) {
        return directory.resolve(FileNames.ofOffset(baseOffset) + ending);
    }

    long baseOffset() {
        return baseOffset;
    }

    int sizeInBytes() {
        return sizeInBytes;
    }

    long maxTimestampMs() {
        return maxTimestampMs;
    }

    /** As {@link #maxTimestampMs()}, without the records below {@code startOffset}; reads only where the start lies in this segment. */
    long maxTimestampMs(long startOffset) throws IOException {
        if (startOffset <= baseOffset) {
            return maxTimestampMs;
        }
        long largest = BatchHeader.NO_TIMESTAMP;
        Optional<Found> found = find(startOffset);
        while (found.isPresent()) {
            BatchHeader header = found.get().header();
            if (header.baseOffset() >= startOffset) {
                largest = Math.max(largest, header.maxTimestampMs());
            } else {
                for (Record record : batch(found.get()).records()) {
                    largest = record.offset() >= startOffset ? Math.max(largest, record.timestampMs()) : largest;
                }
            }
            found = find(found.get().position() + header.sizeInBytes(), next -> true);
        }
        return largest;
    }

    /** The timestamp of the first batch, from which {@code segment.ms} counts; -1 while empty. */
    long firstTimestampMs() {
        return firstTimestampMs;
    }

    /** Writes batches that the log has checked and numbered. */
    void append(ByteBuffer batches, int indexIntervalBytes) throws IOException {
        try (OpenFiles.Lease lease = files.lease(file(".log"))) {
            ByteBuffer rest = batches.duplicate();
            int position = sizeInBytes;
            while (rest.hasRemaining()) {
                position += lease.channel().write(rest, position);
            }
        }
        ByteBuffer rest = batches.duplicate();
        while (rest.hasRemaining()) {
            RecordBatch batch = RecordBatch.at(rest);
            note(batch, indexIntervalBytes);
            rest.position(rest.position() + batch.sizeInBytes());
        }
    }

    /** Takes a batch that is in the file, behind all others, into the indexes. */
    void note(BatchHeader batch, int indexIntervalBytes) {
        SegmentIndex current = openIndex();
        if (bytesSinceIndexEntry > indexIntervalBytes) {
            current.addOffset((int) (batch.lastOffset() - baseOffset), sizeInBytes);
            if (maxTimestampOffset >= 0) {
                current.addTime(maxTimestampMs, (int) (maxTimestampOffset - baseOffset));
            }
            bytesSinceIndexEntry = 0;
        }
        if (firstTimestampMs < 0) {
            firstTimestampMs = batch.maxTimestampMs();
        }
        if (batch.maxTimestampMs() > maxTimestampMs) {
            maxTimestampMs = batch.maxTimestampMs();
            maxTimestampOffset = batch.lastOffset();
        }
        sizeInBytes += batch.sizeInBytes();
        bytesSinceIndexEntry += batch.sizeInBytes();
    }

    private SegmentIndex openIndex() {
        SegmentIndex current = index;
        if (current == null) {
            throw new IllegalStateException("a sealed segment does not grow: " + file(".log"));
        }
        return current;
    }

    private SegmentIndex loadIndex() throws IOException {
        SegmentIndex current = index;
        if (current == null) {
            current = SegmentIndex.read(file(".index"), file(".timeindex"));
            index = current;
        }
        return current;
    }

    /** Writes the index files; the segment may still grow. */
    void writeIndexFiles() throws IOException {
        SegmentIndex current = loadIndex();
        if (maxTimestampOffset >= 0) {
            current.addTime(maxTimestampMs, (int) (maxTimestampOffset - baseOffset));
        }
        current.write(file(".index"), file(".timeindex"));
        hasUnforcedIndexes = true;
    }

    /** Forces the batches, and the index files if they were written: a later start trusts both. */
    void force() throws IOException {
        boolean withIndexes = hasUnforcedIndexes;
        hasUnforcedIndexes = false;
        try (OpenFiles.Lease lease = lease()) {
            lease.channel().force(false);
        }
        if (withIndexes) {
            for (String ending : List.of(".index", ".timeindex")) {
                try (FileChannel channel = FileChannel.open(file(ending), StandardOpenOption.WRITE)) {
                    channel.force(false);
                }
            }
        }
    }

    /** What {@link #find} looks for. */
    @FunctionalInterface
    interface Wanted {
        boolean isHere(BatchHeader batch);
    }

    /** A batch in the file. */
    record Found(BatchHeader header, int position) {}

    /** The first batch with {@code lastOffset >= offset}. */
    Optional<Found> find(long offset) throws IOException {
        return find(loadIndex().positionFor((int) (offset - baseOffset)), batch -> batch.lastOffset() >= offset);
    }

    private Optional<Found> find(int from, Wanted wanted) throws IOException {
        try (OpenFiles.Lease lease = files.lease(file(".log"))) {
            ByteBuffer header = ByteBuffer.allocate(BatchHeader.SIZE_IN_BYTES);
            int position = from;
            while (position < sizeInBytes) {
                BatchHeader batch = header(lease.channel(), position, header);
                if (wanted.isHere(batch)) {
                    return Optional.of(new Found(batch, position));
                }
                position += batch.sizeInBytes();
            }
            return Optional.empty();
        }
    }

    BatchHeader header(FileChannel channel, int position, ByteBuffer into) throws IOException {
        readFully(channel, position, into.clear());
        BatchHeader batch = BatchHeader.at(into.flip());
        if (batch == null) {
            throw new EOFException("a batch header is cut off at " + position + " of " + file(".log"));
        }
        return batch;
    }

    /** The first record at or after a time. */
    Optional<TimestampedOffset> find(long timestampMs, long startOffset) throws IOException {
        if (maxTimestampMs < timestampMs) {
            return Optional.empty();
        }
        int from = loadIndex().positionForTime(timestampMs);
        while (true) {
            Optional<Found> found =
                    find(from, batch -> batch.maxTimestampMs() >= timestampMs && batch.lastOffset() >= startOffset);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            RecordBatch batch = batch(found.get());
            for (Record record : batch.records()) {
                if (record.timestampMs() >= timestampMs && record.offset() >= startOffset) {
                    return Optional.of(
                            new TimestampedOffset(record.offset(), record.timestampMs(), batch.partitionLeaderEpoch()));
                }
            }
            from = found.get().position() + batch.sizeInBytes(); // the record lies before the start offset
        }
    }

    RecordBatch batch(Found found) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(found.header.sizeInBytes());
        try (OpenFiles.Lease lease = files.lease(file(".log"))) {
            readFully(lease.channel(), found.position, bytes);
        }
        RecordBatch batch = RecordBatch.at(bytes.flip());
        if (!batch.isIntact()) {
            throw new IOException(
                    "a record batch does not match its checksum at " + found.position + " of " + file(".log"));
        }
        return batch;
    }

    /**
     * Whole batches from {@code position} on: as many as {@code bytesMax} holds, at least one, none at or behind {@code endOffset}.
     */
    int wholeBatches(int position, int bytesMax, long endOffset) throws IOException {
        boolean isBounded = endOffset < Long.MAX_VALUE;
        if (!isBounded && sizeInBytes - position <= bytesMax) {
            return sizeInBytes - position;
        }
        // The index knows a batch near the end, so few headers are read.
        int near = loadIndex().floorPosition((int) Math.min((long) position + bytesMax, sizeInBytes));
        int bound = isBounded ? loadIndex().positionFor(Math.toIntExact(endOffset - baseOffset)) : near;
        int end = Math.max(position, Math.min(near, bound));
        try (OpenFiles.Lease lease = files.lease(file(".log"))) {
            ByteBuffer header = ByteBuffer.allocate(BatchHeader.SIZE_IN_BYTES);
            while (end < sizeInBytes) {
                BatchHeader batch = header(lease.channel(), end, header);
                boolean isFull = end > position && end + batch.sizeInBytes() - position > bytesMax;
                if (isFull || batch.lastOffset() >= endOffset) {
                    break;
                }
                end += batch.sizeInBytes();
            }
        }
        return end - position;
    }

    OpenFiles.Lease lease() throws IOException {
        return files.lease(file(".log"));
    }

    /** Receives the batches of a scan. */
    @FunctionalInterface
    interface Visitor {
        void visit(BatchHeader batch);
    }

    /** Reads the headers from {@code fromOffset} on. */
    void forEachHeaderFrom(long fromOffset, Visitor visitor) throws IOException {
        int position = loadIndex().positionFor(Math.clamp(fromOffset - baseOffset, 0, Integer.MAX_VALUE));
        forEachHeader(position, batch -> {
            if (batch.lastOffset() >= fromOffset) {
                visitor.visit(batch);
            }
        });
    }

    private void forEachHeader(int fromPosition, Visitor visitor) throws IOException {
        int position = fromPosition;
        try (OpenFiles.Lease lease = files.lease(file(".log"))) {
            while (position < sizeInBytes) {
                BatchHeader batch = header(lease.channel(), position, ByteBuffer.allocate(BatchHeader.SIZE_IN_BYTES));
                visitor.visit(batch);
                position += batch.sizeInBytes();
            }
        }
    }

    static void readFully(FileChannel channel, long position, ByteBuffer into) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int n = channel.read(into, at);
            if (n < 0) {
                throw new EOFException("the file ends at " + at);
            }
            at += n;
        }
    }
}
