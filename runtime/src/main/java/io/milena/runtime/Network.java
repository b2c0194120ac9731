package io.milena.runtime;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;

/** Opens byte streams between endpoints: sockets in production, pipes with faults in the simulator. */
public interface Network {
    /** Listens on {@code address}; port 0 chooses a free one. */
    Listener listen(InetSocketAddress address) throws IOException;

    /** Connects to {@code address}, blocking the calling thread. */
    Transport connect(InetSocketAddress address) throws IOException;

    /** A listening endpoint. Closing it makes a blocked {@link #accept()} fail with an {@code IOException}. */
    interface Listener extends Closeable {
        /** Blocks until a peer connects. */
        Transport accept() throws IOException;

        /** The bound address, with the port that was chosen. */
        InetSocketAddress address();
    }
}
