package io.milena.transactions;

/** How a transaction ends. */
public enum Outcome {
    COMMIT,
    ABORT
}
