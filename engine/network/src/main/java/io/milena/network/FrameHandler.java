package io.milena.network;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** What is done with the frames of one connection. Called by its reader thread, one frame at a time, in order. */
@FunctionalInterface
public interface FrameHandler {
    /**
     * Does what can be done at once.
     *
     * @param frame the frame without its size; valid until the call returns
     * @throws CloseConnection if the connection must end; replies already given are still sent
     */
    Reply handle(ByteBuffer frame);

    /** Makes a handler for each new connection. */
    @FunctionalInterface
    interface Factory {
        FrameHandler handlerFor(InetSocketAddress localAddress, InetSocketAddress remoteAddress);
    }
}
