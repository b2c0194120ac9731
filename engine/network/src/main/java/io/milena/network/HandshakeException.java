package io.milena.network;

import java.io.IOException;

/** The two ends of a connection could not agree on how to talk; the message says why, for whoever runs them. Nothing but closing the connection is left. */
public final class HandshakeException extends IOException {
    private static final long serialVersionUID = 1L;

    public HandshakeException(String message) {
        super(message);
    }

    public HandshakeException(String message, Throwable cause) {
        super(message, cause);
    }
}
