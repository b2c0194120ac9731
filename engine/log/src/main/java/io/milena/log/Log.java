package io.milena.log;

import io.milena.records.ControlRecord;
import io.milena.runtime.Signal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One partition on disk: an append-only sequence of record batches. Safe for use by many threads; one lock guards what changes, but for how far it is on disk
 * ({@link Durability}), and is never held while something is forced or waited for.
 *
 * <p>Offsets only grow: log start offset &lt;= flushed offset &lt;= log end offset. What lies below the flushed offset survives a power cut. After a disk error the log is
 * offline until the process is started anew, with all others in its directory.
 */
public final class Log {
    /** These change when the log moves to another directory, with the lock. */
    private volatile LogIdentity identity;

    private volatile LogServices shared;
    private volatile LogHealth health;
    /** Touched with the lock only. */
    private LogContents contents;

    private final ReentrantLock lock = new ReentrantLock();
    /** Taken before the other lock and held across forces: segments go, or are exchanged, one at a time. */
    private final ReentrantLock restructuring = new ReentrantLock();

    private final Signal changed = new Signal();
    private final Compactable compactable;
    private final Movable movable;
    private final Truncatable truncatable;
    private final Expirable expirable;
    private final LogReader reader;
    private final LogWriter writer;
    private volatile LogSettings settings;
    private final CommittedOffset committed = new CommittedOffset();
    private volatile long logStartOffset;
    private volatile long logEndOffset;
    private final Durability durability = new Durability(this, lock);

    /** How often the end was taken away; changes with the lock. */
    private final AtomicInteger truncations = new AtomicInteger();

    /** Whether there are transactions for which the last stable offset may lie below the high watermark. */
    private volatile boolean hasUnstable;

    Log(LogIdentity identity, LogSettings settings, LogServices shared) {
        this.identity = identity;
        this.settings = settings;
        this.shared = shared;
        this.health = new LogHealth(identity.name(), shared, changed);
        this.contents = new LogContents(identity, shared.files(), this::noteDirty);
        this.compactable = new Compactable(this, lock, restructuring);
        this.movable = new Movable(this, lock, restructuring);
        this.truncatable = new Truncatable(this, lock, restructuring);
        this.expirable = new Expirable(this, lock, restructuring);
        this.reader = new LogReader(this, lock);
        this.writer = new LogWriter(this, lock);
    }

    void noteDirty() {
        shared.flusher().noteDirty(this);
    }

    /** Loads what is on disk. Called once, before anybody else knows this log. */
    void load(LogLoader.Loaded loaded, long checkpointedStartOffset) throws IOException {
        contents.load(loaded, checkpointedStartOffset);
        logStartOffset = contents.startOffset();
        isOnDisk();
    }

    /** All that it has is. */
    private void isOnDisk() {
        hasUnstable = !contents.producers().transactions().isEmpty();
        logEndOffset = contents.endOffset();
        durability.begin(end());
    }

    /** Forces what was taken over from the journal. Called once, before anybody else knows this log. */
    void forceReplayed() throws IOException {
        LogEnd end = end();
        contents.takeUnforced().force();
        contents.forced(end);
        isOnDisk();
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
        return durability.flushedOffset();
    }

    /** What replication says of it. */
    public CommittedOffset committed() {
        return committed;
    }

    /** Below it a start after a crash need not look. */
    long forcedOffset() {
        return durability.forcedOffset();
    }

    public boolean isOffline() {
        return health.isOffline();
    }

    /** Raised when the flushed offset or the log start offset moves, and when the log goes offline; its levels are offsets. */
    public Signal changed() {
        return changed;
    }

    /**
     * Runs the listener, on a thread of the flusher that holds no lock, whenever the flushed offset has moved because something was forced. What it answers is the level that the log's signal
     * {@linkplain Signal#reach reaches} then: without one, the flushed offset.
     */
    public void onFlush(LongSupplier listener) {
        durability.onFlush(listener);
    }

    Compactable compactable() {
        return compactable;
    }

    Movable movable() {
        return movable;
    }

    Expirable expirable() {
        return expirable;
    }

    /** Called with the lock. */
    LogContents contents() {
        return contents;
    }

    /** From now on the log is elsewhere, where all of it is on disk. Called with the lock; what is under way in the old place means nothing any more. */
    void relocate(LogIdentity to, LogContents moved, LogServices services) {
        LogHealth old = health;
        identity = to;
        shared = services;
        health = new LogHealth(identity.name(), services, changed);
        contents = moved;
        isOnDisk();
        old.end();
    }

    /** Asks for the records that are appended by now to be forced soon. */
    public void requestFlush() {
        if (flushedOffset() < logEndOffset) {
            shared.flusher().request(this);
        }
    }

    /**
     * Appends the one batch that fills {@code bytes}, as the leader: checks it, gives it offsets and leader epoch in place, and writes it.
     *
     * @param bytes a batch as a producer sends it; its header is changed
     */
    public AppendResult append(ByteBuffer bytes, int leaderEpoch) {
        return writer.append(bytes, leaderEpoch);
    }

    /** As {@link #append(ByteBuffer, int)}, for batches that the broker itself has made; they may use the reserve of the disk. */
    public AppendResult appendOwn(ByteBuffer bytes, int leaderEpoch) {
        return writer.appendOwn(bytes, leaderEpoch);
    }

    /**
     * Appends batches as a follower: with the offsets and the leader epochs that the leader has given them, as they are. Gaps between them stay, where compaction has left some. What is refused,
     * because it is damaged or not behind the end, ends the append; the batches before it stay.
     *
     * @param bytes as a fetch of the leader's log answers; a batch that is not whole at the end is left out
     */
    public AppendResult appendAsFollower(ByteBuffer bytes) {
        return writer.appendAsFollower(bytes);
    }

    /** What writers need to know of the transactions that are open here. */
    public LogTransactions transactions() {
        return new LogTransactions(writer);
    }

    /** Ends the transaction of a producer, as the coordinator of that epoch has decided. */
    public AppendResult appendMarker(
            long producerId, short producerEpoch, int coordinatorEpoch, ControlRecord type, int leaderEpoch) {
        return writer.end(new Ending(producerId, producerEpoch, false, coordinatorEpoch, type), leaderEpoch);
    }

    /** Takes over what an append has changed. Called with the lock. */
    void appended() {
        hasUnstable = !contents.producers().transactions().isEmpty();
        logEndOffset = contents.endOffset();
        durability.appended(settings.durability() == LogSettings.Durability.WRITTEN);
    }

    /**
     * Whole batches from the one that holds {@code offset} on, none of them at or behind {@code endOffset}; at least one, even if it is larger than {@code bytesMax}.
     */
    public ReadResult read(long offset, int bytesMax, long endOffset) {
        return reader.read(offset, bytesMax, endOffset);
    }

    /** As {@link #read}, for those who leave out what was aborted: the slice tells what that is. */
    public ReadResult readCommitted(long offset, int bytesMax, long lastStableOffset) {
        return reader.readCommitted(offset, bytesMax, lastStableOffset);
    }

    /** The first offset that readers of committed data may not see yet, where everything below {@code highWatermark} is replicated. */
    public long lastStableOffset(long highWatermark) {
        return hasUnstable ? locked(() -> contents.lastStableOffset(highWatermark)) : highWatermark;
    }

    /**
     * The first record that is not earlier than {@code timestampMs}.
     *
     * @throws IOException when the files cannot be read; it is logged
     */
    public Optional<TimestampedOffset> offsetForTimestamp(long timestampMs) throws IOException {
        return reader.reading(() -> contents.offsetForTimestamp(timestampMs));
    }

    /**
     * The first record with the largest timestamp of all.
     *
     * @throws IOException when the files cannot be read; it is logged
     */
    public Optional<TimestampedOffset> maxTimestamp() throws IOException {
        return reader.reading(() -> contents.maxTimestamp());
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

    private <T> T locked(Supplier<T> answer) {
        lock.lock();
        try {
            return answer.get();
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    /** Moves the log start offset forward to {@code offset}; segments below it go with the next housekeeping. */
    public void deleteRecordsBefore(long offset) {
        change(() -> {
            if (offset > logEndOffset) {
                throw new IllegalArgumentException("offset " + offset + " is behind the log end " + logEndOffset);
            }
            moveStart(offset);
        });
    }

    /**
     * Takes away the batch that holds {@code offset}, and all that follow, durably: the log ends there, or where that batch began. Nothing happens where it ends there already; where it starts
     * later, it starts anew.
     *
     * @throws IOException if nothing was done, or the log is offline and the next start will have done it
     */
    public void truncateTo(long offset) throws IOException {
        truncatable.truncateTo(offset);
    }

    /** Takes everything away, durably: the log starts and ends at {@code offset}. Fails as {@link #truncateTo} does. */
    public void truncateFullyAndStartAt(long offset) throws IOException {
        truncatable.truncateFullyAndStartAt(offset);
    }

    /** How often the end was taken away: what somebody knew before need not be so any more. */
    int truncations() {
        return truncations.get();
    }

    /** Takes the end away, without forcing it. Called with the lock. */
    void truncate(Truncation truncation) throws IOException {
        contents.truncate(truncation, settings.segments());
        truncations.incrementAndGet();
        logStartOffset = contents.startOffset();
        logEndOffset = contents.endOffset();
        hasUnstable = !contents.producers().transactions().isEmpty();
        durability.truncated(end(), truncation.isAnew());
        compactable.cleanedOffset(Math.min(compactable.cleanedOffset(), logEndOffset));
    }

    /** Where it ends. Called with the lock, or before anybody else knows this log. */
    LogEnd end() {
        return contents.end(truncations());
    }

    /** Called with the lock. */
    void moveStart(long offset) {
        if (contents.moveStart(offset)) {
            logStartOffset = offset;
            changed.raise();
        }
    }

    Durability durability() {
        return durability;
    }

    LogHealth health() {
        return health;
    }

    LogServices services() {
        return shared;
    }

    /** Writes down what spares the next start from reading; what is to be forced for it is added to the list. */
    void writeRecoveryState(List<Forcing.Forceable> unforced) throws IOException {
        List<Forcing.Forceable> files = new ArrayList<>();
        lock.lock();
        try {
            if (!health.isOffline()) {
                contents.writeRecoveryState(files);
            }
        } finally {
            lock.unlock();
        }
        files.forEach(file -> unforced.add(health.guarded(file)));
        expirable.addUnforced(unforced);
    }

    /** Ends all use: waiters give up, files are closed. */
    void close() {
        restructuring.lock();
        try {
            health.end();
            change(contents::closeFiles);
        } finally {
            restructuring.unlock();
        }
    }
}
