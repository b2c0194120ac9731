package io.milena.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** What a read finds. */
public sealed interface ReadResult {
    /** Whole batches in a segment file, which stays open until {@link #release()}; that must be called exactly once. */
    final class Slice implements ReadResult {
        private final OpenFiles.Lease lease;
        private final long position;
        private final int sizeInBytes;

        Slice(OpenFiles.Lease lease, long position, int sizeInBytes) {
            this.lease = lease;
            this.position = position;
            this.sizeInBytes = sizeInBytes;
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

    /** The offset is at the end: nothing to read yet. */
    enum Empty implements ReadResult {
        INSTANCE
    }

    /** The offset is before the log start offset or behind the log end offset. */
    enum OutOfRange implements ReadResult {
        INSTANCE
    }
}
