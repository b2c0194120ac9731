package io.milena.broker.groups;

import io.milena.protocol.ErrorCode;

/** Where the coordinators of one kind are. */
public interface CoordinatorPlace {
    /** There are none of this kind. */
    CoordinatorPlace NOWHERE = new CoordinatorPlace() {
        @Override
        public ErrorCode ensureReady() {
            return ErrorCode.COORDINATOR_NOT_AVAILABLE;
        }

        @Override
        public int nodeOf(String key) {
            return -1;
        }
    };

    /** Makes sure that there is one. */
    ErrorCode ensureReady();

    /** The broker that has the one for this key, or -1. */
    int nodeOf(String key);
}
