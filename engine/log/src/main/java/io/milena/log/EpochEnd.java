package io.milena.log;

/** Where a leader epoch ended; both -1 when it is not known. */
public record EpochEnd(int epoch, long endOffset) {
    static final EpochEnd UNKNOWN = new EpochEnd(-1, -1);
}
