package io.milena.transactions;

/** What the client of a transaction knows of the protocol ({@code transaction.version}, KIP-890). */
public enum TransactionVersion {
    /** Epochs change with InitProducerId only. */
    TV0,
    /** The same, in records that can carry more. */
    TV1,
    /** Every end of a transaction gives its producer a new epoch, and writing to a partition adds it. */
    TV2;

    boolean bumpsEpochs() {
        return this == TV2;
    }

    short level() {
        return (short) ordinal();
    }

    /** Of a record; what is newer than this release is taken for the newest. */
    static TransactionVersion of(short level) {
        return values()[Math.clamp(level, 0, values().length - 1)];
    }
}
