package io.milena.network;

import io.milena.protocol.Payload;
import java.util.List;

/** The answer to one frame, which may still have to be waited for. */
@FunctionalInterface
public interface Reply {
    /** Nothing is sent. */
    Reply NONE = List::of;

    /**
     * The bytes to send, with whatever frames them. Runs on the connection's writer thread when all earlier replies are written; may wait. File parts are released by the connection.
     */
    List<Payload> await() throws InterruptedException;
}
