package io.milena.network;

/** The client has done what ends a connection. The message says what, and is logged once, with the client's address and without a stack trace. */
public final class CloseConnection extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CloseConnection(String message) {
        super(message, null, false, false);
    }
}
