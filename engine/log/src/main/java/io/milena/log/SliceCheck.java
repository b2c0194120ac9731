package io.milena.log;

import io.milena.log.disk.ColdReads;
import io.milena.records.BatchHeader;
import io.milena.records.InvalidRecordsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.zip.CRC32C;

/**
 * Reads batches from a file and compares them with their checksums, before the file's bytes are given to somebody. Batches may be larger than the buffer. Confined to one thread.
 */
final class SliceCheck {
    private static final int BUFFER_BYTES = ColdReads.PIECE_BYTES;
    /** Scratch memory, so that a read need not ask for new: as much as is used at the same time. */
    private static final Queue<ByteBuffer> BUFFERS =
            new ArrayBlockingQueue<>(Math.max(8, Runtime.getRuntime().availableProcessors()));

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final SegmentFile file;
    private final FileChannel channel;
    private final long end;
    private final ColdReads coldReads;
    /** Lent to others while this one waits. */
    private ByteBuffer buffer;
    /** Where in the file the buffer's first byte lies. */
    private long bufferAt = -1;

    private SliceCheck(SegmentFile file, FileChannel channel, long end, ColdReads coldReads) {
        this.file = file;
        this.channel = channel;
        this.end = end;
        this.coldReads = coldReads;
        this.buffer = borrow();
    }

    private static ByteBuffer borrow() {
        ByteBuffer pooled = BUFFERS.poll();
        return pooled != null ? pooled : ByteBuffer.allocateDirect(BUFFER_BYTES);
    }

    private void giveBack() {
        if (buffer.capacity() > 0) {
            BUFFERS.offer(buffer.clear());
            buffer = NONE;
        }
    }

    /**
     * How many bytes from a position on hold whole batches that are intact and in order.
     *
     * @param coldReads prepares each whole piece
     * @throws DamagedFileException if not even the first is
     */
    static int intactBytes(SegmentFile file, FileChannel channel, long position, int size, ColdReads coldReads)
            throws IOException {
        SliceCheck check = new SliceCheck(file, channel, position + size, coldReads);
        try {
            return check.intactBytes(position);
        } finally {
            check.giveBack();
        }
    }

    private int intactBytes(long start) throws IOException {
        long position = start;
        long nextOffset = 0;
        try {
            while (position < end) {
                BatchHeader header = header(position);
                if (header.baseOffset() < nextOffset) {
                    throw file.damaged(position, "offset " + header.baseOffset() + " where " + nextOffset + " is next");
                }
                nextOffset = header.nextOffset();
                int size = header.sizeInBytes();
                if (size > end - position) {
                    throw file.damaged(position, "a batch is longer than what was written");
                }
                long declared = header.crc();
                if (crc(position + BatchHeader.ATTRIBUTES_AT, position + size) != declared) {
                    throw file.damaged(position, "a batch does not match its checksum");
                }
                position += size;
            }
        } catch (DamagedFileException e) {
            if (position == start) {
                throw e;
            }
        }
        return (int) (position - start);
    }

    /** A view of the buffer, of no use after the next look at the file. */
    private BatchHeader header(long position) throws IOException {
        fill(position, BatchHeader.SIZE_IN_BYTES);
        try {
            BatchHeader header = BatchHeader.at(buffer);
            if (header == null) {
                throw file.damaged(position, "a batch is cut off");
            }
            return header;
        } catch (InvalidRecordsException e) {
            throw file.damaged(position, e.fault().message());
        }
    }

    private long crc(long from, long to) throws IOException {
        CRC32C crc = new CRC32C();
        long at = from;
        while (at < to) {
            fill(at, 1);
            int part = (int) Math.min(buffer.remaining(), to - at);
            crc.update(buffer.slice(buffer.position(), part));
            at += part;
        }
        return crc.getValue();
    }

    /** Moves the buffer's position to the byte at a place in the file, with so many bytes behind it if the file has them. */
    private void fill(long position, int bytes) throws IOException {
        long index = position - bufferAt;
        if (bufferAt >= 0 && index >= 0 && index + bytes <= buffer.limit()) {
            buffer.position((int) index);
            return;
        }
        if (end - position >= BUFFER_BYTES) {
            giveBack();
            coldReads.prepare(file.path(), position, position + BUFFER_BYTES);
            buffer = borrow();
        }
        file.readFully(channel, position, buffer.clear().limit((int) Math.min(buffer.capacity(), end - position)));
        buffer.flip();
        bufferAt = position;
    }
}
