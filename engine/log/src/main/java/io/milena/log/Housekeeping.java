package io.milena.log;

import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What is done to the logs of a directory now and then, on one thread: retention, checkpoints, and emptying the trash. A log that fails does not keep the others from being looked after.
 */
final class Housekeeping {
    private static final System.Logger LOG = System.getLogger(Housekeeping.class.getName());
    private static final long PRODUCER_EXPIRATION_MS = 24L * 3600 * 1000;

    private final LogDirectory.Settings settings;
    private final Clock clock;
    private final Collection<Log> logs;
    private final DirectoryCheckpoints checkpoints;
    private final Forcing forcing;
    private final Trash trash;
    private final TopicTrash topicTrash;
    private final Signal stopping = new Signal();
    private final Thread thread;
    private volatile boolean isStopping;

    /** @param logs a view of the logs that are served at the moment */
    Housekeeping(
            LogDirectory.Settings settings,
            Clock clock,
            Collection<Log> logs,
            DirectoryCheckpoints checkpoints,
            Forcing forcing,
            Trash trash,
            TopicTrash topicTrash,
            Threads threads) {
        this.settings = settings;
        this.clock = clock;
        this.logs = logs;
        this.checkpoints = checkpoints;
        this.forcing = forcing;
        this.trash = trash;
        this.topicTrash = topicTrash;
        this.thread = threads.start("housekeeper", this::run);
    }

    private void run() {
        Deadline nextCheck = Deadline.afterMs(clock, settings.checkIntervalMs());
        Deadline nextCheckpoint = Deadline.afterMs(clock, settings.checkpointIntervalMs());
        try {
            while (!stopping.await(() -> isStopping, Deadline.earlier(nextCheck, nextCheckpoint))) {
                if (nextCheck.isPast()) {
                    applyRetention();
                    nextCheck = Deadline.afterMs(clock, settings.checkIntervalMs());
                }
                if (nextCheckpoint.isPast()) {
                    checkpoint();
                    nextCheckpoint = Deadline.afterMs(clock, settings.checkpointIntervalMs());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void stop() throws InterruptedException {
        isStopping = true;
        stopping.raise();
        thread.join();
    }

    /** What retention no longer keeps goes, and old trash is emptied. */
    void applyRetention() {
        long nowMs = clock.millis();
        for (Log log : List.copyOf(logs)) {
            try {
                applyRetention(log, nowMs);
            } catch (IOException e) {
                LOG.log(Level.ERROR, "Housekeeping of " + log.identity().name() + " failed; it is tried again", e);
            }
        }
        try {
            checkpoints.write(logs); // first: without the files, nothing else tells where a log starts and ends
            trash.empty();
            topicTrash.emptyExpired();
        } catch (IOException e) {
            LOG.log(Level.ERROR, "Emptying the trash failed; it is tried again", e);
        }
    }

    private void applyRetention(Log log, long nowMs) throws IOException {
        for (Segment segment : log.removeExpired(nowMs)) {
            trash.addSegment(segment, log.settings().fileDeleteDelayMs());
            LOG.log(
                    Level.INFO,
                    "{0}-{1}: segment {2} is past retention",
                    log.topic(),
                    log.partition(),
                    segment.baseOffset());
        }
        log.expireProducers(nowMs - PRODUCER_EXPIRATION_MS);
    }

    /** Writes down what spares a start after a crash from reading more than the tails of the logs. */
    void checkpoint() {
        try {
            writeRecoveryState();
        } catch (IOException e) {
            LOG.log(Level.ERROR, "A checkpoint failed; it is tried again", e);
        }
    }

    /** As {@link #checkpoint}; raises the first failure. */
    void writeRecoveryState() throws IOException {
        List<Forcing.Forceable> unforced = new ArrayList<>();
        for (Log log : List.copyOf(logs)) {
            log.writeRecoveryState(unforced);
        }
        forcing.force(unforced);
        checkpoints.write(logs);
    }
}
