package io.milena.log;

import io.milena.log.disk.ForceStatistics;
import io.milena.log.journal.Journal;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.DurationHistogram;
import io.milena.runtime.Environment;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Group commit: a few threads that force the logs for which somebody waits. In a busy directory one of them writes what these logs have won to the {@link Journal}, round after round; all that
 * is appended meanwhile shares the next, and where many wait, that one waits a moment for most of them ({@link Company}). Without a journal, or where it does not help, one log's files are forced
 * by one thread at a time, several logs side by side, because a file system commits them together for little more than one, and many logs all at once. The files of whatever else is dirty are
 * forced once in an interval; those of what the journal has, which is on disk, more seldom, and what is in them is written out before ({@link WriteBehind}).
 */
final class Flusher implements FlusherThreads.Jobs {
    /** After so many intervals, files are forced of which the journal has everything: a start after a crash reads what they have not. */
    private static final int INTERVALS_MAX = 10;

    private final Clock clock;
    private final Forcing forcing;
    private final Journal journal;
    private final WriteBehind writeBehind;
    private final JournalRounds rounds;
    private final Company company;
    private final long intervalMs;
    private final FlusherThreads workers = new FlusherThreads(this);
    private final ReentrantLock lock = new ReentrantLock();
    /** For which somebody waits. */
    private final Set<Log> requested = new LinkedHashSet<>();
    /** Whose files are to be forced. */
    private final Set<Log> due = new LinkedHashSet<>();

    private final Set<Log> dirty = new LinkedHashSet<>();
    /** Whose files are being forced. */
    private final Set<Log> inWork = new HashSet<>();

    /** Whether a thread is at a round of the journal. */
    private boolean isJournaling;

    /** Which are being written to the journal; none between two rounds. */
    private List<Log> inRound = List.of();

    /** Which the journal had no room for, that have no files of their own to be forced instead. */
    private final Set<Log> postponed = new LinkedHashSet<>();

    private long forces;
    private long forcesBeforeRound;
    private Deadline interval;
    /** Since the files of all that is dirty were due. */
    private int intervals;

    Flusher(Environment environment, Forcing forcing, Journal journal, WriteBehind writeBehind, long intervalMs) {
        this.clock = environment.clock();
        this.forcing = forcing;
        this.journal = journal;
        this.writeBehind = writeBehind;
        this.rounds = new JournalRounds(journal, writeBehind, this);
        this.company = new Company(clock);
        this.intervalMs = intervalMs;
        this.interval = Deadline.afterMs(clock, intervalMs);
        this.workers.start(environment.threads());
    }

    /** The log has something that is not forced. */
    void noteDirty(Log log) {
        lock.lock();
        try {
            dirty.add(log);
        } finally {
            lock.unlock();
        }
    }

    /** Somebody waits for the log to be on disk. */
    void request(Log log) {
        boolean isWork;
        lock.lock();
        try {
            if (hasJournal()) {
                company.comes();
            }
            isWork = requested.add(log) && hasWork();
        } finally {
            lock.unlock();
        }
        if (isWork) {
            workers.wakeOne();
        }
    }

    /** Somebody waits for the log to be on disk in its own files. */
    void requestFiles(Log log) {
        lock.lock();
        try {
            due.add(log);
        } finally {
            lock.unlock();
        }
        workers.wakeOne();
    }

    /** Whether what is asked for is written to the journal. */
    boolean hasJournal() {
        return journal.isOpen() && !workers.isStopping();
    }

    /** Whether rounds may have been written; where the writing has failed, the directory is offline, and nothing can be made void. */
    boolean mayHaveJournaled() {
        return journal.isOpen();
    }

    private boolean wantsFile() {
        return journal.wantsFile() && !workers.isStopping();
    }

    @Override
    public boolean hasWork() {
        lock.lock();
        try {
            return (hasJournal() ? !isJournaling && !requested.isEmpty() : hasFree(requested))
                    || hasFree(due)
                    || wantsFile()
                    || writeBehind.hasWork();
        } finally {
            lock.unlock();
        }
    }

    private boolean hasFree(Set<Log> logs) {
        return logs.stream().anyMatch(log -> !inWork.contains(log));
    }

    @Override
    public Deadline interval() {
        lock.lock();
        try {
            return interval;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public FlusherJob take() {
        lock.lock();
        try {
            if (interval.isPast() || workers.isStopping()) {
                addDirty();
                interval = Deadline.afterMs(clock, intervalMs);
            }
            if (!hasJournal()) {
                due.addAll(postponed);
                postponed.clear();
                due.addAll(requested);
                requested.clear();
            } else if (!isJournaling && !requested.isEmpty()) {
                isJournaling = true;
                return new FlusherJob.Journaling();
            }
            List<Log> logs = takeDue();
            if (!logs.isEmpty()) {
                return new FlusherJob.Forcing(logs);
            }
            if (wantsFile()) {
                return new FlusherJob.Preparing();
            }
            return writeBehind.take() ? new FlusherJob.WritingOut() : new FlusherJob.Resting();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void carryOut(FlusherJob job) {
        switch (job) {
            case FlusherJob.Journaling() -> {
                company.gather();
                List<Log> logs = takeRequested();
                rounds.take(logs);
                if (!isForcedAsLarge(logs)) {
                    timed(statistics().journal(), () -> journaled(rounds.write()));
                }
            }
            case FlusherJob.Forcing(List<Log> logs) -> {
                timed(statistics().files(), () -> forcing.force(logs, this));
                forced(logs);
            }
            case FlusherJob.Preparing() -> journal.prepare();
            case FlusherJob.WritingOut() -> writeBehind.writePiece();
            case FlusherJob.Resting() -> {}
        }
    }

    private List<Log> takeRequested() {
        lock.lock();
        try {
            inRound = List.copyOf(requested);
            requested.clear();
            forcesBeforeRound = forces;
            company.leaves();
            return inRound;
        } finally {
            lock.unlock();
        }
    }

    private void addDirty() {
        intervals++;
        if (!hasJournal() || journal.isFilling() || intervals >= INTERVALS_MAX) {
            due.addAll(dirty);
            intervals = 0;
        } else {
            Set<Log> onTheWay = new HashSet<>(inRound);
            onTheWay.addAll(requested);
            dirty.stream()
                    .filter(log -> !onTheWay.contains(log) && !log.durability().isDurable())
                    .forEach(due::add);
        }
    }

    /** The next log whose files nobody forces already; all such logs where so many are better forced at once. */
    private List<Log> takeDue() {
        Stream<Log> free = due.stream().filter(log -> !inWork.contains(log));
        return claim((forcing.isForAll(due.size()) ? free : free.limit(1)).toList());
    }

    /** Those of which nobody forces the files already. */
    private List<Log> claim(List<Log> logs) {
        List<Log> claimed = logs.stream().filter(inWork::add).toList();
        claimed.forEach(due::remove);
        claimed.forEach(dirty::remove);
        return claimed;
    }

    ForceStatistics statistics() {
        return forcing.forces().statistics();
    }

    private void timed(DurationHistogram durations, Runnable force) {
        long begin = clock.nanos();
        forcing.forces().during(force);
        durations.add(clock.nanos() - begin);
    }

    private void forced(List<Log> logs) {
        lock.lock();
        try {
            logs.forEach(inWork::remove);
            journal.noteForces(++forces);
            requested.addAll(postponed);
            postponed.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Forces the files of logs in the place of a round of the journal, unless one of them would have to wait for who forces it already. */
    private boolean isForcedAsLarge(List<Log> logs) {
        if (!rounds.isLarge() || !forcing.mayForceMuch(logs.size()) || !isClaimed(logs)) {
            return false;
        }
        timed(statistics().files(), () -> forcing.forceMuch(logs, rounds.sizeInBytes(), this));
        forced(logs);
        journaled(rounds.drop());
        return true;
    }

    private boolean isClaimed(List<Log> logs) {
        lock.lock();
        try {
            boolean isFree = logs.stream().noneMatch(inWork::contains);
            if (isFree) {
                claim(logs);
            }
            return isFree;
        } finally {
            lock.unlock();
        }
    }

    /** A round is over; the files of those whose ends could not be journaled are forced, and where there was no room, those of all that keep it from being used again. */
    private void journaled(JournalRounds.Outcome outcome) {
        lock.lock();
        try {
            inRound = List.of();
            isJournaling = false;
            company.isOver();
            due.addAll(outcome.left());
            if (outcome.isFull()) {
                due.addAll(dirty);
                postpone(outcome.postponed());
            }
        } finally {
            lock.unlock();
        }
        int jobs = outcome.left().size() + (writeBehind.hasWork() ? 1 : 0);
        for (int i = 1; i < jobs; i++) { // this thread takes one itself
            workers.wakeOne();
        }
    }

    /** Until some files have been forced, which makes room. */
    private void postpone(List<Log> logs) {
        if (forces > forcesBeforeRound) {
            requested.addAll(logs);
        } else if (due.isEmpty() && inWork.isEmpty()) {
            logs.forEach(log -> log.durability().isNotVoid());
        } else {
            postponed.addAll(logs);
        }
    }

    /** Whether what is forced now is forced for the last time. */
    boolean isStopping() {
        return workers.isStopping();
    }

    /** Forces everything and ends the threads. */
    void stop() throws InterruptedException {
        workers.stop();
    }
}
