package io.milena.log;

import io.milena.log.disk.Pace;
import io.milena.runtime.Clock;
import io.milena.runtime.Environment;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Compacts the logs of a directory in the background, the dirtiest first, on threads of its own. Safe for use by many threads. */
public final class Cleaner {
    private static final System.Logger LOG = System.getLogger(Cleaner.class.getName());

    private final CleanerSettings settings;
    private final Supplier<Collection<Log>> logs;
    private final DirtyLogs dirtyLogs;
    private final DirectoryCheckpoints checkpoints;
    private final Clock clock;
    private final Threads threads;
    private final Pace pace;
    private final Compaction.Means means;
    private final List<Thread> running = new ArrayList<>();
    private volatile @Nullable Run lastRun;

    /**
     * A compaction that has ended.
     *
     * @param log as {@code topic-partition}
     * @param cleanedOffset below it the log is compacted now
     */
    public record Run(
            String log, long startedMs, long durationMs, long bytesRead, long bytesWritten, long cleanedOffset) {}

    Cleaner(
            CleanerSettings settings,
            Supplier<Collection<Log>> logs,
            DirectoryCheckpoints checkpoints,
            Compaction.Disk disk,
            Environment environment) {
        this.settings = settings;
        this.logs = logs;
        this.dirtyLogs = new DirtyLogs(logs, environment.clock());
        this.checkpoints = checkpoints;
        this.clock = environment.clock();
        this.threads = environment.threads();
        this.pace = new Pace(clock, settings.bytesPerSecond());
        this.means = new Compaction.Means(
                disk, pace, settings.dedupeBytes() / Math.max(1, settings.threads()), environment.random());
    }

    void start() {
        for (int i = 0; i < settings.threads(); i++) {
            running.add(threads.startBlocking("cleaner", this::keepCleaning));
        }
    }

    /** Ends the threads; what they are at is given up, and is begun anew after the next start. */
    void stop() throws InterruptedException {
        pace.stop();
        for (Thread thread : running) {
            thread.join();
        }
    }

    private void keepCleaning() {
        try {
            do {
                while (compactDirtiest()) {} // until nothing is due
            } while (pace.rest(settings.backoffMs()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Compacts the log that needs it most, on the caller's thread; false if none is due. */
    public boolean compactDirtiest() throws InterruptedException {
        Optional<DirtyLogs.Dirty> dirtiest = dirtyLogs.take();
        if (dirtiest.isEmpty()) {
            return false;
        }
        Log log = dirtiest.get().log();
        try {
            compact(dirtiest.get());
        } catch (IOException | RuntimeException e) {
            if (!log.isOffline()) {
                dirtyLogs.failed(log, e);
            }
        } finally {
            dirtyLogs.back(log);
        }
        return true;
    }

    private void compact(DirtyLogs.Dirty dirty) throws IOException, InterruptedException {
        Log log = dirty.log();
        if (checkpoints.recoveryPoint(log.identity()) < dirty.extent().endOffset()) {
            checkpoints.write(logs.get()); // or a start takes the holes that compaction leaves for a crash's
        }
        long startedMs = clock.millis();
        long startedNanos = clock.nanos();
        Compaction compaction = new Compaction(dirty, means, startedMs);
        if (!compaction.run()) {
            return; // it has changed meanwhile, and is looked at again
        }
        dirtyLogs.succeeded(log);
        writeProgress();
        Run run = new Run(
                log.identity().name(),
                startedMs,
                (clock.nanos() - startedNanos) / 1_000_000,
                compaction.bytesRead(),
                compaction.bytesWritten(),
                log.compactable().cleanedOffset());
        lastRun = run;
        LOG.log(Level.DEBUG, "Compacted {0}", run);
    }

    private void writeProgress() {
        try {
            checkpoints.write(logs.get());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "What is compacted cannot be written down; after a crash it is compacted again", e);
        }
    }

    /** The last compaction that was done to its end. */
    public Optional<Run> lastRun() {
        return Optional.ofNullable(lastRun);
    }

    /** The logs that could not be compacted and are left alone for a while, as {@code topic-partition}, with the reasons. */
    public Map<String, String> uncleanable() {
        return dirtyLogs.uncleanable();
    }
}
