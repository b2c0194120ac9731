package io.milena.console.search;

import io.milena.records.Compression;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordHeader;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that must be true of a record.
 *
 * @param fromMs inclusive
 * @param toMs exclusive
 */
public record RecordFilter(
        List<TextCondition> keys, List<TextCondition> values, List<HeaderCondition> headers, long fromMs, long toMs) {
    /** True of every record. */
    public static final RecordFilter ALL =
            new RecordFilter(List.of(), List.of(), List.of(), Long.MIN_VALUE, Long.MAX_VALUE);

    public RecordFilter {
        keys = List.copyOf(keys);
        values = List.copyOf(values);
        headers = List.copyOf(headers);
    }

    /** A header of this name, for which something is true; null for a header of that name, whatever it says. */
    public record HeaderCondition(String name, @Nullable TextCondition value) {
        private boolean isTrueOf(RecordHeader header) {
            ByteBuffer bytes = header.value();
            return header.key().equals(name) && (value == null || (bytes != null && value.isTrueOf(bytes)));
        }
    }

    /** Whether there can be such a record in a batch, as far as that can be told without reading its records. */
    public boolean mayBeIn(RecordBatch batch) {
        if (batch.maxTimestampMs() >= 0 && batch.maxTimestampMs() < fromMs) {
            return false;
        }
        if (batch.compression() != Compression.NONE) {
            return true;
        }
        ByteBuffer bytes = batch.buffer();
        return areIn(keys, bytes) && areIn(values, bytes);
    }

    private static boolean areIn(List<TextCondition> conditions, ByteBuffer bytes) {
        for (TextCondition condition : conditions) {
            Needle needle = condition.needle();
            if (needle != null && !needle.isIn(bytes)) {
                return false;
            }
        }
        return true;
    }

    public boolean isTrueOf(Record record, long timestampMs) {
        return timestampMs >= fromMs
                && timestampMs < toMs
                && areTrueOf(keys, record.key())
                && areTrueOf(values, record.value())
                && headers.stream()
                        .allMatch(condition -> record.headers().stream().anyMatch(condition::isTrueOf));
    }

    private static boolean areTrueOf(List<TextCondition> conditions, @Nullable ByteBuffer bytes) {
        for (TextCondition condition : conditions) {
            if (bytes == null || !condition.isTrueOf(bytes)) {
                return false;
            }
        }
        return true;
    }
}
