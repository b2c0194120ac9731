package io.milena.broker;

import io.milena.records.Compression;
import io.milena.records.RecordBatchBuilder;
import java.nio.ByteBuffer;

/** Record batches as producers send them. */
final class Batches {
    static final long TIMESTAMP_MS = 1_700_000_000_000L;

    private Batches() {}

    static ByteBuffer ofRecords(int count) {
        return filled(new RecordBatchBuilder(), count);
    }

    /** One record that makes the batch about {@code valueBytes} large. */
    static ByteBuffer ofBytes(int valueBytes) {
        return new RecordBatchBuilder()
                .append(TIMESTAMP_MS, null, ByteBuffer.allocate(valueBytes))
                .build()
                .buffer();
    }

    /** One record of zeros, which shrink. */
    static ByteBuffer compressed(Compression compression, int valueBytes) {
        return new RecordBatchBuilder()
                .compression(compression)
                .append(TIMESTAMP_MS, null, ByteBuffer.allocate(valueBytes))
                .build()
                .buffer();
    }

    static ByteBuffer of(long producerId, int epoch, int baseSequence, int count) {
        return filled(new RecordBatchBuilder().producer(producerId, (short) epoch, baseSequence), count);
    }

    private static ByteBuffer filled(RecordBatchBuilder builder, int count) {
        for (int i = 0; i < count; i++) {
            builder.append(TIMESTAMP_MS + i, null, ByteBuffer.allocate(10));
        }
        return builder.build().buffer();
    }

    /** The same bytes but for the last, so that the checksum does not match. */
    static ByteBuffer corrupt(ByteBuffer batch) {
        int last = batch.limit() - 1;
        return batch.put(last, (byte) ~batch.get(last));
    }
}
