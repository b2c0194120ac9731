package io.milena.transactions;

import io.milena.protocol.ErrorCode;

/** The answer to a command; the producer is what its client has to be from now on, or {@link Producer#NONE}. */
public record Result(ErrorCode error, Producer producer) {
    static final Result OK = new Result(ErrorCode.NONE, Producer.NONE);

    static Result of(Producer producer) {
        return new Result(ErrorCode.NONE, producer);
    }

    public static Result refused(ErrorCode error) {
        return new Result(error, Producer.NONE);
    }

    public boolean isRefused() {
        return error != ErrorCode.NONE;
    }
}
