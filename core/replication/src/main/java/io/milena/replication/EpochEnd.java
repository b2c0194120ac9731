package io.milena.replication;

/** Where a leader epoch ends in a log. */
public record EpochEnd(int epoch, long endOffset) {
    public static final EpochEnd UNKNOWN = new EpochEnd(-1, -1);

    boolean isUnknown() {
        return epoch < 0 || endOffset < 0;
    }
}
