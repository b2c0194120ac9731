package io.milena.log;

import java.util.Collection;
import java.util.List;

/**
 * What of a log compaction may touch, and how much it is worth. Whole segments only, never the active one, nothing from {@code min.compaction.lag.ms} on.
 *
 * @param firstDirtyOffset before it all is compacted already
 * @param endOffset where the part ends that may be compacted: a segment starts there
 * @param cleanBytes what is compacted already
 * @param dirtyBytes what is not, and may be
 * @param isOverdue whether {@code max.compaction.lag.ms} is over
 */
record Dirtiness(long firstDirtyOffset, long endOffset, long cleanBytes, long dirtyBytes, boolean isOverdue) {
    /** Of a log without records. */
    private static final Dirtiness NONE = new Dirtiness(0, 0, 0, 0, false);

    /**
     * A segment, as far as it matters here.
     *
     * @param firstTimestampMs of its first batch; 0 or less if it has none
     * @param maxTimestampMs of all its records
     */
    record Extent(long baseOffset, long sizeInBytes, long firstTimestampMs, long maxTimestampMs) {}

    /**
     * Looks at a log.
     *
     * @param extents its segments in their order; the last is the active one
     * @param cleanedOffset how far it was compacted before; a value outside the log, as a checkpoint may hold, means nothing was
     * @param boundOffset nothing at or above it may be touched
     */
    static Dirtiness of(
            List<Extent> extents, long cleanedOffset, long boundOffset, LogSettings.Compacting settings, long nowMs) {
        if (extents.isEmpty()) {
            return NONE;
        }
        long startOffset = extents.getFirst().baseOffset;
        Extent active = extents.getLast();
        List<Extent> sealed = extents.subList(0, extents.size() - 1);
        long firstDirty =
                cleanedOffset < startOffset || cleanedOffset > active.baseOffset ? startOffset : cleanedOffset;
        long end = startOffset;
        long dirtyBytes = 0;
        long oldestMs = Long.MAX_VALUE;
        for (int i = 0; i < sealed.size(); i++) {
            Extent extent = sealed.get(i);
            long extentEnd = extents.get(i + 1).baseOffset;
            boolean isDirty = extentEnd > firstDirty;
            boolean isYoung = settings.minLagMs() > 0 && extent.maxTimestampMs > nowMs - settings.minLagMs();
            if (extentEnd > boundOffset || (isDirty && isYoung)) {
                break;
            }
            end = extentEnd;
            if (isDirty) {
                dirtyBytes += extent.sizeInBytes;
                oldestMs = extent.firstTimestampMs > 0 ? Math.min(oldestMs, extent.firstTimestampMs) : oldestMs;
            }
        }
        long cleanBytes = bytes(extents.stream()
                .filter(extent -> extent.baseOffset < firstDirty)
                .toList());
        boolean isOverdue = oldestMs < nowMs - settings.maxLagMs();
        return new Dirtiness(firstDirty, Math.max(end, firstDirty), cleanBytes, dirtyBytes, isOverdue);
    }

    private static long bytes(Collection<Extent> extents) {
        return extents.stream().mapToLong(Extent::sizeInBytes).sum();
    }

    /** The share of the dirty bytes, 0 to 1. */
    double ratio() {
        return dirtyBytes == 0 ? 0 : dirtyBytes / (double) (cleanBytes + dirtyBytes);
    }

    boolean isDue(LogSettings.Compacting settings) {
        return dirtyBytes > 0 && (isOverdue || ratio() > settings.minDirtyRatio());
    }
}
