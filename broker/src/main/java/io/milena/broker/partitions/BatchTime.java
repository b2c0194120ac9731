package io.milena.broker.partitions;

import io.milena.log.ReadResult;
import io.milena.records.BatchHeader;
import io.milena.records.InvalidRecordsException;
import io.milena.records.TimestampType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads when a batch was made, and whether it is a marker, from its header alone. */
final class BatchTime {
    private BatchTime() {}

    /** The time of the batch at the begin of a slice: that of its first record, or of its append where the broker gives the times. The slice is released. */
    static OptionalLong of(ReadResult.Slice slice) {
        BatchHeader header = header(slice);
        return header == null ? OptionalLong.empty() : of(header);
    }

    /** Where the batch at the begin of a slice ends if it ends a transaction; -1 if it has data. The slice is released. */
    static long endOfMarker(ReadResult.Slice slice) {
        BatchHeader header = header(slice);
        return header == null || !header.isControl() ? -1 : header.nextOffset();
    }

    /** Null where it cannot be read: who reads the records will hear of it. */
    private static @Nullable BatchHeader header(ReadResult.Slice slice) {
        ByteBuffer bytes = ByteBuffer.allocate(BatchHeader.SIZE_IN_BYTES);
        try {
            while (bytes.hasRemaining() && slice.channel().read(bytes, slice.position() + bytes.position()) >= 0) {}
        } catch (IOException e) {
            return null;
        } finally {
            slice.release();
        }
        try {
            return BatchHeader.at(bytes.flip());
        } catch (InvalidRecordsException e) {
            return null;
        }
    }

    private static OptionalLong of(BatchHeader header) {
        long time = header.timestampType() == TimestampType.LOG_APPEND_TIME
                ? header.maxTimestampMs()
                : header.baseTimestampMs();
        return time < 0 ? OptionalLong.empty() : OptionalLong.of(time);
    }
}
