package io.milena.log;

import java.io.IOException;

/** Everything that was appended to a log when it began, on its way to the disk. Confined to one thread of the {@link Flusher}, which tells how it went. */
final class LogFlush {
    private final Log log;
    private final LogHealth health;
    private final Unforced.Work work;
    private final LogEnd end;

    LogFlush(Log log, Unforced.Work work, LogEnd end) {
        this.log = log;
        this.health = log.health();
        this.work = work;
        this.end = end;
    }

    /** Forces this log's files alone. */
    void run() {
        try {
            force();
            succeeded();
        } catch (IOException e) {
            failed(e);
        }
    }

    /** The same where nobody is to be told how it went. */
    void force() throws IOException {
        health.forceWithRoom(work::force);
    }

    void succeeded() {
        if (health.isOffline()) {
            isNotVoid();
        } else {
            log.durability().forced(end, health);
        }
    }

    void failed(IOException e) {
        isNotVoid();
        if (health.notForced(e)) {
            log.durability().forceLater(work);
        }
    }

    /** There will be no room in the journal; of a log that has moved, another one was asked since. */
    private void isNotVoid() {
        if (!health.isEnded()) {
            log.durability().isNotVoid();
        }
    }
}
