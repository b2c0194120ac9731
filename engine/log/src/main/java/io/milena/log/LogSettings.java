package io.milena.log;

import io.milena.records.BatchHeader;
import io.milena.records.Compression;
import io.milena.records.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * How one log behaves; immutable, replaced as a whole. Sizes in bytes, times in milliseconds, -1 for "no limit" where Kafka allows it.
 *
 * @param segments when a segment is full
 * @param accepting what is taken in
 * @param deleting what retention deletes
 * @param compacting what compaction takes out
 * @param fileDeleteDelayMs {@code file.delete.delay.ms}
 * @param durability when appended records count as flushed
 */
public record LogSettings(
        Segmenting segments,
        Accepting accepting,
        Deleting deleting,
        Compacting compacting,
        long fileDeleteDelayMs,
        Durability durability) {

    private static final long MS_PER_DAY = 24L * 3600 * 1000;

    /**
     * When the active segment is sealed and a new one begins.
     *
     * @param bytes {@code segment.bytes}
     * @param ms {@code segment.ms}
     * @param jitterMs {@code segment.jitter.ms}
     * @param indexIntervalBytes {@code index.interval.bytes}
     */
    public record Segmenting(int bytes, long ms, long jitterMs, int indexIntervalBytes) {
        public static final Segmenting DEFAULTS = new Segmenting(1 << 30, 7 * MS_PER_DAY, 0, 4096);

        /** After how long a log begins a new segment: some earlier than others, so that not all do at once; the same at every start. */
        long msOf(LogIdentity log) {
            long most = Math.min(jitterMs, ms);
            return most == 0 ? ms : ms - Math.floorMod(31L * log.topicId().hashCode() + log.partition(), most + 1);
        }
    }

    /**
     * What batches of clients may be, and what is changed in them.
     *
     * @param batchBytesMax {@code max.message.bytes}: the largest batch
     * @param timestampType {@code message.timestamp.type}
     * @param timestampBeforeMaxMs {@code message.timestamp.before.max.ms}
     * @param timestampAfterMaxMs {@code message.timestamp.after.max.ms}
     * @param compression {@code compression.type}; null is {@code producer}, that is, as it comes
     * @param compressionLevel {@code compression.*.level} of that type
     */
    public record Accepting(
            int batchBytesMax,
            TimestampType timestampType,
            long timestampBeforeMaxMs,
            long timestampAfterMaxMs,
            @Nullable Compression compression,
            int compressionLevel) {
        public static final Accepting DEFAULTS = new Accepting(
                1024 * 1024 + BatchHeader.LENGTH_OVERHEAD_BYTES,
                TimestampType.CREATE_TIME,
                Long.MAX_VALUE,
                3600_000,
                null,
                0);
    }

    /**
     * What is deleted when it is old or too much.
     *
     * @param isOn whether {@code cleanup.policy} has {@code delete}
     * @param retentionMs {@code retention.ms}
     * @param retentionBytes {@code retention.bytes}
     */
    public record Deleting(boolean isOn, long retentionMs, long retentionBytes) {
        public static final Deleting DEFAULTS = new Deleting(true, 7 * MS_PER_DAY, -1);
    }

    /**
     * What compaction takes out.
     *
     * @param isOn whether {@code cleanup.policy} has {@code compact}
     * @param minDirtyRatio {@code min.cleanable.dirty.ratio}: from which share of uncompacted bytes on it is worth the work, 0 to 1
     * @param tombstoneRetentionMs {@code delete.retention.ms}
     * @param minLagMs {@code min.compaction.lag.ms}: what is younger stays as it is
     * @param maxLagMs {@code max.compaction.lag.ms}: what is older is compacted whatever the ratio
     */
    public record Compacting(
            boolean isOn, double minDirtyRatio, long tombstoneRetentionMs, long minLagMs, long maxLagMs) {
        public static final Compacting DEFAULTS = new Compacting(false, 0.5, MS_PER_DAY, 0, Long.MAX_VALUE);
    }

    /** When records are as safe as the log promises. */
    public enum Durability {
        /** Forced to disk. */
        FORCED,
        /** In the page cache: safe from the end of the process, not of the machine. As Apache Kafka. */
        WRITTEN
    }

    /** Kafka's defaults, with durability by force. */
    public static final LogSettings DEFAULTS = new LogSettings(
            Segmenting.DEFAULTS, Accepting.DEFAULTS, Deleting.DEFAULTS, Compacting.DEFAULTS, 60_000, Durability.FORCED);

    public LogSettings with(Segmenting other) {
        return new LogSettings(other, accepting, deleting, compacting, fileDeleteDelayMs, durability);
    }

    public LogSettings with(Accepting other) {
        return new LogSettings(segments, other, deleting, compacting, fileDeleteDelayMs, durability);
    }

    public LogSettings with(Deleting other) {
        return new LogSettings(segments, accepting, other, compacting, fileDeleteDelayMs, durability);
    }

    public LogSettings with(Compacting other) {
        return new LogSettings(segments, accepting, deleting, other, fileDeleteDelayMs, durability);
    }

    public LogSettings with(Durability other) {
        return new LogSettings(segments, accepting, deleting, compacting, fileDeleteDelayMs, other);
    }

    /** When a segment is full: a compacted one also after {@code max.compaction.lag.ms}, because an active one is not compacted. */
    Segmenting rolling() {
        return compacting.isOn && compacting.maxLagMs < segments.ms
                ? new Segmenting(segments.bytes, compacting.maxLagMs, segments.jitterMs, segments.indexIntervalBytes)
                : segments;
    }

    /** These with another segment size. */
    public LogSettings withSegmentBytes(int bytes) {
        return with(new Segmenting(bytes, segments.ms, segments.jitterMs, segments.indexIntervalBytes));
    }

    /** These with other limits on what is kept. */
    public LogSettings withRetention(long retentionMs, long retentionBytes) {
        return with(new Deleting(deleting.isOn, retentionMs, retentionBytes));
    }
}
