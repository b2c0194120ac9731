package io.milena.log.story;

import io.milena.log.TimestampedOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;

/**
 * What one log must hold: the oracle of a story. The log may lose what was not acknowledged, from its end, when a process or the power goes; nothing else, ever.
 */
final class LogModel {
    private final List<Batch> batches = new ArrayList<>();
    /** Base offsets of batches that the disk has not kept. */
    private final Set<Long> damaged = new HashSet<>();

    private long start;
    /** The least start that a crash may bring back. */
    private long durableStart;

    private long end;
    /** Below it nothing may go. */
    private long acknowledged;

    private long compactedEnd;
    private @Nullable Truncation begun;
    private boolean isOffline;
    private boolean isForgetful;

    /** A batch that was appended, with a record at each of its offsets. */
    record Batch(long baseOffset, List<Entry> entries, Origin origin) {
        long lastOffset() {
            return baseOffset + entries.size() - 1;
        }

        boolean isMarker() {
            return origin.kind == Kind.COMMIT || origin.kind == Kind.ABORT;
        }

        boolean isTransactional() {
            return origin.kind != Kind.PLAIN;
        }
    }

    /** What a batch is. */
    enum Kind {
        PLAIN,
        TRANSACTIONAL,
        COMMIT,
        ABORT
    }

    /**
     * Who has sent a batch.
     *
     * @param producerId -1 for nobody in particular
     * @param sequence of its first record; -1 where there is none
     */
    record Origin(Kind kind, long producerId, int sequence) {
        static final Origin NOBODY = new Origin(Kind.PLAIN, -1, -1);
    }

    /** A record as it was sent. */
    record Entry(
            long timestampMs,
            @Nullable String key,
            @Nullable String value) {}

    long start() {
        return start;
    }

    long end() {
        return end;
    }

    boolean isOffline() {
        return isOffline;
    }

    /** Whether a power cut may have taken what was deleted already, and with it what the log knew of producers. */
    boolean isForgetful() {
        return isForgetful;
    }

    void goOffline() {
        isOffline = true;
    }

    /** What the log has confirmed as safe only grows. */
    void acknowledge(long offset) {
        Assertions.assertTrue(offset >= acknowledged, () -> acknowledged + " was acknowledged, now only " + offset);
        Assertions.assertTrue(offset <= end, () -> offset + " is acknowledged, but " + end + " is the end");
        acknowledged = offset;
    }

    long acknowledged() {
        return acknowledged;
    }

    void damage(long baseOffset) {
        damaged.add(baseOffset);
    }

    boolean hasDamage() {
        return !damaged.isEmpty();
    }

    boolean isDamaged(Batch batch) {
        return damaged.contains(batch.baseOffset);
    }

    /** Whether anything from one offset to another is damaged. */
    boolean hasDamageIn(long fromOffset, long toOffset) {
        return from(fromOffset).stream()
                .takeWhile(batch -> batch.baseOffset < toOffset)
                .anyMatch(this::isDamaged);
    }

    void append(long baseOffset, List<Entry> entries, Origin origin) {
        Assertions.assertEquals(end, baseOffset, "the offset of a new batch");
        batches.add(new Batch(baseOffset, entries, origin));
        end = baseOffset + entries.size();
    }

    /** The batches of a producer that are not deleted, the latest last. */
    List<Batch> batchesOf(long producerId) {
        return batches.stream()
                .filter(batch -> batch.origin.producerId == producerId && !batch.isMarker())
                .filter(batch -> batch.baseOffset >= start)
                .toList();
    }

    /** All batches that were not lost or cut. */
    List<Batch> batches() {
        return batches;
    }

    /** The offset below which compaction may have taken records away. */
    long compactedEnd() {
        return compactedEnd;
    }

    /** Compaction has worked below an offset. */
    void compact(long endOffset) {
        compactedEnd = Math.max(compactedEnd, endOffset);
    }

    /** The end is taken away, whatever was acknowledged. */
    void truncate(long newEnd) {
        batches.removeIf(batch -> batch.lastOffset() >= newEnd);
        damaged.removeIf(baseOffset -> baseOffset >= newEnd);
        end = newEnd;
        acknowledged = Math.min(acknowledged, newEnd);
    }

    /** A truncation has failed: the next start ends what was begun, if it finds that it was. */
    void mayBeTruncated(Truncation truncation) {
        begun = truncation;
    }

    /** Whether nobody knows where the log ends. */
    boolean isUncertain() {
        return begun != null;
    }

    /** Where the end was to be. */
    record Truncation(long newEnd, boolean isAnew) {}

    private void settle(long newStart, long newEnd) {
        Truncation truncation = begun;
        begun = null;
        if (truncation != null && truncation.isAnew && newStart == truncation.newEnd && newEnd == truncation.newEnd) {
            startAnew(newEnd);
        } else if (truncation != null && !truncation.isAnew && newEnd <= truncation.newEnd) {
            truncate(truncation.newEnd);
            start = Math.min(start, newEnd); // which was moved after it was begun
            durableStart = Math.min(durableStart, newEnd);
        }
    }

    /** Everything is taken away. */
    void startAnew(long offset) {
        forget();
        start = offset;
        durableStart = offset;
        end = offset;
        acknowledged = offset;
    }

    void moveStart(long offset) {
        start = offset;
    }

    /** The start that the log has now would survive. */
    void makeStartDurable() {
        durableStart = start;
    }

    /**
     * Nobody knows which of the starts since the last durable one a crash would bring back.
     *
     * @param isForced whether an acknowledgement means that the power may go
     */
    void restart(long newStart, long newEnd, Ending ending, boolean isForced) {
        settle(newStart, newEnd);
        isForgetful |= !isForced && ending == Ending.POWER_CUT;
        if (!isForced && ending == Ending.POWER_CUT && newEnd == 0) {
            forget(); // all of it, with its directory
            return;
        }
        boolean isWhole = ending != Ending.POWER_CUT;
        Assertions.assertTrue(
                newStart >= durableStart && newStart <= Math.max(start, newEnd),
                () -> "start " + newStart + ", which was " + start + " and durable as " + durableStart);
        Assertions.assertTrue(
                isWhole ? newEnd == end : newEnd >= acknowledged && newEnd <= end,
                () -> "end " + newEnd + " after " + ending + ", which was " + end + " and acknowledged as "
                        + acknowledged);
        Assertions.assertTrue(
                ending != Ending.CLEAN_STOP || newStart == start, () -> "start " + newStart + " of " + start);
        start = newStart;
        durableStart = newStart;
        end = newEnd;
        acknowledged = newEnd;
        compactedEnd = Math.min(compactedEnd, newEnd);
        isOffline = false;
        batches.removeIf(batch -> batch.lastOffset() >= newEnd);
    }

    private void forget() {
        batches.clear();
        damaged.clear();
        start = 0;
        durableStart = 0;
        end = 0;
        acknowledged = 0;
        compactedEnd = 0;
        isOffline = false;
    }

    /** How a process came to its end. */
    enum Ending {
        CLEAN_STOP,
        /** What is in the page cache stays. */
        KILL,
        POWER_CUT
    }

    /** The batches from the one with {@code offset} on. */
    List<Batch> from(long offset) {
        return batches.stream().filter(batch -> batch.lastOffset() >= offset).toList();
    }

    Optional<Long> offsetForTimestamp(long timestampMs) {
        for (Batch batch : from(start)) {
            for (int i = 0; i < batch.entries.size(); i++) {
                if (batch.baseOffset + i >= start && batch.entries.get(i).timestampMs >= timestampMs) {
                    return Optional.of(batch.baseOffset + i);
                }
            }
        }
        return Optional.empty();
    }

    static Optional<Long> offset(Optional<TimestampedOffset> found) {
        return found.map(TimestampedOffset::offset);
    }
}
