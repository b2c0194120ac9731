package io.milena.log;

import io.milena.log.disk.Pace;
import io.milena.records.BatchHeader;
import io.milena.records.InvalidRecordsException;
import io.milena.records.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Reads a sealed segment from its start, batch by batch, and checks each. The buffer is small, but grows for a batch that is larger. The file is opened apart from the cache of
 * open files, which belongs to readers, and can be read to its end even if it is renamed meanwhile. For one thread.
 */
final class BatchScan implements AutoCloseable {
    private static final int BUFFER_BYTES = 512 << 10;

    private final SegmentFile file;
    private final FileChannel channel;
    private final Pace pace;
    private final int end;
    /** What is read and not handed out, from its position on. */
    private ByteBuffer ahead;
    /** Of the byte at the position of {@link #ahead}. */
    private int position;

    private BatchScan(SegmentFile file, FileChannel channel, int end, Pace pace) {
        this.file = file;
        this.channel = channel;
        this.end = end;
        this.pace = pace;
        this.ahead = ByteBuffer.allocate(Math.min(BUFFER_BYTES, end)).limit(0);
    }

    static BatchScan of(Segment segment, Pace pace) throws IOException {
        SegmentFile file = segment.batches();
        return new BatchScan(file, FileChannel.open(file.path(), StandardOpenOption.READ), segment.sizeInBytes(), pace);
    }

    /**
     * The next batch, good until the next call; null at the end.
     *
     * @throws DamagedFileException where a batch is not what was written
     */
    @Nullable
    RecordBatch next() throws IOException, InterruptedException {
        if (position == end) {
            return null;
        }
        try {
            need(BatchHeader.SIZE_IN_BYTES);
            int size = sizeOfNext();
            need(size);
            RecordBatch batch = RecordBatch.at(ahead);
            if (!batch.isIntact()) {
                throw file.damaged(position, "a batch does not match its checksum");
            }
            ahead.position(ahead.position() + size);
            position += size;
            return batch;
        } catch (InvalidRecordsException e) {
            throw file.damaged(position, e.fault().message());
        }
    }

    private int sizeOfNext() {
        BatchHeader header = BatchHeader.at(ahead);
        return header == null ? BatchHeader.SIZE_IN_BYTES : header.sizeInBytes();
    }

    /** Reads on until so many bytes are there. */
    private void need(int bytes) throws IOException, InterruptedException {
        if (bytes > end - position) {
            throw file.damaged(position, "a batch is longer than the file");
        }
        if (ahead.remaining() >= bytes) {
            return;
        }
        ByteBuffer target = bytes > ahead.capacity() ? ByteBuffer.allocate(bytes) : ahead;
        int kept = ahead.remaining();
        target.put(0, ahead, ahead.position(), kept);
        int readAt = position + kept;
        target.clear().position(kept).limit(Math.min(target.capacity(), end - position));
        pace.spend(target.remaining());
        file.readFully(channel, readAt, target);
        ahead = target.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
