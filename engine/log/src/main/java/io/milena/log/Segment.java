package io.milena.log;

import io.milena.log.disk.OpenFiles;
import io.milena.records.BatchHeader;
import io.milena.records.RecordBatch;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run of batches in one file, named by the offset of its first record, with its two indexes. The last segment of a log is the active one: it grows, and its
 * index is in memory; the index of a sealed segment stays on disk, and is read by blocks when somebody looks something up. Guarded by the lock of its {@link Log}.
 */
final class Segment {
    /** So much of a segment a start may read again rather than have it written down. */
    static final int READ_AGAIN_MAX = 1 << 16;

    /** What this process has written last was right when it came, and is in the page cache unless that was short of memory. */
    private static final int FRESH_BYTES = 64 << 20;

    /** What has just been written is in the page cache: nobody need ask. */
    private static final int TAIL_BYTES = 1 << 20;

    private static final System.Logger LOG = System.getLogger(Segment.class.getName());

    private final Path directory;
    private final long baseOffset;
    private final SegmentFile file;

    private int sizeInBytes;
    /** Of how many bytes this process knows no more than what the disk says: it found them at the start, or in memory no longer. */
    private int foundBytes;

    private @Nullable TimestampedPosition latest;
    private long firstTimestampMs = BatchHeader.NO_TIMESTAMP;
    private int bytesSinceIndexEntry;
    private boolean isSealed;

    private final SegmentIndexes indexes;

    /** The largest timestamp of a segment, and the last offset of the first batch that has it. */
    private record TimestampedPosition(long timestampMs, long offset) {
        static final TimestampedPosition NONE = new TimestampedPosition(BatchHeader.NO_TIMESTAMP, -1);
    }

    private final TransactionIndex transactions;

    private Segment(Path directory, long baseOffset, OpenFiles files) {
        this.directory = directory;
        this.baseOffset = baseOffset;
        this.file = new SegmentFile(file(".log"), files);
        this.indexes = new SegmentIndexes(this::file, files, this::wholeIndex);
        this.transactions = new TransactionIndex(file(".txnindex"), baseOffset);
    }

    static Segment create(Path directory, long baseOffset, OpenFiles files) {
        Segment segment = new Segment(directory, baseOffset, files);
        segment.indexes.growFrom(new SegmentIndex());
        segment.latest = TimestampedPosition.NONE;
        return segment;
    }

    /** A sealed segment, all of which is on disk. Its index is read, or made anew where it is lost or damaged, when it is needed. */
    static Segment openSealed(Path directory, long baseOffset, OpenFiles files) throws IOException {
        Segment segment = new Segment(directory, baseOffset, files);
        segment.sizeInBytes = Math.toIntExact(Files.size(segment.file.path()));
        segment.foundBytes = segment.sizeInBytes;
        return segment;
    }

    /**
     * The last segment after a clean stop: it grows on. The headers behind the last entry of its index are read again; nothing when they are damaged.
     *
     * @param visitor receives the batches whose headers were read
     */
    static Optional<Segment> openActive(
            Path directory, long baseOffset, OpenFiles files, int indexIntervalBytes, SegmentFile.Visitor visitor)
            throws IOException {
        Segment segment = create(directory, baseOffset, files);
        int fileSize = Math.toIntExact(Files.size(segment.file.path()));
        Optional<SegmentIndex> sound = segment.indexes.readSound(fileSize);
        try {
            if (sound.isPresent()) {
                segment.startAt(sound.get());
            }
            segment.file.forEachHeader(segment.sizeInBytes, fileSize, batch -> {
                segment.note(batch, indexIntervalBytes);
                visitor.visit(batch);
            });
        } catch (DamagedFileException e) {
            return Optional.empty();
        }
        segment.markFound();
        return Optional.of(segment);
    }

    /**
     * A segment of which only the batches below an offset are known to be on disk: as far as its index tells, it holds these; the batch at its end and what follows is to be read again.
     * Without a sound index, all of it.
     */
    static Segment openBelow(long recoveryPoint, Path directory, long baseOffset, OpenFiles files) throws IOException {
        Segment segment = create(directory, baseOffset, files);
        if (recoveryPoint > baseOffset && segment.indexes.haveFiles()) {
            int bound = (int) Math.min(recoveryPoint - baseOffset, Integer.MAX_VALUE);
            SegmentIndex known = segment.indexes.read().below(bound);
            try {
                if (segment.isStartOfBatch(known.lastPosition(), known.lastOffset())) {
                    segment.startAt(known);
                }
            } catch (DamagedFileException e) {
                return create(directory, baseOffset, files);
            }
        }
        return segment;
    }

    /** Takes an index as it is, and the batches before the last one that it knows. */
    private void startAt(SegmentIndex known) throws IOException {
        indexes.growFrom(known);
        latest = latestIn(known);
        sizeInBytes = known.lastPosition();
        firstTimestampMs = file.find(0, sizeInBytes, batch -> true)
                .map(first -> first.header().maxTimestampMs())
                .orElse(BatchHeader.NO_TIMESTAMP);
    }

    private boolean isStartOfBatch(int position, int relativeOffset) throws IOException {
        int fileSize = Math.toIntExact(Files.size(file.path()));
        if (position == 0 || position >= fileSize) {
            return false;
        }
        try (OpenFiles.Lease lease = lease()) {
            BatchHeader there = new HeaderWalk(file, lease.channel(), fileSize).at(position);
            return there.lastOffset() - baseOffset == relativeOffset;
        }
    }

    Path file(String ending) {
        return directory.resolve(FileNames.ofOffset(baseOffset) + ending);
    }

    TransactionIndex transactions() {
        return transactions;
    }

    SegmentFile batches() {
        return file;
    }

    long baseOffset() {
        return baseOffset;
    }

    int sizeInBytes() {
        return sizeInBytes;
    }

    /** Whether what is at a position lies on the disk for longer than a moment, so that the disk may have changed it. */
    boolean isOld(int position, boolean isActive) {
        return position < startOfLast(FRESH_BYTES, isActive);
    }

    /** Where the last so many bytes begin, of those that this process has written itself. */
    private int startOfLast(int bytes, boolean isActive) {
        return isActive ? Math.max(foundBytes, sizeInBytes - bytes) : sizeInBytes;
    }

    long maxTimestampMs() throws IOException {
        return latest().timestampMs;
    }

    private TimestampedPosition latest() throws IOException {
        TimestampedPosition known = latest;
        if (known == null) {
            known = indexes.lookUp(this::latestIn);
            latest = known;
        }
        return known;
    }

    private TimestampedPosition latestIn(IndexEntries times) throws IOException {
        return new TimestampedPosition(times.lastTimestamp(), baseOffset + times.lastTimestampOffset());
    }

    /** The timestamp of the first batch, from which {@code segment.ms} counts; -1 while empty. */
    long firstTimestampMs() {
        return firstTimestampMs;
    }

    /** Writes batches that the log has checked and numbered; when that fails, nothing of them is left. */
    void append(ByteBuffer batches, int indexIntervalBytes, SegmentFile.Companion companion) throws IOException {
        try (OpenFiles.Lease lease = lease()) {
            file.write(lease.channel(), sizeInBytes, batches.duplicate(), companion);
        }
        ByteBuffer rest = batches.duplicate();
        while (rest.hasRemaining()) {
            RecordBatch batch = RecordBatch.at(rest);
            note(batch, indexIntervalBytes);
            rest.position(rest.position() + batch.sizeInBytes());
        }
    }

    /** Takes a batch that is in the file, behind all others, into the indexes. */
    void note(BatchHeader batch, int indexIntervalBytes) throws IOException {
        SegmentIndex current = indexes.growing();
        TimestampedPosition before = latest();
        if (bytesSinceIndexEntry > indexIntervalBytes) {
            current.addOffset((int) (batch.lastOffset() - baseOffset), sizeInBytes);
            addTime(current, before);
            bytesSinceIndexEntry = 0;
        }
        if (firstTimestampMs < 0) {
            firstTimestampMs = batch.maxTimestampMs();
        }
        if (batch.maxTimestampMs() > before.timestampMs) {
            latest = new TimestampedPosition(batch.maxTimestampMs(), batch.lastOffset());
        }
        sizeInBytes += batch.sizeInBytes();
        bytesSinceIndexEntry += batch.sizeInBytes();
    }

    private void addTime(SegmentIndex times, TimestampedPosition position) {
        if (position.offset >= baseOffset) {
            times.addTime(position.timestampMs, (int) (position.offset - baseOffset));
        }
    }

    /** All of it was on disk when this process came. */
    void markFound() {
        foundBytes = sizeInBytes;
    }

    /** It takes no more batches, although it is the last. */
    void seal() {
        isSealed = true;
    }

    boolean isSealed() {
        return isSealed;
    }

    /** Bytes that are in the file and hold no batch that could be read. */
    void skipDamaged(int bytes) {
        sizeInBytes += bytes;
    }

    /** Its index files are written, and it will not grow. */
    void shelve() {
        indexes.shelve();
    }

    /** Whether its indexes are in memory as a whole. */
    boolean holdsIndexes() {
        return indexes.areInMemory();
    }

    private SegmentIndex wholeIndex() throws IOException {
        Optional<SegmentIndex> sound = indexes.readSound(sizeInBytes);
        return sound.isPresent() ? sound.get() : indexAnew();
    }

    /** The index of a sealed segment, from its batches. */
    private SegmentIndex indexAnew() throws IOException {
        LOG.log(Level.WARNING, "The indexes of {0} are lost or damaged and are made anew", file.path());
        Segment scanned = create(directory, baseOffset, file.files());
        DamagedBatches.forEachReadable(file, 0, sizeInBytes, baseOffset, found -> {
            scanned.sizeInBytes = found.position();
            scanned.note(found.header(), LogSettings.Segmenting.DEFAULTS.indexIntervalBytes());
        });
        scanned.writeIndexFiles();
        indexes.written();
        return scanned.indexes.growing();
    }

    /** Brings the index files up to date; the segment may still grow. */
    void writeIndexFiles() throws IOException {
        addTime(indexes.growing(), latest());
        indexes.write();
    }

    /** Index files that are there may be those of batches that are not; where there are none, none are needed. */
    void refreshIndexFiles() throws IOException {
        if (indexes.haveFiles()) {
            writeIndexFiles();
        }
    }

    /** As {@link #writeIndexFiles()}, under names with an ending of their own. */
    void writeIndexFiles(String ending) throws IOException {
        addTime(indexes.growing(), latest());
        indexes.write(ending);
    }

    /** Forces the batches, and the index files if they were written: a later start trusts both. */
    void force() throws IOException {
        try (OpenFiles.Lease lease = lease()) {
            lease.channel().force(false);
        }
        transactions.force();
        indexes.force();
    }

    /** The first batch with {@code lastOffset >= offset}. */
    Optional<SegmentFile.Found> find(long offset) throws IOException {
        int relative = (int) Math.min(offset - baseOffset, Integer.MAX_VALUE);
        int from = indexes.lookUp(entries -> entries.positionFor(relative));
        return file.findOffset(from, sizeInBytes, offset);
    }

    /** That what lies before a position came from the disk: it is old from now on. */
    void foundOnDisk(long to) {
        foundBytes = (int) Math.max(foundBytes, to);
    }

    /**
     * What lies between the batch that the index knows before an offset and the header that ends a read of so many bytes, unless it is the tail. It is no less: a kernel that meets the first page that is missing behind
     * many that are there reads megabytes ahead.
     */
    Optional<Segments.Part> partToBring(long offset, int bytesMax, boolean isActive) throws IOException {
        int relative = (int) Math.min(offset - baseOffset, Integer.MAX_VALUE);
        int from = indexes.lookUp(entries -> entries.positionFor(relative));
        if (from >= startOfLast(TAIL_BYTES, isActive)) {
            return Optional.empty();
        }
        int start = indexes.lookUp(entries -> entries.positionNotBefore(relative, sizeInBytes));
        long to = Math.min(sizeInBytes, (long) start + Math.max(0, bytesMax) + BatchHeader.SIZE_IN_BYTES);
        return Optional.of(new Segments.Part(file, from, to, isOld(from, isActive)));
    }

    /** Where the first batch with a record that is not earlier than a time may start; all batches before it are earlier. */
    int positionForTime(long timestampMs) throws IOException {
        return indexes.lookUp(entries -> entries.positionForTime(timestampMs));
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
        int most = (int) Math.min((long) position + bytesMax, sizeInBytes);
        int near = indexes.lookUp(entries -> entries.floorPosition(most));
        int bound = isBounded
                ? indexes.lookUp(entries -> entries.positionFor(Math.toIntExact(endOffset - baseOffset)))
                : near;
        int start = Math.max(position, Math.min(near, bound));
        int[] end = {start};
        try {
            file.find(start, sizeInBytes, batch -> {
                boolean isFull = end[0] > position && end[0] + batch.sizeInBytes() - position > bytesMax;
                if (isFull || batch.lastOffset() >= endOffset) {
                    return true;
                }
                end[0] += batch.sizeInBytes();
                return false;
            });
        } catch (DamagedFileException e) {
            if (end[0] == position) {
                throw e;
            }
        }
        return end[0] - position;
    }

    /** An offset that no batch before {@code position} reaches; the index knows it nearly, {@code endOffset} is the most. */
    long offsetBehind(int position, long endOffset) throws IOException {
        int relative = indexes.lookUp(entries -> entries.ceilingOffset(position));
        return relative < 0 ? endOffset : Math.min(endOffset, baseOffset + relative + 1);
    }

    OpenFiles.Lease lease() throws IOException {
        return file.lease();
    }

    /** The batches from the one that holds {@code fromOffset} on, by their headers; what is damaged is stepped over. */
    void forEachFrom(long fromOffset, DamagedBatches.Visitor visitor) throws IOException {
        int relative = Math.clamp(fromOffset - baseOffset, 0, Integer.MAX_VALUE);
        int position = indexes.lookUp(entries -> entries.positionFor(relative));
        while (position < sizeInBytes) {
            try {
                file.forEach(position, sizeInBytes, found -> {
                    if (found.header().lastOffset() >= fromOffset) {
                        visitor.visit(found);
                    }
                });
                return;
            } catch (DamagedFileException e) {
                position = DamagedBatches.nextIntact(file, Math.toIntExact(e.position()) + 1, sizeInBytes, baseOffset);
            }
        }
    }
}
