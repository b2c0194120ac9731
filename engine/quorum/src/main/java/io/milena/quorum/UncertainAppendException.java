package io.milena.quorum;

import java.io.IOException;

/** Whether records were appended is unknown: they may be there already, be committed later, or never. */
public final class UncertainAppendException extends IOException {
    private static final long serialVersionUID = 1;

    public UncertainAppendException(Throwable cause) {
        super("whether the records were appended is unknown: " + cause, cause);
    }
}
