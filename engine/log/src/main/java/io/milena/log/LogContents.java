package io.milena.log;

import io.milena.log.disk.Checkpoint;
import io.milena.log.disk.OpenFiles;
import io.milena.records.RecordBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a log holds: its segments, leader epochs and producers, and how they change together. Knows no threads: all of it is guarded by the lock of its {@link Log},
 * which also decides what a failure means.
 */
final class LogContents {
    private final LogIdentity identity;
    private final OpenFiles files;
    private final Runnable dirty;
    private final Segments segments = new Segments();
    private final TransactionIndexes transactions;
    private final LeaderEpochs epochs;
    private final Unforced unforced;
    private ProducerStates producers = new ProducerStates();
    private boolean isOnDisk;
    /** How many files and directories were made. */
    private int madeFiles;
    /** How many of these have a name that survives a power cut. */
    private int namedFiles;
    /** How far the state is written down that spares a start from reading: the segment, and how much of it. */
    private @Nullable Segment stateSegment;

    private int stateBytes;
    /** Of the newest snapshot that belongs to no segment; 0 where there is none. */
    private long snapshotOffset;

    private long startOffset;
    private long endOffset;
    /** The end of what is in the files, while a start adds to it what they have lost; before the start of the log where what they have lost was deleted. */
    private long replayedOffset;

    /**
     * Of a log that has nothing, and is not on disk before its first append.
     *
     * @param dirty called when there are files to be forced, whether something is appended or not
     */
    LogContents(LogIdentity identity, OpenFiles files, Runnable dirty) {
        this.identity = identity;
        this.files = files;
        this.dirty = dirty;
        this.transactions = new TransactionIndexes(identity.directory(), segments);
        this.epochs = LeaderEpochs.in(identity.directory());
        this.unforced = new Unforced(identity, dirty);
    }

    /** Takes over what was found on disk. */
    void load(LogLoader.Loaded loaded, long checkpointedStartOffset) throws IOException {
        isOnDisk = !loaded.segments().isEmpty(); // without one, nobody has forced the directory
        epochs.read();
        loaded.segments().forEach(segments::add);
        replayedOffset = loaded.endOffset();
        endOffset = Math.max(replayedOffset, checkpointedStartOffset);
        startOffset = Math.max(segments.firstOffset(), checkpointedStartOffset);
        epochs.truncateFromEnd(endOffset);
        loaded.epochs().forEach(epochs::assign);
        epochs.truncateFromStart(startOffset);
        if (!loaded.unforced().isEmpty()) {
            epochs.refresh();
        }
        producers = loaded.producers();
        if (!loaded.unforced().isEmpty()) {
            transactions.changed();
        }
    }

    /** The same in another place, where everything is on disk. Whoever asks this one afterwards asks the past. */
    LogContents copied(LogIdentity to, OpenFiles filesThere, List<Segment> copies) {
        LogContents copy = new LogContents(to, filesThere, dirty);
        copy.isOnDisk = !copies.isEmpty();
        for (Segment segment : copies) {
            segment.transactions()
                    .expect(segments.at(segment.baseOffset()).transactions().mark());
            copy.segments.add(segment);
        }
        copy.transactions.changed();
        copy.epochs.takeOver(epochs);
        copy.producers = producers;
        copy.startOffset = startOffset;
        copy.endOffset = endOffset;
        return copy;
    }

    long startOffset() {
        return startOffset;
    }

    long endOffset() {
        return endOffset;
    }

    Segments segments() {
        return segments;
    }

    TransactionIndexes transactions() {
        return transactions;
    }

    LeaderEpochs epochs() {
        return epochs;
    }

    ProducerStates producers() {
        return producers;
    }

    LogEnd end(int truncations) {
        Segment active = segments.active();
        return new LogEnd(active, active == null ? 0 : active.sizeInBytes(), endOffset, truncations, madeFiles);
    }

    /** Whether a power cut would leave all of its files, if not all of what they hold. */
    boolean isNamed() {
        return namedFiles == madeFiles;
    }

    /** All that was there when the log had this end is on disk. */
    void forced(LogEnd end) {
        namedFiles = Math.max(namedFiles, end.madeFiles());
    }

    private void madeFile() {
        madeFiles++;
        unforced.createdFile();
    }

    Unforced.Work takeUnforced() {
        return unforced.take(segments.active());
    }

    void giveBackUnforced(Unforced.Work work) {
        unforced.giveBack(work, segments.active());
    }

    /** Gives a checked batch offsets and leader epoch in place, and writes it. */
    void append(RecordBatch batch, int leaderEpoch, LogSettings.Segmenting settings) throws IOException {
        batch.assignOffsets(endOffset, leaderEpoch);
        write(batch, settings);
    }

    /** Writes a batch that had its offsets before the end of the log was lost. */
    void replay(RecordBatch batch, LogSettings.Segmenting settings) throws IOException {
        endOffset = batch.baseOffset();
        write(batch, settings);
        epochs.truncateFromStart(startOffset);
        replayedOffset = endOffset;
        endOffset = Math.max(replayedOffset, startOffset);
    }

    long replayedOffset() {
        return replayedOffset;
    }

    private void write(RecordBatch batch, LogSettings.Segmenting settings) throws IOException {
        Segment fitting = segments.activeFor(batch, settings, settings.msOf(identity));
        Segment active = fitting == null ? roll() : fitting;
        EndMarker marker = EndMarker.in(batch);
        AbortedTransaction aborting = producers.aborting(batch, marker);
        active.append(batch.buffer(), settings.indexIntervalBytes(), () -> noteAborted(active, aborting));
        epochs.assign(batch.partitionLeaderEpoch(), batch.baseOffset());
        producers.note(batch, marker);
        endOffset = batch.nextOffset();
    }

    private void noteAborted(Segment active, @Nullable AbortedTransaction aborting) throws IOException {
        if (aborting != null && transactions.add(active, aborting)) {
            madeFile();
        }
    }

    /** Seals the active segment and starts a new one at the end. When it fails, the active one stays, and the next attempt begins anew. */
    Segment roll() throws IOException {
        Segment sealed = segments.active();
        if (sealed != null) {
            writeIndexFiles(sealed);
            writeState();
            unforced.seal(sealed);
        }
        createOnDisk();
        Segment fresh = Segment.create(identity.directory(), endOffset, files);
        fresh.batches().create();
        segments.add(fresh);
        madeFile();
        if (sealed != null) {
            sealed.shelve();
        }
        return fresh;
    }

    /** First the leader epochs: where there is an index, the next start does not read again what was forced, and would not find those that begin there. */
    private void writeIndexFiles(Segment segment) throws IOException {
        epochs.write();
        segment.writeIndexFiles();
    }

    /** Answers whether it was not there before. */
    boolean createOnDisk() throws IOException {
        if (isOnDisk) {
            return false;
        }
        identity.create();
        unforced.createdLog();
        isOnDisk = true;
        return true;
    }

    /** Writes what would otherwise be learnt from the batches at the next start. */
    private void writeState() throws IOException {
        producers.write(LogLoader.snapshot(identity.directory(), endOffset));
        epochs.write();
        transactions.writeMarks();
        stateSegment = segments.active();
        stateBytes = stateSegment == null ? 0 : stateSegment.sizeInBytes();
    }

    ReadResult read(long offset, int bytesMax, long boundOffset) throws IOException {
        if (offset < startOffset || offset > endOffset) {
            return ReadResult.OutOfRange.INSTANCE;
        }
        return offset >= Math.min(boundOffset, endOffset)
                ? ReadResult.Empty.INSTANCE
                : segments.read(offset, bytesMax, boundOffset, endOffset);
    }

    /** What was read, with what was aborted of it. */
    ReadResult withAborted(ReadResult found, long offset) throws IOException {
        if (found instanceof ReadResult.Slice slice) {
            try {
                slice.abortedTransactions(transactions.within(offset, slice.endOffset()));
            } catch (IOException | RuntimeException e) {
                slice.release();
                throw e;
            }
        }
        return found;
    }

    /** The first offset that readers of committed data may not see yet, where everything below {@code highWatermark} is replicated. */
    long lastStableOffset(long highWatermark) {
        long stable = producers.transactions().lastStableOffset(highWatermark);
        return Math.min(highWatermark, Math.max(stable, startOffset));
    }

    ReadResult readAmongDamaged(long offset) throws IOException {
        return segments.readAmongDamaged(offset, endOffset);
    }

    Optional<TimestampedOffset> offsetForTimestamp(long timestampMs) throws IOException {
        return segments.find(timestampMs, startOffset);
    }

    Optional<TimestampedOffset> maxTimestamp() throws IOException {
        Optional<TimestampedOffset> found = segments.find(segments.maxTimestampMs(startOffset), startOffset);
        return found.isPresent() ? found : segments.find(segments.maxOfRecordsMs(startOffset), startOffset);
    }

    /** Answers whether the start has moved. */
    boolean moveStart(long offset) {
        if (offset <= startOffset) {
            return false;
        }
        startOffset = offset;
        epochs.truncateFromStart(offset);
        return true;
    }

    /** Takes segments out that retention no longer keeps. What they say of producers is written down, if a crash has taken the snapshot away. */
    List<Segment> removeExpired(Retention retention) throws IOException {
        Segment active = segments.active();
        if (active != null && retention.isOver(active)) {
            roll();
        }
        List<Segment> over = segments.oldest(retention);
        if (!over.isEmpty()) {
            keepProducers(segments.endOf(over.getLast())); // first: when it fails, nothing has changed
            segments.remove(over);
            unforced.forget(over);
        }
        return over;
    }

    private void keepProducers(long newFirstOffset) throws IOException {
        Path snapshot = LogLoader.snapshot(identity.directory(), newFirstOffset);
        if (!new ProducerStates().read(snapshot)) {
            new ProducerReplay(identity.directory(), List.copyOf(segments.all()))
                    .at(newFirstOffset)
                    .write(snapshot);
        }
    }

    /** Of producers whose batches are gone only this tells. */
    Path firstSnapshot() {
        return LogLoader.snapshot(identity.directory(), segments.firstOffset());
    }

    /** Puts the segment that was made from others in their place, as the swap says; answers which files are not needed any more. */
    List<Path> exchange(SegmentSwap swap, List<Segment> old) throws IOException {
        old.forEach(segment -> segment.batches().retire());
        unforced.forget(old);
        List<Path> removed = swap.carryOut();
        old.forEach(segment -> files.forget(segment.batches().path()));
        Segment fresh = Segment.openSealed(identity.directory(), old.getFirst().baseOffset(), files);
        fresh.transactions().entries(); // so that they are marked
        segments.exchange(old, fresh);
        transactions.changed();
        return removed;
    }

    /** What stays when everything at an offset and behind it goes, and the batch that holds it; the indexes of the segment that is to be cut are written, and the leader epochs that begin in it: for the next start it is a sealed one, which may not be read again. */
    Truncation truncation(long offset) throws IOException {
        Segment last = segments.below(offset);
        if (offset < startOffset || offset < segments.firstOffset()) {
            return Truncation.anew(identity.directory(), offset);
        }
        if (last == null) {
            return new Truncation(identity.directory(), offset, -1, 0, false);
        }
        Optional<SegmentFile.Found> first = Truncation.firstToGo(last, offset);
        long end = Math.max(
                startOffset,
                first.map(found -> Math.min(offset, found.header().baseOffset()))
                        .orElse(offset));
        if (end == last.baseOffset()) {
            return truncation(end);
        }
        transactions.entries(last); // made anew if they cannot be right
        writeIndexFiles(last);
        int bytes = first.map(SegmentFile.Found::position).orElse(last.sizeInBytes());
        return new Truncation(identity.directory(), end, last.baseOffset(), bytes, false);
    }

    /** Does it, without forcing it; an empty segment at the new end is the active one then. */
    void truncate(Truncation truncation, LogSettings.Segmenting settings) throws IOException {
        List<Segment> gone = segments.from(Math.max(truncation.lastBase(), segments.firstOffset()));
        for (Segment segment : gone) {
            segment.batches().retire();
            files.forget(segment.batches().path());
        }
        truncation.carryOut();
        segments.removeFrom(truncation.lastBase());
        unforced.forget(gone);
        if (truncation.lastBase() >= 0) {
            segments.add(truncation.openLast(files, settings.indexIntervalBytes()));
        }
        endOffset = truncation.endOffset();
        startOffset = truncation.isAnew() ? endOffset : Math.min(startOffset, endOffset);
        snapshotOffset = snapshotOffset > endOffset ? 0 : snapshotOffset;
        transactions.truncated();
        if (truncation.isAnew()) {
            epochs.clear();
            producers = new ProducerStates();
        } else {
            epochs.truncateFromEnd(endOffset);
            UnstableTransactions before = producers.transactions();
            producers = new ProducerReplay(identity.directory(), segments.all()).at(endOffset);
            producers.transactions().takeOverEnded(before, endOffset);
        }
        if (segments.active() == null
                && !new ProducerStates().read(LogLoader.snapshot(identity.directory(), endOffset))) {
            writeState(); // not over one that is on disk: nothing else may tell of producers whose batches are gone
        }
        roll();
    }

    /** Writes down what spares the next start from reading the active segment, if that is worth it; what is to be forced for it is added to the list. */
    void writeRecoveryState(List<Forcing.Forceable> unforced) throws IOException {
        transactions.writeMarks();
        transactions.takeUnforced(unforced);
        Segment active = segments.active();
        if (active == null
                || active.sizeInBytes() - (active.equals(stateSegment) ? stateBytes : 0) < Segment.READ_AGAIN_MAX) {
            return;
        }
        writeIndexFiles(active);
        long olderSnapshot = snapshotOffset;
        snapshotOffset = endOffset;
        writeState();
        unforced.add(() -> Unforced.force(active));
        unforced.add(() -> Checkpoint.forceDirectory(identity.directory()));
        if (olderSnapshot > active.baseOffset()) {
            Files.deleteIfExists(LogLoader.snapshot(identity.directory(), olderSnapshot));
        }
    }

    /** Closes files; they are opened again when somebody reads. */
    void closeFiles() {
        segments.all().forEach(segment -> files.forget(segment.file(".log")));
    }
}
