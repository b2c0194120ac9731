package io.milena.metadata;

import io.milena.protocol.Message;
import java.util.List;

/**
 * What the controller makes of a request with many parts, each of which may fail by itself: the records of those that do not, and what is answered once they are
 * in the metadata log.
 */
public record Outcome<A>(List<Message> records, A answer) {
    public Outcome {
        records = List.copyOf(records);
    }

    static <A> Outcome<A> of(A answer) {
        return new Outcome<>(List.of(), answer);
    }
}
