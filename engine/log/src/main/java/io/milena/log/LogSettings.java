package io.milena.log;

import io.milena.records.Compression;
import io.milena.records.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * How one log behaves; immutable, replaced as a whole. Sizes in bytes, times in milliseconds, -1 for "no limit" where Kafka allows it.
 *
 * @param segmentBytes {@code segment.bytes}
 * @param segmentMs {@code segment.ms}
 * @param indexIntervalBytes {@code index.interval.bytes}
 * @param retentionMs {@code retention.ms}
 * @param retentionBytes {@code retention.bytes}
 * @param maxMessageBytes {@code max.message.bytes}: the largest batch
 * @param timestampType {@code message.timestamp.type}
 * @param timestampBeforeMaxMs {@code message.timestamp.before.max.ms}
 * @param timestampAfterMaxMs {@code message.timestamp.after.max.ms}
 * @param compression {@code compression.type}; null is {@code producer}, that is, as it comes
 * @param isDeleting whether {@code cleanup.policy} has {@code delete}
 * @param isCompacting whether {@code cleanup.policy} has {@code compact}
 * @param fileDeleteDelayMs {@code file.delete.delay.ms}
 * @param durability when appended records count as flushed
 */
public record LogSettings(
        int segmentBytes,
        long segmentMs,
        int indexIntervalBytes,
        long retentionMs,
        long retentionBytes,
        int maxMessageBytes,
        TimestampType timestampType,
        long timestampBeforeMaxMs,
        long timestampAfterMaxMs,
        @Nullable Compression compression,
        boolean isDeleting,
        boolean isCompacting,
        long fileDeleteDelayMs,
        Durability durability) {

    /** When records are as safe as the log promises. */
    public enum Durability {
        /** Forced to disk. */
        FORCED,
        /** In the page cache: safe from the end of the process, not of the machine. As Apache Kafka. */
        WRITTEN
    }

    /** Kafka's defaults, with durability by force. */
    public static final LogSettings DEFAULTS = new LogSettings(
            1 << 30,
            7L * 24 * 3600 * 1000,
            4096,
            7L * 24 * 3600 * 1000,
            -1,
            1024 * 1024 + 12,
            TimestampType.CREATE_TIME,
            Long.MAX_VALUE,
            3600_000,
            null,
            true,
            false,
            60_000,
            Durability.FORCED);

    /** These with another segment size. */
    public LogSettings withSegmentBytes(int bytes) {
        return new LogSettings(
                bytes,
                segmentMs,
                indexIntervalBytes,
                retentionMs,
                retentionBytes,
                maxMessageBytes,
                timestampType,
                timestampBeforeMaxMs,
                timestampAfterMaxMs,
                compression,
                isDeleting,
                isCompacting,
                fileDeleteDelayMs,
                durability);
    }

    /** These with other limits on what is kept. */
    public LogSettings withRetention(long retentionMs, long retentionBytes) {
        return new LogSettings(
                segmentBytes,
                segmentMs,
                indexIntervalBytes,
                retentionMs,
                retentionBytes,
                maxMessageBytes,
                timestampType,
                timestampBeforeMaxMs,
                timestampAfterMaxMs,
                compression,
                isDeleting,
                isCompacting,
                fileDeleteDelayMs,
                durability);
    }
}
