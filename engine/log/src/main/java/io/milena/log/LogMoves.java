package io.milena.log;

import io.milena.log.disk.Checkpoint;
import io.milena.log.disk.Pace;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.runtime.Signal;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The moves of logs between data directories, a few at a time in the background, in the order in which they were asked for. What is not at its end when the process ends is begun anew by the
 * next start, which finds its {@link FutureFolder}. Safe for use by many threads.
 */
public final class LogMoves {
    private static final System.Logger LOG = System.getLogger(LogMoves.class.getName());

    private final List<LogDirectory> directories;
    private final Clock clock;
    private final Threads threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Signal changed = new Signal();
    /** Touched with the lock only, as all below. */
    private final Map<Log, LogMove> moves = new LinkedHashMap<>();

    /** Those whose move a thread has, be it one that is cancelled. */
    private final Map<Log, LogMove> inWork = new HashMap<>();

    private final Set<LogDirectory> unforced = new LinkedHashSet<>();
    private final List<Thread> running = new ArrayList<>();
    private @Nullable Pace pace;
    private Homes homes = (topicId, partition) -> null;
    /** Whether there is a move that no thread has. */
    private volatile boolean hasWork;

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
     * How moves are carried out.
     *
     * @param bytesPerSecond {@code replica.alter.log.dirs.io.max.bytes.per.second}, which they share, as it is at the moment
     * @param threads {@code num.replica.alter.log.dirs.threads}: so many at a time
     */
    public record Settings(DoubleSupplier bytesPerSecond, int threads) {}

    /**
     * Ends what a crash has left of moves: of two copies, the one in the directory that the metadata say is the log. To be called before logs are served.
     */
    public void settle(Homes known) {
        homes = known;
        for (LogDirectory directory : directories) {
            for (Log log : directory.traces().marked()) {
                UUID home = homes.of(log.topicId(), log.partition());
                if (directory.id().equals(home)) {
                    directory.traces().unmark(log);
                } else if (isServed(home, log)) {
                    directory.release(log);
                    log.close();
                    if (isArrival(log, directory)) {
                        directory.traces().again(log);
                    }
                    directory.traces().discard(log.identity(), 0);
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

    private static boolean isArrival(Log copy, LogDirectory directory) {
        try {
            return MoveMarker.isOfArrival(copy.identity().directory(), directory.id());
        } catch (IOException e) {
            return false;
        }
    }

    /** Moves may begin; those that an earlier process had not ended do. To be called when logs are served. */
    public void start(LogMove.Finisher finisher, Settings settings) {
        lock.lock();
        try {
            pace = new Pace(clock, settings.bytesPerSecond());
            int most = directories.size() < 2 ? 0 : settings.threads();
            for (int i = 0; i < most; i++) {
                running.add(threads.startBlocking("mover", () -> run(finisher)));
            }
        } finally {
            lock.unlock();
        }
        directories.forEach(this::goOn);
    }

    /** With what was on its way to a directory. Where it comes from may not be there now, and then it waits for another start. */
    private void goOn(LogDirectory to) {
        Map<String, Log> logs = new HashMap<>();
        List<FutureFolder> futures = to.traces().futures();
        for (LogDirectory from : futures.isEmpty() ? List.<LogDirectory>of() : directories) {
            from.logs().forEach(log -> logs.put(key(log.topicId(), log.partition()), log));
        }
        for (FutureFolder future : futures) {
            Log log = logs.get(key(future.topicId(), future.partition()));
            LogDirectory from = log == null ? null : directoryOf(log);
            if (log != null && from != null && !from.equals(to)) {
                begin(log, from, to);
            } else if (from != null || homes.of(future.topicId(), future.partition()) == null) {
                to.traces().forget(future);
            }
        }
    }

    private static String key(UUID topicId, int partition) {
        return topicId + " " + partition;
    }

    private @Nullable LogDirectory directoryOf(Log log) {
        return directories.stream()
                .filter(directory -> log.equals(directory.log(log.topic(), log.partition())))
                .findFirst()
                .orElse(null);
    }

    /** Begins to move a log, soon; one move of it that is under way is given up, unless it goes there. A start will know of it after {@link #remember}. */
    public void begin(Log log, LogDirectory from, LogDirectory to) {
        lock.lock();
        try {
            LogMove present = moves.get(log);
            if (present != null && present.target().equals(to)) {
                return;
            }
            cancel(log);
            if (pace != null && !from.equals(to)) {
                LogMove move = new LogMove(log, from, to, pace);
                move.note();
                unforced.add(to);
                moves.put(log, move);
                lookForWork();
            }
        } finally {
            lock.unlock();
        }
        changed.raise();
    }

    /** The moves that were asked for by now will go on after a power cut too. */
    public void remember() {
        List<LogDirectory> noted;
        lock.lock();
        try {
            noted = List.copyOf(unforced);
            unforced.clear();
        } finally {
            lock.unlock();
        }
        for (LogDirectory directory : noted) {
            try {
                Checkpoint.forceDirectory(directory.path());
            } catch (IOException e) {
                directory.failed("forcing it", e);
            }
        }
    }

    /** Gives up the move of a log, if there is one. */
    public void cancel(Log log) {
        lock.lock();
        try {
            LogMove move = moves.remove(log);
            if (move != null) {
                move.cancel();
                if (inWork.get(log) != move) {
                    move.forget();
                }
                lookForWork();
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

    /** The next one, which is the caller's until it is {@link #done}; null if there is none. */
    private @Nullable LogMove take() {
        lock.lock();
        try {
            for (LogMove move : moves.values()) {
                if (inWork.putIfAbsent(move.log(), move) == null) {
                    lookForWork();
                    return move;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void done(LogMove move) {
        lock.lock();
        try {
            inWork.remove(move.log());
            if (!isStopping) {
                moves.remove(move.log(), move);
            }
            LogMove next = moves.get(move.log());
            if (next != null && next != move) {
                next.note(); // the one that is cancelled may have had the same folder
            }
            lookForWork();
        } finally {
            lock.unlock();
        }
        changed.raise();
    }

    /** Called with the lock, after every change. Who waits for it takes no lock: it would lose the signal that comes while it waits for that. */
    private void lookForWork() {
        hasWork = moves.keySet().stream().anyMatch(log -> !inWork.containsKey(log));
    }

    private void run(LogMove.Finisher finisher) {
        try {
            while (!isStopping) {
                changed.await(() -> isStopping || hasWork, Deadline.never());
                LogMove next = isStopping ? null : take();
                if (next != null) {
                    run(next, finisher);
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
            done(move);
        }
    }

    /** Interrupts what is under way, which the next start goes on with, and ends the threads. */
    public void stop() {
        isStopping = true;
        List<Thread> ending;
        lock.lock();
        try {
            ending = List.copyOf(running);
            running.clear();
            moves.values().forEach(LogMove::interrupt);
            if (pace != null) {
                pace.stop();
            }
        } finally {
            lock.unlock();
        }
        changed.raise();
        try {
            for (Thread thread : ending) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
