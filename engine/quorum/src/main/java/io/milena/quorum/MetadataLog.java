package io.milena.quorum;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** An ordered, durable sequence of metadata records. One caller appends at a time. */
public interface MetadataLog extends Closeable {
    /**
     * Appends records as one batch, all or none, and returns when they survive a power cut.
     *
     * @return the offset of the last one
     * @throws IOException if that failed: whether they will be there after a restart is then unknown, and the log takes no more
     */
    long append(List<ByteBuffer> records) throws IOException;

    /** The offset behind the last record. */
    long endOffset();

    /** Bytes appended since the last snapshot. */
    long bytesSinceSnapshot();

    /** Replaces all records so far by {@code records}, which say the same. */
    void snapshot(List<ByteBuffer> records) throws IOException;
}
