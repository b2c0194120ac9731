package io.milena.log;

import io.milena.log.disk.OpenFiles;
import io.milena.records.BatchHeader;
import io.milena.records.InvalidRecordsException;
import io.milena.records.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * Walks over the batches of a file that may be damaged: what is not intact is stepped over, and the walk goes on with the next batch that is. Such a batch is recognised by its
 * magic, an offset that may be here, and its checksum.
 */
final class DamagedBatches {
    private static final int WINDOW_BYTES = 1 << 16;

    private DamagedBatches() {}

    /** Receives the intact batches. */
    @FunctionalInterface
    interface Visitor {
        void visit(SegmentFile.Found found) throws IOException;
    }

    /** Visits the batches whose headers lie one after another; what does not continue the row is searched for the next intact batch. */
    static void forEachReadable(SegmentFile file, int from, int end, long firstOffset, Visitor visitor)
            throws IOException {
        int position = from;
        long nextOffset = firstOffset;
        while (position < end) {
            Optional<RecordBatch> here = intactAt(file, position, end, nextOffset);
            if (here.isPresent()) {
                visitor.visit(new SegmentFile.Found(here.get(), position));
                nextOffset = here.get().nextOffset();
                position += here.get().sizeInBytes();
            } else {
                position = nextIntact(file, position + 1, end, nextOffset);
            }
        }
    }

    /** The first intact batch with {@code lastOffset >= offset}. */
    static Optional<SegmentFile.Found> find(SegmentFile file, int from, int end, long offset) throws IOException {
        int position = from;
        while (position < end) {
            Optional<RecordBatch> here = intactAt(file, position, end, 0);
            if (here.isPresent() && here.get().lastOffset() >= offset) {
                return Optional.of(new SegmentFile.Found(here.get(), position));
            }
            position = here.isPresent() ? position + here.get().sizeInBytes() : nextIntact(file, position + 1, end, 0);
        }
        return Optional.empty();
    }

    /** The batch at a position, if it is whole, matches its checksum and does not start below an offset. */
    static Optional<RecordBatch> intactAt(SegmentFile file, int position, int end, long nextOffset) throws IOException {
        try (OpenFiles.Lease lease = file.lease()) {
            BatchHeader header = new HeaderWalk(file, lease.channel(), end).at(position);
            if (header.baseOffset() < nextOffset || header.lastOffsetDelta() < 0) {
                return Optional.empty();
            }
            return Optional.of(file.batch(new SegmentFile.Found(header, position)));
        } catch (DamagedFileException | InvalidRecordsException e) {
            return Optional.empty();
        }
    }

    /** Where the next intact batch starts; {@code end} where there is none. */
    static int nextIntact(SegmentFile file, int from, int end, long nextOffset) throws IOException {
        ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES);
        int lastStart = end - BatchHeader.SIZE_IN_BYTES;
        try (OpenFiles.Lease lease = file.lease()) {
            for (int at = from; at <= lastStart; at += WINDOW_BYTES - BatchHeader.SIZE_IN_BYTES) {
                int starts = Math.min(WINDOW_BYTES - BatchHeader.SIZE_IN_BYTES, lastStart - at + 1);
                fill(file, lease.channel(), at, window.clear().limit(starts + BatchHeader.SIZE_IN_BYTES - 1));
                for (int i = 0; i < starts; i++) {
                    if (BatchHeader.mayStartAt(window, i, nextOffset)
                            && intactAt(file, at + i, end, nextOffset).isPresent()) {
                        return at + i;
                    }
                }
            }
        }
        return end;
    }

    private static void fill(SegmentFile file, FileChannel channel, int position, ByteBuffer window)
            throws IOException {
        file.readFully(channel, position, window);
        window.flip();
    }
}
