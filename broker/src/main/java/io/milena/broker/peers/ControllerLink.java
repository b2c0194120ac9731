package io.milena.broker.peers;

import io.milena.protocol.ApiMessage;
import java.io.IOException;

/** The way to the active controller, wherever that is; it may be this process. Safe for use by many threads. */
public interface ControllerLink {
    /**
     * Asks the active controller and waits for its answer.
     *
     * @throws IOException if there is none now, or no answer came: whether the request was carried out is not known then
     */
    <R extends ApiMessage> R ask(ApiMessage request, int version, Class<R> response)
            throws IOException, InterruptedException;
}
