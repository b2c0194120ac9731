package io.milena.broker.groups;

import io.milena.protocol.ErrorCode;

/** Where the coordinators of one kind are. */
public interface CoordinatorPlace {
    /** Makes sure that there is one. */
    ErrorCode ensureReady();

    /** The broker that has the one for this key, or -1. */
    int nodeOf(String key);
}
