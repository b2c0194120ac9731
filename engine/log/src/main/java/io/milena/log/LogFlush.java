package io.milena.log;

import java.io.IOException;

/** Everything that was appended to a log when it began, on its way to the disk. Confined to one thread of the {@link Flusher}, which tells how it went. */
final class LogFlush {
    private final Log log;
    private final LogHealth health;
    private final Unforced.Work work;
    private final long endOffset;

    LogFlush(Log log, LogHealth health, Unforced.Work work, long endOffset) {
        this.log = log;
        this.health = health;
        this.work = work;
        this.endOffset = endOffset;
    }

    /** Forces this log's files alone. */
    void run() {
        try {
            health.forceWithRoom(work::force);
            succeeded();
        } catch (IOException e) {
            failed(e);
        }
    }

    void succeeded() {
        if (!health.isOffline()) {
            log.forced(endOffset);
        }
    }

    void failed(IOException e) {
        if (health.notForced(e)) {
            log.forceLater(work);
        }
    }
}
