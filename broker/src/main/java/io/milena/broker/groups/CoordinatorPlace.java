package io.milena.broker.groups;

import io.milena.protocol.ErrorCode;

/** Where the coordinators of one kind are; all that is to be found is on this broker. */
public interface CoordinatorPlace {
    /** Makes sure that there is one. */
    ErrorCode ensureReady();

    /** Whether the one for this key works. */
    boolean isHere(String key);
}
