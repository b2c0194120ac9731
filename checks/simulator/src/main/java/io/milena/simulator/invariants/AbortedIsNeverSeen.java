package io.milena.simulator.invariants;

import java.util.HashSet;
import java.util.Set;

/** Readers of committed data see nothing of a transaction before somebody has asked to commit it; so nothing ever of one that is aborted, or given up. */
public final class AbortedIsNeverSeen {
    private final Set<Integer> asked = new HashSet<>();

    /** A commit is on its way; from now on it may be seen. */
    public void askedToCommit(int transaction) {
        asked.add(transaction);
    }

    public void seen(int transaction) {
        if (!asked.contains(transaction)) {
            throw new Violation(
                    getClass(), "transaction " + transaction + " is seen, and nobody has asked to commit it");
        }
    }
}
