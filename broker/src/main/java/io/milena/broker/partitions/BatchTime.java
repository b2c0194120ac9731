package io.milena.broker.partitions;

import io.milena.log.ReadResult;
import io.milena.records.BatchHeader;
import io.milena.records.InvalidRecordsException;
import io.milena.records.TimestampType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** Reads when a batch was made from its header alone. */
final class BatchTime {
    private BatchTime() {}

    /** The time of the batch at the begin of a slice: that of its first record, or of its append where the broker gives the times. The slice is released. */
    static OptionalLong of(ReadResult.Slice slice) {
        ByteBuffer bytes = ByteBuffer.allocate(BatchHeader.SIZE_IN_BYTES);
        try {
            while (bytes.hasRemaining() && slice.channel().read(bytes, slice.position() + bytes.position()) >= 0) {}
        } catch (IOException e) {
            return OptionalLong.empty(); // who reads the records will hear of it
        } finally {
            slice.release();
        }
        try {
            BatchHeader header = BatchHeader.at(bytes.flip());
            return header == null ? OptionalLong.empty() : of(header);
        } catch (InvalidRecordsException e) {
            return OptionalLong.empty(); // likewise
        }
    }

    private static OptionalLong of(BatchHeader header) {
        long time = header.timestampType() == TimestampType.LOG_APPEND_TIME
                ? header.maxTimestampMs()
                : header.baseTimestampMs();
        return time < 0 ? OptionalLong.empty() : OptionalLong.of(time);
    }
}
