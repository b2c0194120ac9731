package io.milena.protocol;

/** Something that can be written in each of its versions: a message, a record, or a struct within one. */
public interface Message {
    /**
     * Appends this to {@code out}.
     *
     * @throws UnsupportedVersionException if a field holds a value that the version cannot say and that may not be dropped
     */
    void write(WireWriter out, short version);
}
