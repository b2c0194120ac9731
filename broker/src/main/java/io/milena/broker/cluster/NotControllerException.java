package io.milena.broker.cluster;

import java.io.IOException;

/** This node does not decide, or no longer: the active controller is another one. Nothing was changed. */
public final class NotControllerException extends IOException {
    private static final long serialVersionUID = 1;

    public NotControllerException() {
        super("this node is not the active controller");
    }

    /** Who is asked cannot be reached. */
    public NotControllerException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
