package io.milena.transactions;

/** What the client of a transaction knows of the protocol ({@code transaction.version}, KIP-890). */
public enum TransactionVersion {
    /** Epochs change with InitProducerId only. */
    TV0,
    /** The same, in records that can carry more. */
    TV1,
    /** Every end of a transaction gives its producer a new epoch, and writing to a partition adds it. */
    TV2;

    /** Whether a producer has a new epoch after each transaction. */
    public boolean bumpsEpochs() {
        return this == TV2;
    }

    /** Its number in records and requests. */
    public short level() {
        return (short) ordinal();
    }

    /** Of a record or a request; what is newer than this release is taken for the newest. */
    public static TransactionVersion of(short level) {
        return values()[Math.clamp(level, 0, values().length - 1)];
    }
}
