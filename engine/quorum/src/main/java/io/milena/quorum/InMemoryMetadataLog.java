package io.milena.quorum;

import java.nio.ByteBuffer;
import java.util.List;

/** A metadata log for clusters that end with their process: it counts, and keeps nothing. Not safe for use by many threads. */
public final class InMemoryMetadataLog implements MetadataLog {
    private static final int EPOCH = 1;

    private long endOffset;
    private long bytesSinceSnapshot;

    @Override
    public long append(List<ByteBuffer> records) {
        if (records.isEmpty()) {
            throw new IllegalArgumentException("nothing to append");
        }
        endOffset += records.size();
        records.forEach(record -> bytesSinceSnapshot += record.remaining());
        return endOffset - 1;
    }

    @Override
    public long endOffset() {
        return endOffset;
    }

    @Override
    public int epoch() {
        return EPOCH;
    }

    @Override
    public long bytesSinceSnapshot() {
        return bytesSinceSnapshot;
    }

    @Override
    public void snapshot(List<ByteBuffer> records) {
        bytesSinceSnapshot = 0;
    }

    @Override
    public void close() {}
}
