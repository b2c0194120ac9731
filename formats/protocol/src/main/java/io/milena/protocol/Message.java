package io.milena.protocol;

import java.util.function.IntConsumer;

/** Something that can be written in each of its versions: a message, a record, or a struct within one. */
public interface Message {
    /**
     * Appends this to {@code out}.
     *
     * @throws UnsupportedVersionException if a field holds a value that the version cannot say and that may not be dropped
     */
    void write(WireWriter out, short version);

    /** Shows {@code sink} every error code of a response, {@code NONE} among them, in the order of the fields. */
    default void errorCodes(IntConsumer sink) {}
}
