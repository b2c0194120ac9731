package io.milena.replication;

/**
 * What the decisions must know of the replica's own log, at the moment of the call: log start offset &lt;= forced end &lt;= end. Between two commands the end moves forward by itself only while the
 * replica leads.
 */
public interface LogView {
    long startOffset();

    /** All records below survive a power cut, or are as durable as the topic demands. */
    long forcedEndOffset();

    /** The offset that the next record will get. */
    long endOffset();

    /** The leader epoch of the last record, or -1 where there is none. */
    int latestEpoch();

    /**
     * The largest epoch with records that is not above {@code epoch}, and where it ends: the first offset of the next epoch, or the end of the log for the latest (KIP-101, KIP-279). Where all records
     * are of later epochs, it is the asked epoch, with the first offset of the first one.
     *
     * @return {@link EpochEnd#UNKNOWN} when there are no records, or none of that epoch or a later one
     */
    EpochEnd endOf(int epoch);
}
