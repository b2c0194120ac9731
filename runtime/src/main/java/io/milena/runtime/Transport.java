package io.milena.runtime;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.FileChannel;

/**
 * One connection's bytes, in both directions. Reads and writes block the calling thread, which is virtual mostly; one thread may read while another writes.
 * Closing unblocks both with an {@code IOException}.
 */
public interface Transport extends ByteChannel {
    /** Writes all remaining bytes of all buffers, in order. */
    void writeFully(ByteBuffer[] buffers) throws IOException;

    /**
     * Writes some of the {@code count} bytes of {@code file} from {@code position} on, without copying them through the heap where that is possible.
     * Never blocks a carrier thread, even if the peer does not read.
     *
     * @return how many: one at least
     */
    long write(FileChannel file, long position, long count) throws IOException;

    /** Whether there are bytes that can be read without waiting. Asked by the reading thread; what has ended has none. */
    boolean hasArrived();

    InetSocketAddress localAddress();

    InetSocketAddress remoteAddress();
}
