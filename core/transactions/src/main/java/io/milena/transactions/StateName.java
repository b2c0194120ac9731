package io.milena.transactions;

import org.jspecify.annotations.Nullable;

/** The states as records number them and as administrators are told. */
enum StateName {
    EMPTY("Empty"),
    ONGOING("Ongoing"),
    PREPARE_COMMIT("PrepareCommit"),
    PREPARE_ABORT("PrepareAbort"),
    COMPLETE_COMMIT("CompleteCommit"),
    COMPLETE_ABORT("CompleteAbort"),
    /** Forgotten; never written, and never met here. */
    DEAD("Dead"),
    /** A producer is being fenced; never written, and never met here, where fencing and aborting are one step. */
    PREPARE_EPOCH_FENCE("PrepareEpochFence");

    private static final StateName[] BY_ID = values();

    private final String label;

    StateName(String label) {
        this.label = label;
    }

    byte id() {
        return (byte) ordinal();
    }

    String label() {
        return label;
    }

    static @Nullable StateName ofId(byte id) {
        return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
    }

    static boolean isLabel(String label) {
        for (StateName name : BY_ID) {
            if (name.label.equals(label)) {
                return true;
            }
        }
        return false;
    }
}
