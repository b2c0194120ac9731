package io.milena.network;

import io.milena.runtime.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What has arrived on a connection before somebody asked for it: one read takes a size and a small frame behind it, or the begin of a large one. Used by one thread at a time. */
final class ReadAhead {
    private static final int BYTES = 2 * 1024;

    private final Transport transport;
    /** What is not taken yet: between position and limit. */
    private final ByteBuffer ahead = ByteBuffer.allocateDirect(BYTES).limit(0);

    ReadAhead(Transport transport) {
        this.transport = transport;
    }

    /** How many bytes can be taken without waiting. */
    int available() {
        return ahead.remaining();
    }

    /**
     * Waits for more.
     *
     * @return how many bytes have come; negative if the other side has ended the connection
     */
    int receive() throws IOException {
        ahead.compact();
        try {
            return transport.read(ahead);
        } finally {
            ahead.flip();
        }
    }

    /** The next four bytes, which are available. */
    int takeInt() {
        return ahead.getInt();
    }

    /** Moves what is available, as far as there is room for it. */
    void moveTo(ByteBuffer into) {
        int bytes = Math.min(ahead.remaining(), into.remaining());
        into.put(ahead.slice(ahead.position(), bytes));
        ahead.position(ahead.position() + bytes);
    }
}
