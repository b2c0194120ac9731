package io.milena.log;

import java.io.IOException;

/** Everything that was appended to a log when it began, on its way to the disk. Confined to one thread of the {@link Flusher}, which tells how it went. */
final class LogFlush {
    private final Log log;
    private final LogHealth health;
    private final Unforced.Work work;
    private final Extent extent;

    /** Where the log ended, and how often its end had been taken away by then. */
    record Extent(long endOffset, int truncations) {}

    LogFlush(Log log, Unforced.Work work, Extent extent) {
        this.log = log;
        this.health = log.health();
        this.work = work;
        this.extent = extent;
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
            log.forced(extent);
        }
    }

    void failed(IOException e) {
        if (health.notForced(e)) {
            log.forceLater(work);
        }
    }
}
