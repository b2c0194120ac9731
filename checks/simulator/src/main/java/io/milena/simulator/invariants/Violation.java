package io.milena.simulator.invariants;

/** A promise that was broken. */
public final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    Violation(Invariant invariant, String what) {
        this(invariant.getClass(), what);
    }

    Violation(Class<?> invariant, String what) {
        super(invariant.getSimpleName() + ": " + what);
    }
}
