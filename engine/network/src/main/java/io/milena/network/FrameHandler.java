package io.milena.network;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** What is done with the frames of one connection, and the place for what must be remembered between them. */
@FunctionalInterface
public interface FrameHandler extends AutoCloseable {
    /**
     * Does what can be done at once. Called by the connection's reader, one frame at a time, in order.
     *
     * @param frame the frame without its size; valid until the call returns
     * @throws CloseConnection if the connection must end; replies already given are still sent
     */
    Reply handle(ByteBuffer frame);

    /** The connection has ended: no frame follows, and no reply is being awaited any more. Called once. */
    @Override
    default void close() {}

    /** Makes a handler for each new connection, on that connection's thread. */
    @FunctionalInterface
    interface Factory {
        FrameHandler handlerFor(InetSocketAddress localAddress, InetSocketAddress remoteAddress);
    }
}
