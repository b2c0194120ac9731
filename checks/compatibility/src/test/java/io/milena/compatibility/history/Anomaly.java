package io.milena.compatibility.history;

/** Something that must not be. */
public sealed interface Anomaly {
    /** A record that was acknowledged is not where it was acknowledged. */
    record Lost(History.Value value, long offset) implements Anomaly {}

    /** A record that was sent once is there twice. */
    record Duplicated(History.Value value, long offset) implements Anomaly {}

    /** A record is behind one that its producer sent later. */
    record Reordered(History.Value value, long offset) implements Anomaly {}

    /** A record that nobody sent there was read. */
    record Phantom(int partition, long offset, History.Value value) implements Anomaly {}

    /** A reader was given a record that is not there, or another one is there. */
    record Changed(History.Read read) implements Anomaly {}

    /** A reader was not given the record that follows the one before. */
    record Jumped(History.Read read, long expectedOffset) implements Anomaly {}

    /** An answer did not know of what was acknowledged before it was asked for. */
    record Stale(History.Answered answer, long acknowledgedBefore) implements Anomaly {}
}
