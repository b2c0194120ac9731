package io.milena.records;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record. Key and value are views that share their bytes with the batch they came from: read them through a duplicate if the record is shared.
 *
 * @param timestampMs -1 if it has none
 * @param sequence -1 if its producer is not idempotent
 */
@SuppressWarnings("JavaLangClash") // the field's word; java.lang.Record is never named in code
public record Record(
        long offset,
        long timestampMs,
        int sequence,
        @Nullable ByteBuffer key,
        @Nullable ByteBuffer value,
        List<RecordHeader> headers) {}
