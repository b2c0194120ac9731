package io.milena.records;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The batches that lie one after another in a buffer, as a fetch returns them or a segment holds them. The last one may be cut off: iteration ends
 * before it. A batch of another magic or an impossible length raises {@link InvalidRecordsException}; CRCs are not checked.
 */
public final class RecordBatches implements Iterable<RecordBatch> {

    private final ByteBuffer bytes;

    private RecordBatches(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** The batches between the buffer's position and limit, which do not move. */
    public static RecordBatches of(ByteBuffer buffer) {
        return new RecordBatches(buffer.slice());
    }

    /** Bytes of the whole batches; what lies behind them is the beginning of one that is not all there. */
    public int wholeBatchesSizeInBytes() {
        int size = 0;
        for (RecordBatch batch : this) {
            size += batch.sizeInBytes();
        }
        return size;
    }

    /** Bytes in all, the incomplete tail included. */
    public int sizeInBytes() {
        return bytes.remaining();
    }

    @Override
    public Iterator<RecordBatch> iterator() {
        return new BatchIterator(bytes.duplicate());
    }

    private static final class BatchIterator implements Iterator<RecordBatch> {
        private final ByteBuffer rest;

        BatchIterator(ByteBuffer rest) {
            this.rest = rest;
        }

        @Override
        public boolean hasNext() {
            return rest.remaining() >= BatchHeader.SIZE_IN_BYTES && BatchHeader.batchSizeAt(rest) <= rest.remaining();
        }

        @Override
        public RecordBatch next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            RecordBatch batch = RecordBatch.at(rest);
            rest.position(rest.position() + batch.sizeInBytes());
            return batch;
        }
    }
}
