package io.milena.log;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/**
 * The transactions of a log that readers of committed data may not pass yet: those without an end, and those whose end is not replicated yet. No append and no read searches them, however many there
 * are. Guarded by the lock of its {@link Log}.
 */
final class UnstableTransactions {
    /** Beyond it the oldest ends become one: that may hold readers back until the high watermark has passed it, but never lets them through too early. */
    static final int ENDED_MAX = 4096;

    /** Producer ids, by the first offset of the transaction. */
    private final TreeMap<Long, Long> open = new TreeMap<>();
    /**
     * Ascending in both offsets. One that ended before another and began after it is left out: the other holds readers back at an earlier offset, and for longer.
     */
    private final Deque<Ended> ended = new ArrayDeque<>();

    private record Ended(long firstOffset, long markerOffset) {}

    void begin(long firstOffset, long producerId) {
        open.put(firstOffset, producerId);
    }

    /** Markers come in the order of the log. */
    void end(long firstOffset, long markerOffset) {
        open.remove(firstOffset);
        while (!ended.isEmpty() && ended.getLast().firstOffset > firstOffset) {
            ended.removeLast();
        }
        ended.addLast(new Ended(firstOffset, markerOffset));
        if (ended.size() > ENDED_MAX) {
            long oldest = ended.removeFirst().firstOffset;
            ended.addFirst(new Ended(oldest, ended.removeFirst().markerOffset));
        }
    }

    /** Takes over the ends that others know of, up to where the log ends now: transactions that ended behind it are open again. */
    void takeOverEnded(UnstableTransactions before, long endOffset) {
        ended.clear();
        for (Ended each : before.ended) {
            ended.addLast(new Ended(each.firstOffset, Math.min(each.markerOffset, endOffset - 1)));
            if (each.markerOffset >= endOffset) {
                return; // it holds readers back as those behind it would
            }
        }
    }

    boolean isEmpty() {
        return open.isEmpty() && ended.isEmpty();
    }

    /** Where the earliest transaction begins that is open beside the one that begins at an offset, or {@code other} where there is none. */
    long firstOpenBeside(long firstOffset, long other) {
        Map.Entry<Long, Long> first = open.firstEntry();
        Map.Entry<Long, Long> beside =
                first == null || first.getKey() != firstOffset ? first : open.higherEntry(firstOffset);
        return beside == null ? other : beside.getKey();
    }

    /** Where the earliest open transaction begins, or {@code other} where none is open. */
    long firstOpen(long other) {
        Map.Entry<Long, Long> first = open.firstEntry();
        return first == null ? other : first.getKey();
    }

    /** Where the earliest transaction begins of those that have no end below an offset, or the offset. */
    long firstUnstable(long offset) {
        long first = firstOpen(offset);
        for (Ended each : ended) {
            if (each.markerOffset >= offset) {
                return Math.min(first, each.firstOffset); // those behind begin later
            }
        }
        return first;
    }

    /** The first offset that readers of committed data may not see yet; forgets the ends below the high watermark, which only grows. */
    long lastStableOffset(long highWatermark) {
        while (!ended.isEmpty() && ended.getFirst().markerOffset < highWatermark) {
            ended.removeFirst();
        }
        long firstUnstable = firstOpen(highWatermark);
        return Math.min(
                highWatermark, ended.isEmpty() ? firstUnstable : Math.min(firstUnstable, ended.getFirst().firstOffset));
    }
}
