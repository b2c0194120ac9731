package io.milena.replication;

import io.milena.protocol.ErrorCode;

/** How far a wait for {@code acks=all} has come. */
public sealed interface Replicated {
    /** Look again when the state has changed, until the request's time is over. */
    record NotYet() implements Replicated {}

    /** It is over: NONE, or what the producer is told. */
    record Over(ErrorCode error) implements Replicated {}
}
