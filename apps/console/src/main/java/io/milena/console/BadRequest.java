package io.milena.console;

import org.jspecify.annotations.Nullable;

/** The request cannot be answered as it is; the message says why, for whoever made it. */
final class BadRequest extends Exception {
    private final int status;
    private final @Nullable String code;

    BadRequest(int status, String message) {
        this(status, null, message);
    }

    /** @param code Kafka's name of the error, where it is one of Kafka's */
    BadRequest(int status, @Nullable String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    int status() {
        return status;
    }

    @Nullable
    String code() {
        return code;
    }

    /** Why, for people. */
    String detail() {
        return String.valueOf(getMessage());
    }
}
