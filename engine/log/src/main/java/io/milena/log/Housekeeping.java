package io.milena.log;

import io.milena.log.disk.DiskSpace;
import io.milena.log.disk.Shortage;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import io.milena.runtime.Threads;
import io.milena.runtime.TrustedTime;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is done to the logs of a directory now and then, on one thread: retention, checkpoints, and emptying the trash; at once and without delays when the disk is short of space. A log
 * that fails does not keep the others from being looked after.
 */
final class Housekeeping {
    private static final System.Logger LOG = System.getLogger(Housekeeping.class.getName());
    /** How often space is looked for while it is short. */
    private static final long SHORTAGE_INTERVAL_MS = 10_000;

    private final LogDirectory.Settings settings;
    private final Clock clock;
    private final Collection<Log> logs;
    private final DirectoryCheckpoints checkpoints;
    private final Forcing forcing;
    private final Trash trash;
    private final TopicTrash topicTrash;
    private final DiskSpace space;
    private final DirectoryHealth health;
    private final TrustedTime time;
    private final ReentrantLock checks = new ReentrantLock();
    private final Signal stopping = new Signal();
    private volatile @Nullable Thread thread;
    private volatile boolean isStopping;

    /** @param logs a view of the logs that are served at the moment */
    Housekeeping(
            LogDirectory.Settings settings,
            LogServices shared,
            Collection<Log> logs,
            DirectoryCheckpoints checkpoints,
            Forcing forcing,
            Bins bins) {
        this.settings = settings;
        this.clock = shared.clock();
        this.logs = logs;
        this.checkpoints = checkpoints;
        this.forcing = forcing;
        this.trash = bins.files;
        this.topicTrash = bins.topics;
        this.space = shared.space();
        this.health = shared.directory();
        this.time = new TrustedTime(clock);
    }

    /** Where deleted things wait for their end. */
    record Bins(Trash files, TopicTrash topics) {}

    /** Once all logs are loaded, or what is known of the others would be forgotten with the next checkpoint. */
    void start(Threads threads) {
        thread = threads.start("housekeeper", this::run);
    }

    private void run() {
        Deadline nextCheck = Deadline.afterMs(clock, settings.checkIntervalMs());
        Deadline nextCheckpoint = Deadline.afterMs(clock, settings.checkpointIntervalMs());
        try {
            while (!isStopping) {
                await(Deadline.earlier(nextCheck, nextCheckpoint));
                if (nextCheck.isPast() || space.wantsRelief()) {
                    applyRetention();
                    nextCheck = Deadline.afterMs(clock, checkIntervalMs());
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

    private void await(Deadline deadline) throws InterruptedException {
        Signal.awaitAny(List.of(stopping, space.changed()), () -> isStopping || space.wantsRelief(), deadline);
    }

    private long checkIntervalMs() {
        return space.isShort()
                ? Math.min(settings.checkIntervalMs(), SHORTAGE_INTERVAL_MS)
                : settings.checkIntervalMs();
    }

    void stop() throws InterruptedException {
        isStopping = true;
        stopping.raise();
        Thread running = thread;
        if (running != null) {
            running.join();
        }
    }

    /** What retention no longer keeps goes, and old trash is emptied. Whoever comes while somebody else is at it waits, and does it again. */
    void applyRetention() {
        checks.lock();
        try {
            check();
        } finally {
            checks.unlock();
        }
    }

    private void check() {
        space.takeRelief();
        if (!health.isThere()) {
            return;
        }
        space.ask();
        long nowMs = time.millis();
        List<Forcing.Forceable> unforced = new ArrayList<>();
        for (Log log : List.copyOf(logs)) {
            try {
                applyRetention(log, nowMs, unforced);
            } catch (IOException e) {
                failed("Housekeeping of " + log.identity().name(), e);
            }
        }
        if (space.isShort()) {
            trash.emptyRenamed(); // may make the space for the checkpoints
        }
        try {
            forcing.force(unforced);
            writeCheckpoints(); // first: without the files, nothing else tells where a log starts and ends
            emptyTrash();
            space.keepSpare();
        } catch (IOException e) {
            failed("Emptying the trash", e);
        }
    }

    /** Where there is no space for them, deleted topics go before their time. */
    private void writeCheckpoints() throws IOException {
        boolean isWritten = false;
        while (!isWritten) {
            try {
                space.withSpare(() -> checkpoints.write(logs));
                isWritten = true;
            } catch (IOException e) {
                if (Shortage.behind(e) != Shortage.SPACE || !topicTrash.emptyOldest()) {
                    throw e;
                }
            }
        }
    }

    private void failed(String doing, IOException e) {
        LOG.log(Level.ERROR, doing + " failed; it is tried again if the disk works", e);
        health.probe();
    }

    private void emptyTrash() {
        trash.empty();
        topicTrash.emptyExpired();
        if (space.isShort()) {
            trash.emptyRenamed();
            space.ask();
        }
        while (space.isShort() && topicTrash.emptyOldest()) {
            space.ask();
        }
    }

    private void applyRetention(Log log, long nowMs, List<Forcing.Forceable> unforced) throws IOException {
        List<Segment> removed = log.expirable().removeExpired(nowMs);
        log.expirable().addUnforced(unforced);
        for (Segment segment : removed) {
            LOG.log(
                    Level.INFO,
                    "{0}-{1}: segment {2} is past retention",
                    log.topic(),
                    log.partition(),
                    segment.baseOffset());
        }
        log.expirable().expireProducers(nowMs - settings.limits().producerExpirationMs());
    }

    /** Writes down what spares a start after a crash from reading more than the tails of the logs. */
    void checkpoint() {
        if (health.isOffline()) {
            return;
        }
        try {
            writeRecoveryState();
        } catch (IOException e) {
            failed("A checkpoint", e);
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
