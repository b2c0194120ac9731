package io.milena.protocol;

/** Bytes that are not a message of the expected kind and version: the one exception with which reading fails. */
public final class MalformedMessageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MalformedMessageException(String message) {
        super(message);
    }
}
