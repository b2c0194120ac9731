package io.milena.log;

import io.milena.log.disk.ColdReads;
import io.milena.log.disk.OpenFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a read finds. */
public sealed interface ReadResult {
    /** Whole batches in a segment file, which stays open until {@link #release()}; that must be called exactly once. */
    final class Slice implements ReadResult {
        private final OpenFiles.Lease lease;
        private final SegmentFile file;
        private final long position;
        private final int uncheckedBytes;
        private final long endOffset;
        private int sizeInBytes;
        private @Nullable ColdReads coldReads;
        private List<AbortedTransaction> aborted = List.of();

        /**
         * A part of a file.
         *
         * @param uncheckedBytes how many bytes of it lie on the disk for so long that they are compared with their checksums first
         * @param endOffset not below the offset behind its last batch
         */
        Slice(
                OpenFiles.Lease lease,
                SegmentFile file,
                long position,
                int sizeInBytes,
                int uncheckedBytes,
                long endOffset) {
            this.lease = lease;
            this.file = file;
            this.position = position;
            this.sizeInBytes = sizeInBytes;
            this.uncheckedBytes = uncheckedBytes;
            this.endOffset = endOffset;
        }

        /** What of it may not be in memory. */
        Optional<Segments.Part> old() {
            return uncheckedBytes == 0
                    ? Optional.empty()
                    : Optional.of(new Segments.Part(file, position, position + uncheckedBytes, true));
        }

        /**
         * Compares batches with their checksums, and ends the slice before the first that is not as it was.
         *
         * @param coldReads prepares each piece, now and when it is sent
         * @throws IOException if there is none before, or the file cannot be read; then the slice is released
         */
        void check(ColdReads coldReads) throws IOException {
            if (uncheckedBytes == 0) {
                return;
            }
            this.coldReads = coldReads;
            try {
                int intact = SliceCheck.intactBytes(file, channel(), position, uncheckedBytes, coldReads);
                sizeInBytes = intact < uncheckedBytes ? intact : sizeInBytes;
            } catch (IOException | RuntimeException | Error e) {
                release();
                throw e;
            }
        }

        public FileChannel channel() {
            return lease.channel();
        }

        public long position() {
            return position;
        }

        public int sizeInBytes() {
            return sizeInBytes;
        }

        /** How many bytes to send at once, at most. */
        public int bytesAtOnce() {
            return uncheckedBytes == 0 ? Integer.MAX_VALUE : ColdReads.PIECE_BYTES;
        }

        /** To be called before some of its bytes are read or sent: those who write go before those who read what is old, and what has left the memory since it was checked is brought again. */
        public void prepare(long from, long count) {
            if (coldReads != null) {
                coldReads.prepare(file.path(), from, from + count);
            }
        }

        /** No record in it is at this offset or behind it. */
        long endOffset() {
            return endOffset;
        }

        /** Of those that have records in it, and a few more; ordered by their first offset. Nothing unless it was asked for. */
        public List<AbortedTransaction> abortedTransactions() {
            return aborted;
        }

        void abortedTransactions(List<AbortedTransaction> ofThese) {
            aborted = ofThese;
        }

        public void release() {
            lease.close();
        }

        /** The bytes, read into memory; the slice is released. */
        ByteBuffer take() throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(sizeInBytes);
            try {
                while (bytes.hasRemaining() && channel().read(bytes, position + bytes.position()) >= 0) {}
            } finally {
                release();
            }
            return bytes.flip();
        }
    }

    /**
     * The disk has not kept what was written.
     *
     * @param nextOffset where there is something to read again, or the log end offset
     */
    record Damaged(long nextOffset) implements ReadResult {}

    /** The offset is at the end: nothing to read yet. */
    enum Empty implements ReadResult {
        INSTANCE
    }

    /** The offset is before the log start offset or behind the log end offset. */
    enum OutOfRange implements ReadResult {
        INSTANCE
    }

    /** The disk does not give the records; the message says where. */
    record Unreadable(String message) implements ReadResult {}
}
