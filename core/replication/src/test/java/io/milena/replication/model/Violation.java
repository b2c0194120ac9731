package io.milena.replication.model;

/** A promise is broken. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    private final transient Invariant invariant;

    Violation(Invariant invariant, String what) {
        super(invariant.getClass().getSimpleName() + ": " + what);
        this.invariant = invariant;
    }

    Invariant invariant() {
        return invariant;
    }
}
