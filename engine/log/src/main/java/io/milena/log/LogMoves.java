package io.milena.log;

import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.runtime.Signal;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The moves of logs between data directories, one after another in the background, in the order in which they were asked for. Safe for use by many threads. */
public final class LogMoves {
    private static final System.Logger LOG = System.getLogger(LogMoves.class.getName());

    private final List<LogDirectory> directories;
    private final Clock clock;
    private final Threads threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Signal changed = new Signal();
    /** Touched with the lock only; the first is at work. */
    private final Map<Log, LogMove> moves = new LinkedHashMap<>();

    private @Nullable Thread thread;
    private @Nullable Pace pace;
    private volatile boolean isStopping;

    LogMoves(List<LogDirectory> directories, Environment environment) {
        this.directories = directories;
        this.clock = environment.clock();
        this.threads = environment.threads();
    }

    /** Says which data directory a partition is in. */
    @FunctionalInterface
    public interface Homes {
        /** Null if the metadata do not know the partition. */
        @Nullable
        UUID of(UUID topicId, int partition);
    }

    /**
     * Ends what a crash has left of moves: of two copies, the one in the directory that the metadata say is the log. To be called before logs are served.
     */
    public void settle(Homes homes) {
        for (LogDirectory directory : directories) {
            for (Log log : directory.marked()) {
                UUID home = homes.of(log.topicId(), log.partition());
                if (directory.id().equals(home)) {
                    directory.unmark(log);
                } else if (isServed(home, log)) {
                    directory.release(log);
                    log.close();
                    directory.discard(log.identity(), 0);
                } else {
                    directory.release(log);
                    log.close();
                    LOG.log(
                            Level.WARNING,
                            "{0} is left alone: it was about to be moved, and the directory that it belongs to is not there",
                            log.identity().directory());
                }
            }
        }
    }

    private boolean isServed(@Nullable UUID home, Log log) {
        return directories.stream()
                .anyMatch(directory -> directory.id().equals(home)
                        && !directory.isOffline()
                        && directory.log(log.topic(), log.partition()) != null);
    }

    /** Moves may begin. */
    public void start(LogMove.Finisher finisher, double bytesPerSecond) {
        lock.lock();
        try {
            pace = new Pace(clock, bytesPerSecond);
            thread = threads.startBlocking("mover", () -> run(finisher));
        } finally {
            lock.unlock();
        }
    }

    /** Begins to move a log, soon; one move of it that is under way is given up, unless it goes there. */
    public void begin(Log log, LogDirectory from, LogDirectory to) {
        lock.lock();
        try {
            LogMove present = moves.get(log);
            if (present != null && present.target().equals(to)) {
                return;
            }
            cancel(log);
            if (pace != null && !from.equals(to)) {
                moves.put(log, new LogMove(log, from, to, pace));
            }
        } finally {
            lock.unlock();
        }
        changed.raise();
    }

    /** Gives up the move of a log, if there is one. */
    public void cancel(Log log) {
        lock.lock();
        try {
            LogMove move = moves.remove(log);
            if (move != null) {
                move.cancel();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Those that wait or are under way. */
    public List<LogMove> all() {
        lock.lock();
        try {
            return List.copyOf(moves.values());
        } finally {
            lock.unlock();
        }
    }

    private void run(LogMove.Finisher finisher) {
        try {
            while (!isStopping) {
                changed.await(() -> isStopping || !all().isEmpty(), Deadline.never());
                List<LogMove> waiting = all();
                if (!isStopping && !waiting.isEmpty()) {
                    run(waiting.getFirst(), finisher);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(LogMove move, LogMove.Finisher finisher) throws InterruptedException {
        Log log = move.log();
        try {
            if (move.run(finisher)) {
                LOG.log(
                        Level.INFO,
                        "{0}-{1} has moved to {2}",
                        log.topic(),
                        log.partition(),
                        move.target().path());
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(
                    Level.ERROR,
                    "The move of " + log.topic() + "-" + log.partition() + " to "
                            + move.target().path() + " has failed",
                    e);
        } finally {
            lock.lock();
            try {
                moves.remove(log, move);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Gives up what is under way and ends the thread. */
    public void stop() {
        isStopping = true;
        Thread running;
        lock.lock();
        try {
            running = thread;
            thread = null;
            moves.values().forEach(LogMove::cancel);
            if (pace != null) {
                pace.stop();
            }
        } finally {
            lock.unlock();
        }
        changed.raise();
        try {
            if (running != null) {
                running.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
