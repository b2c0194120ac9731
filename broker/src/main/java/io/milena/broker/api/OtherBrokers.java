package io.milena.broker.api;

import io.milena.protocol.ApiMessage;
import java.io.IOException;

/** The other brokers of the cluster, for questions that come now and then and from many threads. */
@FunctionalInterface
public interface OtherBrokers {
    /**
     * Asks one of them and waits.
     *
     * @throws IOException if no answer came that makes sense; whether the broker has done what it was asked for is not known then
     */
    <R extends ApiMessage> R ask(int brokerId, ApiMessage request, int version, Class<R> response) throws IOException;
}
