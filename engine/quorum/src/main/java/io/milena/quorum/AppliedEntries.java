package io.milena.quorum;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The last appends that this member has handed out, to tell offsets, which count records, from indexes, which count entries in the log of the consensus. Safe for use by
 * many threads.
 */
final class AppliedEntries {
    private static final int KEPT = 50_000;

    private final TreeMap<Long, Entry> byIndex = new TreeMap<>();
    private final TreeMap<Long, Entry> byOffset = new TreeMap<>();

    /**
     * One of them.
     *
     * @param endOffset behind its last record
     * @param totalBytes of all appends up to it that this process has seen
     * @param appliedMs when this member handed it out
     */
    record Entry(long index, int epoch, long endOffset, long totalBytes, long appliedMs) {}

    synchronized void add(Entry entry) {
        byIndex.put(entry.index(), entry);
        byOffset.put(entry.endOffset(), entry);
        if (byIndex.size() > KEPT) {
            Entry oldest = byIndex.pollFirstEntry().getValue();
            byOffset.remove(oldest.endOffset());
        }
    }

    /** Everything before is in a snapshot that came from the leader. */
    synchronized void beginWith(Entry snapshot) {
        byIndex.clear();
        byOffset.clear();
        add(snapshot);
    }

    /** The one that ends there. */
    synchronized @Nullable Entry endingAt(long offset) {
        return byOffset.get(offset);
    }

    /** The last one of which a member has everything that has the log up to {@code index}. */
    synchronized @Nullable Entry upTo(long index) {
        var entry = byIndex.floorEntry(index);
        return entry == null ? null : entry.getValue();
    }

    /** The first one that such a member lacks. */
    synchronized @Nullable Entry after(long index) {
        var entry = byIndex.higherEntry(index);
        return entry == null ? null : entry.getValue();
    }
}
