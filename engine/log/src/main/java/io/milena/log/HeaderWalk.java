package io.milena.log;

import io.milena.records.BatchHeader;
import io.milena.records.InvalidRecordsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Reads the headers of a segment file one after another. The first costs 61 bytes; where the next is near, its page of the file is read to the end, since more small batches may follow. No page is
 * touched that has no header. For one thread.
 */
final class HeaderWalk {
    private static final int PAGE_BYTES = 4096;

    private final SegmentFile file;
    private final FileChannel channel;
    private final int end;
    private ByteBuffer window = ByteBuffer.allocate(BatchHeader.SIZE_IN_BYTES).limit(0);
    /** Where the window begins in the file. */
    private int start;

    /** @param end where the last batch ends */
    HeaderWalk(SegmentFile file, FileChannel channel, int end) {
        this.file = file;
        this.channel = channel;
        this.end = end;
    }

    /** The header at a position, which is not before the last one: a view, until the next is asked for. */
    BatchHeader at(int position) throws IOException {
        if (end - position < BatchHeader.SIZE_IN_BYTES) {
            throw file.damaged(position, "a batch is cut off");
        }
        if (position + BatchHeader.SIZE_IN_BYTES > start + window.limit()) {
            read(position);
        }
        try {
            BatchHeader batch = BatchHeader.at(window.position(position - start));
            if (batch == null || batch.sizeInBytes() > end - position) {
                throw file.damaged(position, "a batch is longer than the file");
            }
            return batch;
        } catch (InvalidRecordsException e) {
            throw file.damaged(position, e.fault().message());
        }
    }

    private void read(int position) throws IOException {
        boolean isNear = window.limit() > 0 && position - (start + window.limit()) < PAGE_BYTES;
        int bytes = isNear ? Math.min(toEndOfPage(position), end - position) : BatchHeader.SIZE_IN_BYTES;
        if (window.capacity() < bytes) {
            window = ByteBuffer.allocate(PAGE_BYTES + BatchHeader.SIZE_IN_BYTES);
        }
        file.readAtLeast(
                channel, position, BatchHeader.SIZE_IN_BYTES, window.clear().limit(bytes));
        window.flip();
        start = position;
    }

    /** To the end of the page in which the header ends. */
    private static int toEndOfPage(int position) {
        int bytes = PAGE_BYTES - position % PAGE_BYTES;
        return bytes < BatchHeader.SIZE_IN_BYTES ? bytes + PAGE_BYTES : bytes;
    }
}
