package io.milena.log;

import io.milena.records.BatchHeader;
import io.milena.records.InvalidRecordsException;
import io.milena.records.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a segment from its start, checks every batch and takes it into new indexes; stops at the first that is not whole, in order and intact, and cuts the file
 * there. Batches behind the recovery point are written again: after a failed force the kernel shows them but will never write them.
 */
final class SegmentRecovery {
    private final OpenFiles files;
    private final int indexIntervalBytes;
    private final long recoveryPoint;

    SegmentRecovery(OpenFiles files, int indexIntervalBytes, long recoveryPoint) {
        this.files = files;
        this.indexIntervalBytes = indexIntervalBytes;
        this.recoveryPoint = recoveryPoint;
    }

    /** @param cutBytes what followed the last good batch and is gone */
    record Recovered(Segment segment, long nextOffset, long cutBytes) {}

    /** @param good receives every batch that is kept */
    Recovered recover(Path directory, long baseOffset, Consumer<RecordBatch> good) throws IOException {
        Segment segment = Segment.create(directory, baseOffset, files);
        try (OpenFiles.Lease lease = segment.lease()) {
            FileChannel channel = lease.channel();
            long fileSize = channel.size();
            long nextOffset = baseOffset;
            while (segment.sizeInBytes() < fileSize) {
                RecordBatch batch = intactBatch(segment, channel, fileSize);
                if (batch == null || batch.baseOffset() < nextOffset) {
                    break;
                }
                nextOffset = batch.nextOffset();
                if (nextOffset > recoveryPoint) {
                    writeFully(channel, segment.sizeInBytes(), batch.buffer());
                }
                segment.note(batch, indexIntervalBytes);
                good.accept(batch);
            }
            long cut = fileSize - segment.sizeInBytes();
            if (cut > 0) {
                channel.truncate(segment.sizeInBytes());
            }
            channel.force(true); // what was read may be in the page cache only
            return new Recovered(segment, nextOffset, cut);
        }
    }

    private static @Nullable RecordBatch intactBatch(Segment segment, FileChannel channel, long fileSize)
            throws IOException {
        int position = segment.sizeInBytes();
        if (fileSize - position < BatchHeader.SIZE_IN_BYTES) {
            return null;
        }
        try {
            BatchHeader header = segment.header(channel, position, ByteBuffer.allocate(BatchHeader.SIZE_IN_BYTES));
            if (header.sizeInBytes() > fileSize - position) {
                return null;
            }
            ByteBuffer bytes = ByteBuffer.allocate(header.sizeInBytes());
            Segment.readFully(channel, position, bytes);
            RecordBatch batch = RecordBatch.at(bytes.flip());
            return batch.isIntact() ? batch : null;
        } catch (InvalidRecordsException e) {
            return null;
        }
    }

    private static void writeFully(FileChannel channel, long position, ByteBuffer bytes) throws IOException {
        ByteBuffer rest = bytes.duplicate();
        long at = position;
        while (rest.hasRemaining()) {
            at += channel.write(rest, at);
        }
    }
}
