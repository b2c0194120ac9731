package io.milena.log;

import java.util.Map;
import java.util.TreeMap;

/**
 * The transactions of a log that readers of committed data may not pass yet: those without an end, and those whose end is not replicated yet. Guarded by the lock of its {@link Log}.
 */
final class UnstableTransactions {
    /** Producer ids, by the first offset of the transaction. */
    private final TreeMap<Long, Long> open = new TreeMap<>();
    /** Offsets of the markers, by the first offset of the transaction. */
    private final TreeMap<Long, Long> ended = new TreeMap<>();

    void begin(long firstOffset, long producerId) {
        open.put(firstOffset, producerId);
    }

    void end(long firstOffset, long markerOffset) {
        open.remove(firstOffset);
        ended.put(firstOffset, markerOffset);
    }

    boolean isEmpty() {
        return open.isEmpty() && ended.isEmpty();
    }

    /** Where the earliest open transaction begins, or {@code other} where none is open. */
    long firstOpen(long other) {
        Map.Entry<Long, Long> first = open.firstEntry();
        return first == null ? other : first.getKey();
    }

    /** The first offset that readers of committed data may not see yet. */
    long lastStableOffset(long highWatermark) {
        ended.values().removeIf(markerOffset -> markerOffset < highWatermark);
        long firstUnstable = firstOpen(highWatermark);
        return Math.min(highWatermark, ended.isEmpty() ? firstUnstable : Math.min(firstUnstable, ended.firstKey()));
    }
}
