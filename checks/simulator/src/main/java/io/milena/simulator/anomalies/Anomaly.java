package io.milena.simulator.anomalies;

/** Something that must not be, and where it shows. */
public record Anomaly(Kind kind, String what) {
    public enum Kind {
        /** Two values at one offset. */
        INCONSISTENT_OFFSET,
        /** One value at two offsets. */
        DUPLICATE,
        /** A value that nobody appended. */
        PHANTOM,
        /** A value of a transaction that was aborted, or that nobody has asked to commit (G1a). */
        ABORTED_READ,
        /** A value of a transaction, before anybody asked to commit it. */
        UNCOMMITTED_READ,
        /** A poll saw some values of a transaction in a key, and passed by another one (G1b). */
        INTERMEDIATE_READ,
        /** A value whose commit was confirmed is not seen. */
        LOST_WRITE,
        /** Of a transaction whose end nobody heard, some values are seen and others not. */
        TORN_TRANSACTION,
        /** A reader passed by a value that others have seen. */
        SKIPPED_POLL,
        /** A reader saw again what it had seen. */
        REPEATED_POLL,
        /** Transactions follow each other in a circle (G0). */
        WRITE_CYCLE,
        /** Transactions see or follow each other in a circle (G1c). */
        INFORMATION_CYCLE,
        /** Transactions see each other in a circle (G1c without the order of writes). */
        READ_CYCLE
    }

    @Override
    public String toString() {
        return kind + ": " + what;
    }
}
