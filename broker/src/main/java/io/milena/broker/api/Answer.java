package io.milena.broker.api;

import io.milena.protocol.ApiMessage;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/** What a handler makes of a request: nothing to send, a response, or a response that has to be waited for. */
public sealed interface Answer {
    /** No response is sent, as for a produce request with {@code acks=0}. */
    static Answer none() {
        return None.INSTANCE;
    }

    static Answer now(ApiMessage response) {
        return new Now(response);
    }

    /**
     * A response that {@code response} returns when it is ready. It runs on the connection's writer thread when all earlier responses are written, and
     * its waits end with {@code InterruptedException} when the connection ends.
     */
    static Answer later(Callable<ApiMessage> response) {
        return new Later(response, false, () -> false);
    }

    /**
     * As {@link #later}, for a response that takes no longer than a disk does: it may run on the thread that reads the connection.
     *
     * @param isReady whether nothing has to be waited for any more; then the response may leave together with those before it
     */
    static Answer soon(BooleanSupplier isReady, Callable<ApiMessage> response) {
        return new Later(response, true, isReady);
    }

    /** See {@link #none()}. */
    enum None implements Answer {
        INSTANCE
    }

    /** See {@link #now}. */
    record Now(ApiMessage response) implements Answer {}

    /** See {@link #later} and {@link #soon}. */
    record Later(Callable<ApiMessage> response, boolean isSoon, BooleanSupplier isReady) implements Answer {}
}
