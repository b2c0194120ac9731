package io.milena.quorum;

import java.io.IOException;

/** This node does not lead in the epoch in which it was to do something; nothing was done. */
public final class NotLeadingException extends IOException {
    private static final long serialVersionUID = 1;

    public NotLeadingException(int epoch, Leadership now) {
        super("this node does not lead the metadata in epoch " + epoch + "; "
                + (now.leaderId() == Leadership.NOBODY
                        ? "nobody is known to lead since epoch " + now.epoch()
                        : "node " + now.leaderId() + " leads in epoch " + now.epoch()));
    }
}
