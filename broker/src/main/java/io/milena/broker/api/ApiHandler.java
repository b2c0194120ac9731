package io.milena.broker.api;

import io.milena.protocol.ApiMessage;

/**
 * Serves one API, all versions. Called on the reader thread of the connection, in request order.
 *
 * @param <Q> the decoded request; records fields are views of the frame and end with the call
 */
@FunctionalInterface
public interface ApiHandler<Q extends ApiMessage> {
    Answer handle(Q request, RequestContext context);
}
