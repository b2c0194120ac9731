package io.milena.console.search;

import io.milena.records.BatchHeader;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordHeader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
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
    public record HeaderCondition(
            String name, @Nullable Needle needle, @Nullable TextCondition value) {
        public HeaderCondition(String name, @Nullable TextCondition value) {
            this(name, Needle.of(name, false), value);
        }

        private boolean isTrueOf(RecordHeader header) {
            ByteBuffer bytes = header.value();
            return header.key().equals(name) && (value == null || (bytes != null && value.isTrueOf(bytes)));
        }
    }

    /**
     * Whether there can be such a record in a batch, as far as that can be told without making records: by the times, and by the bytes of all records together. A batch in which one may be is decompressed once more to be
     * read, which is seldom.
     *
     * @param bytesMax what the records may become when they are decompressed
     */
    public boolean mayBeIn(RecordBatch batch, int bytesMax) {
        if (batch.maxTimestampMs() >= 0 && batch.maxTimestampMs() < fromMs) {
            return false;
        }
        List<Needle> needles = needles();
        if (needles.isEmpty()) {
            return true;
        }
        ByteBuffer stored = batch.buffer().position(BatchHeader.SIZE_IN_BYTES).slice();
        ByteBuffer records = batch.compression().decompress(stored, bytesMax);
        return needles.stream().allMatch(needle -> needle.isIn(records));
    }

    /** All of what must be somewhere among the bytes of the records. */
    private List<Needle> needles() {
        Stream<TextCondition> texts = Stream.of(
                        keys.stream(), values.stream(), headers.stream().map(HeaderCondition::value))
                .flatMap(each -> each)
                .filter(Objects::nonNull);
        return Stream.concat(headers.stream().map(HeaderCondition::needle), texts.map(TextCondition::needle))
                .filter(Objects::nonNull)
                .toList();
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
