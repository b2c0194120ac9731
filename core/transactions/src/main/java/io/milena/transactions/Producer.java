package io.milena.transactions;

/** Who writes: a producer id, and the epoch that tells it from its predecessors. */
public record Producer(long id, short epoch) {
    static final long NO_ID = -1;
    static final short NO_EPOCH = -1;

    /** Nobody. */
    public static final Producer NONE = new Producer(NO_ID, NO_EPOCH);
}
