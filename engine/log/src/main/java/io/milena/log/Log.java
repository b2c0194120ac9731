package io.milena.log;

import io.milena.records.BatchHeader;
import io.milena.records.InvalidRecordsException;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import io.milena.records.TimestampType;
import io.milena.runtime.Clock;
import io.milena.runtime.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One partition on disk: an append-only sequence of record batches. Safe for use by many threads; one lock guards what changes, and is never held while something
 * is forced or waited for.
 *
 * <p>Offsets only grow: log start offset &lt;= flushed offset &lt;= log end offset. What lies below the flushed offset survives a power cut. After a disk error the log is
 * offline until the process is started anew.
 */
public final class Log {
    private static final System.Logger LOG = System.getLogger(Log.class.getName());

    private final Path directory;
    private final String topic;
    private final int partition;
    private final UUID topicId;
    private final Clock clock;
    private final OpenFiles files;
    private final Flusher flusher;
    private final ReentrantLock lock = new ReentrantLock();
    private final Signal changed = new Signal();

    private final TreeMap<Long, Segment> segments = new TreeMap<>();
    private final LeaderEpochs epochs;
    private final ProducerStates producers = new ProducerStates();

    /** Sealed since the last force. */
    private final List<Segment> unforced = new ArrayList<>();

    /** Whether files were created since the last force of the directory. */
    private boolean hasNewFiles = true;

    private volatile LogSettings settings;
    private volatile long logStartOffset;
    private volatile long logEndOffset;
    private volatile long flushedOffset;
    private volatile boolean isOffline;

    Log(LogIdentity identity, LogSettings settings, Clock clock, OpenFiles files, Flusher flusher) throws IOException {
        this.directory = identity.directory();
        this.topic = identity.topic();
        this.partition = identity.partition();
        this.topicId = identity.topicId();
        this.settings = settings;
        this.clock = clock;
        this.files = files;
        this.flusher = flusher;
        this.epochs = LeaderEpochs.open(directory);
    }

    /** Loads what is on disk. Called once, before anybody else knows this log. */
    void load(LogLoader.Loaded loaded, long checkpointedStartOffset) throws IOException {
        loaded.segments().forEach(segment -> segments.put(segment.baseOffset(), segment));
        long first = segments.isEmpty() ? 0 : segments.firstKey();
        logEndOffset = Math.max(loaded.endOffset(), checkpointedStartOffset);
        logStartOffset = Math.max(first, checkpointedStartOffset);
        flushedOffset = logEndOffset;
        epochs.truncateFromEnd(logEndOffset);
        loaded.epochs().forEach(epochs::assign);
        LogLoader.rebuildProducers(directory, producers, segments.values(), logEndOffset);
        hasNewFiles = false;
    }

    public String topic() {
        return topic;
    }

    public int partition() {
        return partition;
    }

    public UUID topicId() {
        return topicId;
    }

    public LogSettings settings() {
        return settings;
    }

    public void settings(LogSettings newSettings) {
        settings = newSettings;
    }

    public long logStartOffset() {
        return logStartOffset;
    }

    /** The offset that the next record will get. */
    public long logEndOffset() {
        return logEndOffset;
    }

    /** All records below are as durable as the settings demand. */
    public long flushedOffset() {
        return flushedOffset;
    }

    public boolean isOffline() {
        return isOffline;
    }

    /** Raised when the flushed offset or the log start offset moves, and when the log goes offline. */
    public Signal changed() {
        return changed;
    }

    /** Asks for the records that are appended by now to be forced soon. */
    public void requestFlush() {
        if (flushedOffset < logEndOffset) {
            flusher.request(this);
        }
    }

    /**
     * Appends the one batch that fills {@code bytes}, as the leader: checks it, gives it offsets and leader epoch in place, and writes it.
     *
     * @param bytes a batch as a producer sends it; its header is changed
     */
    public AppendResult append(ByteBuffer bytes, int leaderEpoch) {
        return append(bytes, leaderEpoch, Admission.ofClients(settings));
    }

    /** As {@link #append(ByteBuffer, int)}, for batches that the broker itself has made. */
    public AppendResult appendOwn(ByteBuffer bytes, int leaderEpoch) {
        return append(bytes, leaderEpoch, Admission.ofBroker(settings));
    }

    private AppendResult append(ByteBuffer bytes, int leaderEpoch, Admission admission) {
        long nowMs = clock.millis();
        RecordBatch batch;
        try {
            batch = RecordBatch.filling(bytes);
            AppendResult.Refused refused = admission.check(batch, nowMs);
            if (refused != null) {
                return refused;
            }
            batch = admission.prepare(batch, nowMs);
        } catch (InvalidRecordsException e) {
            return Admission.refusal(e.fault());
        }
        AppendResult result = appendChecked(batch, leaderEpoch);
        if (result instanceof AppendResult.Appended) {
            if (settings.durability() == LogSettings.Durability.WRITTEN) {
                changed.raise();
            }
            flusher.noteDirty(this);
        }
        return result;
    }

    private AppendResult appendChecked(RecordBatch batch, int leaderEpoch) {
        lock.lock();
        try {
            if (isOffline) {
                return AppendResult.Refused.because(
                        AppendResult.Reason.KAFKA_STORAGE_ERROR,
                        "the log of " + topic + "-" + partition + " is offline");
            }
            AppendResult known = producers.check(batch);
            if (known != null) {
                return known;
            }
            return write(batch, leaderEpoch);
        } catch (IOException e) {
            fail("writing", e);
            return AppendResult.Refused.because(AppendResult.Reason.KAFKA_STORAGE_ERROR, "writing failed");
        } finally {
            lock.unlock();
        }
    }

    private AppendResult write(RecordBatch batch, int leaderEpoch) throws IOException {
        long baseOffset = logEndOffset;
        batch.assignOffsets(baseOffset, leaderEpoch);
        Segment active = activeFor(batch);
        active.append(batch.buffer(), settings.indexIntervalBytes());
        epochs.assign(leaderEpoch, baseOffset);
        producers.note(batch);
        logEndOffset = batch.nextOffset();
        if (settings.durability() == LogSettings.Durability.WRITTEN) {
            flushedOffset = logEndOffset;
        }
        boolean isStamped = settings.timestampType() == TimestampType.LOG_APPEND_TIME;
        return new AppendResult.Appended(
                baseOffset, batch.lastOffset(), isStamped ? batch.maxTimestampMs() : -1, logStartOffset);
    }

    private Segment activeFor(BatchHeader batch) throws IOException {
        Segment active = active();
        if (active == null || isFull(active, batch)) {
            active = roll();
        }
        return active;
    }

    private @Nullable Segment active() {
        Map.Entry<Long, Segment> last = segments.lastEntry();
        return last == null ? null : last.getValue();
    }

    private boolean isFull(Segment active, BatchHeader batch) {
        return active.sizeInBytes() > 0
                && ((long) active.sizeInBytes() + batch.sizeInBytes() > settings.segmentBytes()
                        || batch.lastOffset() - active.baseOffset() > Integer.MAX_VALUE
                        || batch.maxTimestampMs() - active.firstTimestampMs() > settings.segmentMs());
    }

    /** Seals the active segment and starts a new one at the log end offset. */
    private Segment roll() throws IOException {
        Segment sealed = active();
        if (sealed != null) {
            sealed.writeIndexFiles();
            unforced.add(sealed);
            producers.write(directory.resolve(FileNames.ofOffset(logEndOffset) + ".snapshot"));
            epochs.write();
        }
        Segment fresh = Segment.create(directory, logEndOffset, files);
        segments.put(logEndOffset, fresh);
        hasNewFiles = true;
        return fresh;
    }

    /**
     * Whole batches from the one that holds {@code offset} on, none of them at or behind {@code endOffset}; at least one, even if it is larger than {@code bytesMax}.
     */
    public ReadResult read(long offset, int bytesMax, long endOffset) {
        lock.lock();
        try {
            if (offset < logStartOffset || offset > logEndOffset) {
                return ReadResult.OutOfRange.INSTANCE;
            }
            if (offset >= endOffset) {
                return ReadResult.Empty.INSTANCE;
            }
            return find(offset, bytesMax, endOffset);
        } catch (IOException e) {
            fail("reading", e);
            return ReadResult.Empty.INSTANCE;
        } finally {
            lock.unlock();
        }
    }

    private ReadResult find(long offset, int bytesMax, long endOffset) throws IOException {
        Map.Entry<Long, Segment> entry = segments.floorEntry(offset);
        while (entry != null) {
            Segment segment = entry.getValue();
            Optional<Segment.Found> found = segment.find(offset);
            Map.Entry<Long, Segment> next = segments.higherEntry(segment.baseOffset());
            if (found.isPresent()) {
                long segmentEnd = next == null ? logEndOffset : next.getKey();
                long bound = endOffset >= segmentEnd ? Long.MAX_VALUE : endOffset;
                int position = found.get().position();
                int size = segment.wholeBatches(position, Math.max(bytesMax, 0), bound);
                return size == 0 ? ReadResult.Empty.INSTANCE : new ReadResult.Slice(segment.lease(), position, size);
            }
            entry = next;
        }
        return ReadResult.Empty.INSTANCE;
    }

    /** The first record that is not earlier than {@code timestampMs}. */
    public Optional<TimestampedOffset> offsetForTimestamp(long timestampMs) {
        lock.lock();
        try {
            for (Segment segment : segments.values()) {
                Optional<TimestampedOffset> found = segment.find(timestampMs, logStartOffset);
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            fail("reading", e);
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** The first record with the largest timestamp of all. */
    public Optional<TimestampedOffset> maxTimestamp() {
        lock.lock();
        try {
            long largest = segments.values().stream()
                    .mapToLong(Segment::maxTimestampMs)
                    .max()
                    .orElse(BatchHeader.NO_TIMESTAMP);
            return largest < 0 ? Optional.empty() : offsetForTimestamp(largest);
        } finally {
            lock.unlock();
        }
    }

    /** The leader epoch of the record at {@code offset}, or -1. */
    public int epochAt(long offset) {
        lock.lock();
        try {
            return epochs.epochAt(offset);
        } finally {
            lock.unlock();
        }
    }

    public EpochEnd endOffsetFor(int leaderEpoch) {
        lock.lock();
        try {
            return epochs.endOffsetFor(leaderEpoch, logEndOffset);
        } finally {
            lock.unlock();
        }
    }

    public List<ProducerState> producers() {
        lock.lock();
        try {
            return producers.all();
        } finally {
            lock.unlock();
        }
    }

    public long sizeInBytes() {
        lock.lock();
        try {
            return segments.values().stream().mapToLong(Segment::sizeInBytes).sum();
        } finally {
            lock.unlock();
        }
    }

    /** Moves the log start offset forward to {@code offset}; segments below it go with the next housekeeping. */
    public void deleteRecordsBefore(long offset) {
        lock.lock();
        try {
            if (offset > logEndOffset) {
                throw new IllegalArgumentException(
                        "offset " + offset + " is behind the log end offset " + logEndOffset);
            }
            moveStart(offset);
        } finally {
            lock.unlock();
        }
        changed.raise();
    }

    private void moveStart(long offset) {
        logStartOffset = Math.max(logStartOffset, offset);
        epochs.truncateFromStart(logStartOffset);
    }

    /** Takes segments out that retention no longer keeps; the caller deletes their files. */
    List<Segment> removeExpired(long nowMs) throws IOException {
        lock.lock();
        try {
            Segment active = active();
            if (settings.isDeleting() && active != null && isExpired(active, nowMs) && active.sizeInBytes() > 0) {
                roll();
            }
            List<Segment> removed = new ArrayList<>();
            long size = sizeInBytes();
            while (segments.size() > 1) {
                Segment oldest = segments.firstEntry().getValue();
                long nextBase = segments.higherKey(oldest.baseOffset());
                boolean isBelowStart = nextBase <= logStartOffset;
                boolean isTooMuch =
                        settings.retentionBytes() >= 0 && size - oldest.sizeInBytes() >= settings.retentionBytes();
                if (!isBelowStart
                        && !(settings.isDeleting()
                                && nextBase <= flushedOffset
                                && (isExpired(oldest, nowMs) || isTooMuch))) {
                    break;
                }
                segments.pollFirstEntry();
                unforced.remove(oldest);
                size -= oldest.sizeInBytes();
                moveStart(nextBase);
                removed.add(oldest);
            }
            return removed;
        } finally {
            lock.unlock();
        }
    }

    private boolean isExpired(Segment segment, long nowMs) {
        return settings.retentionMs() >= 0 && nowMs - segment.maxTimestampMs() > settings.retentionMs();
    }

    void expireProducers(long oldestMs) {
        lock.lock();
        try {
            producers.expire(oldestMs);
        } finally {
            lock.unlock();
        }
    }

    /** Forces everything that is appended by now; called by the flusher only. */
    void force() {
        List<Segment> dirty;
        boolean isDirectoryDirty;
        long target;
        lock.lock();
        try {
            target = logEndOffset;
            dirty = new ArrayList<>(unforced);
            unforced.clear();
            Segment active = active();
            if (active != null) {
                dirty.add(active);
            }
            isDirectoryDirty = hasNewFiles;
            hasNewFiles = false;
        } finally {
            lock.unlock();
        }
        if (isOffline) {
            return;
        }
        try {
            for (Segment segment : dirty) {
                segment.force();
            }
            if (isDirectoryDirty) {
                Checkpoint.forceDirectory(directory);
            }
            flushedOffset = Math.max(flushedOffset, target);
            changed.raise();
        } catch (IOException e) {
            fail("forcing", e);
        }
    }

    private void fail(String doing, IOException e) {
        isOffline = true;
        LOG.log(Level.ERROR, "Log of " + topic + "-" + partition + " goes offline: " + doing + " failed", e);
        changed.raise();
    }

    /** Writes what makes the next start quick; everything was forced before. */
    void writeCleanState() {
        lock.lock();
        try {
            Segment active = active();
            if (isOffline || active == null) {
                return;
            }
            active.writeIndexFiles();
            active.force();
            producers.write(directory.resolve(FileNames.ofOffset(logEndOffset) + ".snapshot"));
            epochs.write();
            Checkpoint.forceDirectory(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    /** Ends all use: waiters give up, files are closed. */
    void close() {
        lock.lock();
        try {
            isOffline = true;
            segments.values().forEach(segment -> files.forget(segment.file(".log")));
        } finally {
            lock.unlock();
        }
        changed.raise();
    }

    Path directory() {
        return directory;
    }

    /** Whole batches from {@code offset} to the log end, one after another: for coordinators that read their partition at the start. */
    public void replay(long offset, Replay replay) throws IOException {
        long next = Math.max(offset, logStartOffset);
        while (next < logEndOffset) {
            if (!(read(next, 1 << 20, Long.MAX_VALUE) instanceof ReadResult.Slice slice)) {
                throw new IOException("cannot read offset " + next + " of " + topic + "-" + partition);
            }
            ByteBuffer bytes = ByteBuffer.allocate(slice.sizeInBytes());
            try {
                while (bytes.hasRemaining() && slice.channel().read(bytes, slice.position() + bytes.position()) >= 0) {}
            } finally {
                slice.release();
            }
            for (RecordBatch batch : RecordBatches.of(bytes.flip())) {
                replay.batch(batch);
                next = batch.nextOffset();
            }
        }
    }

    /** Receives batches in order. */
    @FunctionalInterface
    public interface Replay {
        void batch(RecordBatch batch);
    }
}
