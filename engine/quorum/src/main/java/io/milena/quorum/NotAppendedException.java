package io.milena.quorum;

import java.io.IOException;

/** None of the records was appended, nor will be: for want of space perhaps. The log is as it was. */
public final class NotAppendedException extends IOException {
    private static final long serialVersionUID = 1;

    NotAppendedException(IOException cause) {
        super(cause.getMessage(), cause);
    }

    NotAppendedException(String reason) {
        super(reason);
    }
}
