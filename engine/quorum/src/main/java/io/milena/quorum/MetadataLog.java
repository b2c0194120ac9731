package io.milena.quorum;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** An ordered, durable sequence of metadata records. One caller appends at a time. */
public interface MetadataLog extends Closeable {
    /** Receives the records that are there, in order, while a log is opened; the buffer is its own to keep. */
    @FunctionalInterface
    interface Reader {
        void record(ByteBuffer record);
    }

    /**
     * Appends records as one batch, all or none, and returns when they survive a power cut. An interrupt does not stop it; the thread stays interrupted.
     *
     * @return the offset of the last one
     * @throws IOException if that failed: none was written, for want of space perhaps; or whether they will be there after a restart is unknown, and the log takes no more
     */
    long append(List<ByteBuffer> records) throws IOException;

    /** The offset behind the last record. */
    long endOffset();

    /** The epoch in which records are appended now: it grows with each change of leadership. */
    int epoch();

    /** Bytes appended since the last snapshot. */
    long bytesSinceSnapshot();

    /**
     * Replaces all records so far by {@code records}, which say the same.
     *
     * @throws IOException if that failed: all records so far are still there, but the log may take no more
     */
    void snapshot(List<ByteBuffer> records) throws IOException;
}
