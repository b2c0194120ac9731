package io.milena.broker.api;

import java.net.InetSocketAddress;

/**
 * What a handler may know about a request besides its body.
 *
 * @param version the request's API version, which is also the response's
 * @param clientId as the client calls itself; empty when it does not
 * @param connection what it came on
 */
public record RequestContext(
        short version,
        String clientId,
        InetSocketAddress localAddress,
        InetSocketAddress remoteAddress,
        RequestContext.Connection connection) {
    /** What a request came on: the same object for all requests of one connection. */
    @FunctionalInterface
    public interface Connection {
        /** Runs the action when the connection has ended; the same key again replaces it. */
        void atEnd(Object key, Runnable action);
    }

    /** The client's host as the group APIs show it: {@code /127.0.0.1}. */
    public String clientHost() {
        return "/" + remoteAddress.getAddress().getHostAddress();
    }
}
