package io.milena.protocol;

/** A request or a response. */
public interface ApiMessage extends Message {
    ApiKey apiKey();
}
