package io.milena.records;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Makes a {@link Record} of each record that its cursor reaches. */
final class RecordIterator implements Iterator<Record> {

    private final RecordBatch batch;
    private final RecordCursor cursor;

    RecordIterator(RecordBatch batch, ByteBuffer recordBytes) {
        this.batch = batch;
        this.cursor = new RecordCursor(recordBytes, batch.recordCount());
    }

    @Override
    public boolean hasNext() {
        return cursor.hasNext();
    }

    @Override
    public Record next() {
        if (!cursor.hasNext()) {
            throw new NoSuchElementException();
        }
        cursor.advance();
        return new Record(
                batch.baseOffset() + cursor.offsetDelta(),
                timestampMs(),
                batch.sequenceAt(cursor.offsetDelta()),
                cursor.key(),
                cursor.value(),
                cursor.headers());
    }

    private long timestampMs() {
        return switch (batch.timestampType()) {
            case LOG_APPEND_TIME -> batch.maxTimestampMs();
            case CREATE_TIME -> batch.baseTimestampMs() + cursor.timestampDelta();
        };
    }
}
