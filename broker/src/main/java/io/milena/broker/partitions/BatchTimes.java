package io.milena.broker.partitions;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * When the batches were made that were asked for last, by the offset that was asked for: the first record that a group has not read stays the same until the group commits, and its age is asked for with every scrape. What a
 * leader has below its high watermark stays as it is in its epoch, unless it is compacted. Safe for use by many threads.
 */
final class BatchTimes {
    private static final int MAX = 16;

    private final ReentrantLock lock = new ReentrantLock();
    /** The eldest first; null until somebody asks, as of most partitions nobody does. */
    private @Nullable Map<Long, Long> times;

    private int epoch = -1;

    /** @param read finds it; what it does not find is looked for again the next time */
    OptionalLong at(long offset, int leaderEpoch, Supplier<OptionalLong> read) {
        Long known = known(offset, leaderEpoch);
        if (known != null) {
            return OptionalLong.of(known);
        }
        OptionalLong found = read.get();
        if (found.isPresent()) {
            keep(offset, leaderEpoch, found.getAsLong());
        }
        return found;
    }

    private @Nullable Long known(long offset, int leaderEpoch) {
        lock.lock();
        try {
            return times == null || epoch != leaderEpoch ? null : times.get(offset);
        } finally {
            lock.unlock();
        }
    }

    private void keep(long offset, int leaderEpoch, long timeMs) {
        lock.lock();
        try {
            if (times == null || epoch != leaderEpoch) {
                times = new LinkedHashMap<>();
                epoch = leaderEpoch;
            }
            times.put(offset, timeMs);
            if (times.size() > MAX) {
                times.remove(times.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }
}
