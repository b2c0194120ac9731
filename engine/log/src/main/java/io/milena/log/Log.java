package io.milena.log;

import io.milena.records.InvalidRecordsException;
import io.milena.records.RecordBatch;
import io.milena.records.TimestampType;
import io.milena.runtime.Clock;
import io.milena.runtime.Signal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One partition on disk: an append-only sequence of record batches. Safe for use by many threads; one lock guards what changes, and is never held while something
 * is forced or waited for.
 *
 * <p>Offsets only grow: log start offset &lt;= flushed offset &lt;= log end offset. What lies below the flushed offset survives a power cut. After a disk error the log is
 * offline until the process is started anew.
 */
public final class Log {
    private static final System.Logger LOG = System.getLogger(Log.class.getName());

    private final LogIdentity identity;
    private final Clock clock;
    private final Flusher flusher;
    private final ReentrantLock lock = new ReentrantLock();
    /** Taken before the other lock and held across forces: segments go, or are exchanged, one at a time. */
    private final ReentrantLock restructuring = new ReentrantLock();

    private final Signal changed = new Signal();

    /** Touched with the lock only. */
    private final LogContents contents;

    private final Compactable compactable;
    private volatile LogSettings settings;
    private volatile long logStartOffset;
    private volatile long logEndOffset;
    private volatile long flushedOffset;
    /** All records below are on disk, whatever the settings demand. */
    private volatile long forcedOffset;

    private volatile boolean isOffline;

    Log(LogIdentity identity, LogSettings settings, Clock clock, OpenFiles files, Flusher flusher) {
        this.identity = identity;
        this.settings = settings;
        this.clock = clock;
        this.flusher = flusher;
        this.contents = new LogContents(identity, files);
        this.compactable = new Compactable(this, contents, lock, restructuring);
    }

    /** Loads what is on disk. Called once, before anybody else knows this log. */
    void load(LogLoader.Loaded loaded, long checkpointedStartOffset) throws IOException {
        contents.load(loaded, checkpointedStartOffset);
        logStartOffset = contents.startOffset();
        logEndOffset = contents.endOffset();
        flushedOffset = logEndOffset;
        forcedOffset = logEndOffset;
    }

    LogIdentity identity() {
        return identity;
    }

    public String topic() {
        return identity.topic();
    }

    public int partition() {
        return identity.partition();
    }

    public UUID topicId() {
        return identity.topicId();
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

    /** Below it a start after a crash need not look. */
    long forcedOffset() {
        return forcedOffset;
    }

    public boolean isOffline() {
        return isOffline;
    }

    /** Raised when the flushed offset or the log start offset moves, and when the log goes offline. */
    public Signal changed() {
        return changed;
    }

    Compactable compactable() {
        return compactable;
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
                return refusal("the log is offline");
            }
            AppendResult known = contents.producers().check(batch);
            return known != null ? known : write(batch, leaderEpoch);
        } catch (IOException e) {
            fail("writing", e);
            return refusal("writing failed");
        } finally {
            lock.unlock();
        }
    }

    private AppendResult refusal(String why) {
        return AppendResult.Refused.because(AppendResult.Reason.KAFKA_STORAGE_ERROR, identity.name() + ": " + why);
    }

    private AppendResult write(RecordBatch batch, int leaderEpoch) throws IOException {
        contents.append(batch, leaderEpoch, settings.rolling());
        logEndOffset = contents.endOffset();
        if (settings.durability() == LogSettings.Durability.WRITTEN) {
            flushedOffset = logEndOffset;
        }
        boolean isStamped = settings.accepting().timestampType() == TimestampType.LOG_APPEND_TIME;
        return new AppendResult.Appended(
                batch.baseOffset(), batch.lastOffset(), isStamped ? batch.maxTimestampMs() : -1, logStartOffset);
    }

    /**
     * Whole batches from the one that holds {@code offset} on, none of them at or behind {@code endOffset}; at least one, even if it is larger than {@code bytesMax}.
     */
    public ReadResult read(long offset, int bytesMax, long endOffset) {
        try {
            ReadResult found = contents(() -> contents.read(offset, bytesMax, endOffset));
            if (found instanceof ReadResult.Slice slice) {
                slice.check();
            }
            return found;
        } catch (DamagedFileException e) {
            LOG.log(Level.ERROR, "Reading offset {0} of {1}: {2}", offset, identity.name(), e.getMessage());
            return reading(ReadResult.Empty.INSTANCE, () -> contents.readAmongDamaged(offset));
        } catch (IOException e) {
            fail("reading", e);
            return ReadResult.Empty.INSTANCE;
        }
    }

    /** The first record that is not earlier than {@code timestampMs}. */
    public Optional<TimestampedOffset> offsetForTimestamp(long timestampMs) {
        return reading(Optional.empty(), () -> contents.offsetForTimestamp(timestampMs));
    }

    /** The first record with the largest timestamp of all. */
    public Optional<TimestampedOffset> maxTimestamp() {
        return reading(Optional.empty(), contents::maxTimestamp);
    }

    /** The leader epoch of the record at {@code offset}, or -1. */
    public int epochAt(long offset) {
        return locked(() -> contents.epochs().epochAt(offset));
    }

    public EpochEnd endOffsetFor(int leaderEpoch) {
        return locked(() -> contents.epochs().endOffsetFor(leaderEpoch, logEndOffset));
    }

    public List<ProducerState> producers() {
        return locked(() -> contents.producers().all());
    }

    public long sizeInBytes() {
        return locked(() -> contents.segments().sizeInBytes());
    }

    /** A look into the files. */
    @FunctionalInterface
    private interface Reading<T> {
        T result() throws IOException;
    }

    private <T> T reading(T afterFailure, Reading<T> reading) {
        try {
            return contents(reading);
        } catch (IOException e) {
            fail("reading", e);
            return afterFailure;
        }
    }

    private <T> T contents(Reading<T> reading) throws IOException {
        lock.lock();
        try {
            return reading.result();
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> answer) {
        lock.lock();
        try {
            return answer.get();
        } finally {
            lock.unlock();
        }
    }

    /** Moves the log start offset forward to {@code offset}; segments below it go with the next housekeeping. */
    public void deleteRecordsBefore(long offset) {
        lock.lock();
        try {
            if (offset > logEndOffset) {
                throw new IllegalArgumentException("offset " + offset + " is behind the log end " + logEndOffset);
            }
            moveStart(offset);
        } finally {
            lock.unlock();
        }
    }

    private void moveStart(long offset) {
        if (contents.moveStart(offset)) {
            logStartOffset = offset;
            changed.raise();
        }
    }

    /** Takes segments out that retention no longer keeps; the caller deletes their files. */
    List<Segment> removeExpired(long nowMs) throws IOException {
        restructuring.lock();
        lock.lock();
        try {
            if (isOffline) {
                return List.of();
            }
            List<Segment> removed =
                    contents.removeExpired(new Retention(settings.deleting(), nowMs, logStartOffset, flushedOffset));
            moveStart(contents.segments().firstOffset());
            return removed;
        } finally {
            lock.unlock();
            restructuring.unlock();
        }
    }

    /** Forgets producers that were last heard before {@code oldestMs}; answers how many. */
    int expireProducers(long oldestMs) {
        return locked(() -> contents.producers().expire(oldestMs));
    }

    /** Forces everything that is appended by now; called by the flusher only. */
    void force() {
        Flush flush = beginFlush();
        try {
            flush.work.force();
            flush.succeeded();
        } catch (IOException e) {
            flush.failed(e);
        }
    }

    /** What is to be forced by now. Called by the flusher only, which tells how it went. */
    Flush beginFlush() {
        lock.lock();
        try {
            return new Flush(contents.takeUnforced(), logEndOffset);
        } finally {
            lock.unlock();
        }
    }

    /** Everything that was appended when it began, on its way to the disk. */
    final class Flush {
        private final Unforced.Work work;
        private final long endOffset;

        private Flush(Unforced.Work work, long endOffset) {
            this.work = work;
            this.endOffset = endOffset;
        }

        int files() {
            return work.files();
        }

        void succeeded() {
            if (!isOffline) {
                forcedOffset = Math.max(forcedOffset, endOffset);
                flushedOffset = Math.max(flushedOffset, endOffset);
                changed.raise();
            }
        }

        void failed(IOException e) {
            fail("forcing", e);
        }
    }

    void fail(String doing, IOException e) {
        isOffline = true;
        LOG.log(Level.ERROR, "Log of " + identity.name() + " goes offline: " + doing + " failed", e);
        changed.raise();
    }

    /** Writes down what spares the next start from reading; what is to be forced for it is added to the list. */
    void writeRecoveryState(List<Forcing.Forceable> unforced) throws IOException {
        lock.lock();
        try {
            if (!isOffline) {
                contents.writeRecoveryState(unforced);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends all use: waiters give up, files are closed. */
    void close() {
        restructuring.lock();
        lock.lock();
        try {
            isOffline = true;
            contents.closeFiles();
        } finally {
            lock.unlock();
            restructuring.unlock();
        }
        changed.raise();
    }
}
