package io.milena.log.story;

import io.milena.log.TimestampedOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    private boolean isOffline;

    /** A batch that was appended. {@code producerId} is -1 and {@code sequence} meaningless for plain ones. */
    record Batch(long baseOffset, List<Entry> entries, long producerId, int sequence) {
        long lastOffset() {
            return baseOffset + entries.size() - 1;
        }
    }

    /** A record as it was sent. */
    record Entry(long timestampMs, String value) {}

    long start() {
        return start;
    }

    long end() {
        return end;
    }

    boolean isOffline() {
        return isOffline;
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

    private boolean isDamaged(Batch batch) {
        return damaged.contains(batch.baseOffset);
    }

    /** Whether anything from one offset to another is damaged. */
    boolean hasDamageIn(long fromOffset, long toOffset) {
        return from(fromOffset).stream()
                .takeWhile(batch -> batch.baseOffset < toOffset)
                .anyMatch(this::isDamaged);
    }

    /** Whether everything from one offset to another is damaged. */
    boolean isDamaged(long fromOffset, long toOffset) {
        return from(fromOffset).stream()
                .takeWhile(batch -> batch.baseOffset < toOffset)
                .allMatch(this::isDamaged);
    }

    void append(long baseOffset, List<Entry> entries, long producerId, int sequence) {
        Assertions.assertEquals(end, baseOffset, "the offset of a new batch");
        batches.add(new Batch(baseOffset, entries, producerId, sequence));
        end = baseOffset + entries.size();
    }

    /** The batches of a producer that are not deleted, the latest last. */
    List<Batch> batchesOf(long producerId) {
        return batches.stream()
                .filter(batch -> batch.producerId == producerId && batch.baseOffset >= start)
                .toList();
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
