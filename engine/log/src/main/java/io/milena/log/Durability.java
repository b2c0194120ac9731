package io.milena.log;

import io.milena.log.journal.Journal;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import io.milena.runtime.Deadline;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How far a log is on disk: in its own files up to the forced offset, in these or in the journal of its directory up to its durable end, and as far as its settings demand up to the flushed
 * offset. Safe for use by many threads. A round of the journal takes what one segment has won, and reports it, without the lock of the {@link Log}, which an append may hold.
 */
final class Durability implements Journal.Source {
    private static final System.Logger LOG = System.getLogger(Durability.class.getName());

    private final Log log;
    private final ReentrantLock lock;

    /** Guards the offsets, and is held for moments only: an append holds the other lock for as long as it writes. Taken after that one, where both are. */
    private final ReentrantLock reaching = new ReentrantLock();

    private volatile LogEnd durable = LogEnd.NOTHING;
    private volatile long forcedOffset;
    private volatile long flushedOffset;

    /** Where the last append has left the log, if it may be journaled up to there; else {@link LogEnd#NOTHING}. */
    private volatile LogEnd journalable = LogEnd.NOTHING;

    private volatile Voiding voiding = Voiding.DONE;
    private volatile LongSupplier flushListener = this::flushedOffset;

    /** Whether what the journal has of the log is to be made void. */
    private enum Voiding {
        WANTED,
        DONE,
        FAILED
    }

    Durability(Log log, ReentrantLock lock) {
        this.log = log;
        this.lock = lock;
    }

    void onFlush(LongSupplier listener) {
        flushListener = listener;
    }

    /** Below it a start after a crash need not look. */
    long forcedOffset() {
        return forcedOffset;
    }

    /** Whether all of the log is on disk, in its own files or in the journal. Takes no lock: an append may come at any time. */
    boolean isDurable() {
        return durable.offset() >= log.logEndOffset();
    }

    /** All records below are as durable as the settings demand. */
    long flushedOffset() {
        return flushedOffset;
    }

    /** What was taken away since need not be, nor what a log has that is closed. One whose directory has failed needs the journal at the next start more than any other. */
    @Override
    public boolean isForced(long endOffset) {
        return forcedOffset >= Math.min(endOffset, log.logEndOffset())
                || log.health().isEnded();
    }

    /** All of the log is on disk, in its own files. Called with the lock, or before anybody else knows the log. */
    void begin(LogEnd end) {
        moved(end, true);
    }

    /**
     * The log was appended to. Called with the lock.
     *
     * @param isEnough whether it needs no more than that
     */
    void appended(boolean isEnough) {
        LogEnd end = log.end();
        journalable = log.contents().isNamed() ? end : LogEnd.NOTHING;
        if (isEnough) {
            reaching.lock();
            try {
                flushedOffset = end.offset();
            } finally {
                reaching.unlock();
            }
        }
    }

    /** What is to be forced by now; nothing where the log has moved to another directory, whose flusher is asked then. */
    Optional<LogFlush> beginFlush(Flusher flusher) {
        lock.lock();
        try {
            if (!flusher.equals(log.services().flusher())) {
                log.services().flusher().request(log);
                return Optional.empty();
            }
            LogContents contents = log.contents();
            return Optional.of(new LogFlush(log, contents.takeUnforced(), log.end()));
        } finally {
            lock.unlock();
        }
    }

    /** What could not even be tried is forced with the next round. */
    void forceLater(Unforced.Work work) {
        lock.lock();
        try {
            log.contents().giveBackUnforced(work);
        } finally {
            lock.unlock();
        }
        log.noteDirty();
    }

    /** What is to be journaled by now; nothing where the log must be forced itself: as long as a power cut may take the name of one of its files, its journal would be of no use. */
    Optional<LogTail> beginJournaling(Flusher flusher) {
        Optional<LogTail> tail = tailOfOneSegment();
        return tail.isPresent()
                        && flusher.equals(log.services().flusher())
                        && !log.health().isEnded()
                ? tail
                : beginJournalingLocked(flusher);
    }

    /** What was appended to the segment in which the durable end lies, if anything was. Without the lock: there may be more by now, and the log may be elsewhere. */
    private Optional<LogTail> tailOfOneSegment() {
        LogEnd from = durable;
        LogEnd to = journalable;
        Segment segment = to.segment();
        if (segment == null
                || !segment.equals(from.segment())
                || from.truncations() != to.truncations()
                || from.position() > to.position()
                || voiding == Voiding.WANTED) {
            return Optional.empty();
        }
        List<LogTail.Part> parts = from.position() == to.position()
                ? List.of()
                : List.of(new LogTail.Part(segment, from.position(), to.position()));
        return Optional.of(new LogTail(log, parts, to, false));
    }

    private Optional<LogTail> beginJournalingLocked(Flusher flusher) {
        lock.lock();
        try {
            LogContents contents = log.contents();
            return flusher.equals(log.services().flusher())
                            && contents.isNamed()
                            && !log.health().isEnded()
                    ? Optional.of(new LogTail(
                            log, behind(durable, contents.segments()), log.end(), voiding == Voiding.WANTED))
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private static List<LogTail.Part> behind(LogEnd end, Segments segments) {
        List<LogTail.Part> parts = new ArrayList<>();
        for (Segment segment : segments.from(end.offset())) {
            int from = segment.equals(end.segment()) ? end.position() : 0;
            if (from < segment.sizeInBytes()) {
                parts.add(new LogTail.Part(segment, from, segment.sizeInBytes()));
            }
        }
        return parts;
    }

    /**
     * All that was there when the log had this end is on disk, in its own files.
     *
     * @param health what the log had then: one that has moved since has all on disk
     */
    void forced(LogEnd end, LogHealth health) {
        lock.lock();
        try {
            if (!health.equals(log.health())) {
                return;
            }
            if (end.truncations() == log.truncations()) {
                log.contents().forced(end);
                reaching.lock();
                try {
                    forcedOffset = Math.max(forcedOffset, end.offset());
                } finally {
                    reaching.unlock();
                }
            }
        } finally {
            lock.unlock();
        }
        reached(end);
        if (voiding == Voiding.WANTED) { // there may be room in the journal by now
            if (log.services().flusher().hasJournal()) {
                log.services().flusher().request(log);
            } else {
                isNotVoid();
            }
        }
    }

    /**
     * All below an end is on disk, in the log's own files or in the journal; where the end was taken away since, nobody knows what of it there is, and it is forced once more.
     */
    void reached(LogEnd end) {
        boolean isThere;
        reaching.lock();
        try {
            isThere = end.truncations() == log.truncations();
            if (isThere) {
                durable = end.offset() > durable.offset() ? end : durable;
                flushedOffset = Math.max(flushedOffset, end.offset());
            }
        } finally {
            reaching.unlock();
        }
        if (!isThere) {
            log.services().flusher().request(log);
        }
        log.changed().reach(flushListener.getAsLong());
    }

    /** The end was taken away. Called with the lock. */
    void truncated(LogEnd end, boolean isAnew) {
        moved(end, isAnew);
    }

    /** @param isAnew whether the end is all that counts */
    private void moved(LogEnd end, boolean isAnew) {
        reaching.lock();
        try {
            journalable = LogEnd.NOTHING;
            durable = isAnew || durable.offset() > end.offset() ? end : durable;
            forcedOffset = isAnew ? end.offset() : Math.min(forcedOffset, end.offset());
            flushedOffset = isAnew ? end.offset() : Math.min(flushedOffset, end.offset());
        } finally {
            reaching.unlock();
        }
    }

    /** Waits until the log's own files hold all that is only in the journal by now. */
    void awaitFiles() throws IOException {
        if (isAhead()) {
            requestFiles();
            awaitForced(log.logEndOffset());
        }
    }

    /** Waits until the own files of logs hold what was deleted at their starts: only from there the next start learns of its producers. */
    static void awaitDeleted(Collection<Log> logs) throws IOException {
        List<Durability> behind = logs.stream()
                .map(Log::durability)
                .filter(each -> !each.isForced(each.log.logStartOffset()))
                .toList();
        behind.forEach(Durability::requestFiles);
        for (Durability each : behind) {
            each.awaitForced(each.log.logStartOffset());
        }
    }

    private void requestFiles() {
        log.services().flusher().requestFiles(log);
    }

    private void awaitForced(long endOffset) throws IOException {
        Flusher flusher = log.services().flusher();
        await(() -> isForced(endOffset) || log.isOffline() || flusher.isStopping());
        if (!isForced(endOffset)) {
            throw new IOException(log.identity().name() + " cannot be forced");
        }
    }

    /** Where the log is known to start, as far as that may be written down. */
    long durableStartOffset() {
        return Math.min(log.logStartOffset(), forcedOffset);
    }

    /** Makes void what the journal has of the log, durably: its end was taken away. */
    void makeVoid() throws IOException {
        wantVoid();
        awaitVoid();
    }

    private void wantVoid() {
        Flusher flusher = log.services().flusher();
        if (flusher.mayHaveJournaled()) {
            voiding = Voiding.WANTED;
            flusher.request(log);
        }
    }

    private void awaitVoid() throws IOException {
        Flusher flusher = log.services().flusher();
        await(() -> voiding != Voiding.WANTED || log.isOffline() || flusher.isStopping());
        if (voiding != Voiding.DONE || log.isOffline()) {
            throw new IOException(
                    "the journal has what was taken away of " + log.identity().name());
        }
    }

    /** Makes void what the journal of a directory has of logs that were there: later ones may be of the same partitions. After a stop there is no need, since a start reads the journal before there are any. */
    static void makeVoid(List<LogIdentity> left, LogServices services) throws IOException {
        List<Durability> empty = left.stream()
                .map(identity -> new Log(identity, LogSettings.DEFAULTS, services).durability())
                .toList();
        empty.forEach(Durability::wantVoid);
        for (Durability each : empty) {
            if (!services.flusher().isStopping() && !services.directory().isOffline()) {
                each.awaitVoid();
            }
        }
    }

    /** @param condition takes no lock, whose park would take the wake-up of this one */
    private void await(BooleanSupplier condition) throws IOException {
        try {
            log.changed().await(condition, Deadline.never());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The journal says that all it had before of the log is void. */
    void isVoid() {
        voiding = Voiding.DONE;
        log.changed().raise();
    }

    /** The journal cannot say so. */
    void isNotVoid() {
        if (voiding == Voiding.WANTED) {
            voiding = Voiding.FAILED;
            log.changed().raise();
        }
    }

    /** Whether something is on disk only in the journal. */
    boolean isAhead() {
        reaching.lock();
        try {
            return durable.offset() > forcedOffset;
        } finally {
            reaching.unlock();
        }
    }

    /**
     * Appends those of the batches that the log's own files have lost, those that were deleted too: what is known of their producers is not. Before anybody else knows the log; {@link Log#forceReplayed} must follow if there were any.
     *
     * @param boundOffset what reaches beyond was about to be taken away
     */
    boolean replay(ByteBuffer batches, long boundOffset) throws IOException {
        LogContents contents = log.contents();
        boolean hasChanged = false;
        for (RecordBatch batch : RecordBatches.of(batches)) {
            if (batch.nextOffset() > contents.replayedOffset() && batch.nextOffset() <= boundOffset) {
                if (batch.baseOffset() > contents.endOffset()) {
                    LOG.log(
                            Level.ERROR,
                            "{0} ends at offset {1}, and its journal goes on at {2}; the offsets between are not given again",
                            log.identity().name(),
                            contents.endOffset(),
                            batch.baseOffset());
                }
                contents.replay(batch, log.settings().rolling());
                hasChanged = true;
            }
        }
        return hasChanged;
    }
}
