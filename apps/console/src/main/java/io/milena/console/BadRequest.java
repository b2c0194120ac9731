package io.milena.console;

/** The request cannot be answered as it is; the message says why, for whoever made it. */
final class BadRequest extends Exception {
    private final int status;

    BadRequest(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
