package io.milena.log;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a move to another directory sees of a log and does to it. Safe for use by many threads: the log's lock guards its contents. At the end of a move appends wait at a gate, which is no
 * lock, so that readers do not.
 */
final class Movable {
    private final Log log;
    private final ReentrantLock lock;
    private final ReentrantLock restructuring;
    private final Condition gateOpened;
    /** Touched with the lock only. */
    private boolean isGated;

    Movable(Log log, ReentrantLock lock, ReentrantLock restructuring) {
        this.log = log;
        this.lock = lock;
        this.restructuring = restructuring;
        this.gateOpened = lock.newCondition();
    }

    /** Called with the lock, before an append; while it waits, others have the lock. */
    void passGate() {
        while (isGated) {
            gateOpened.awaitUninterruptibly();
        }
    }

    /** A segment, and how much of it was there when somebody looked. */
    record Part(Segment segment, int sizeInBytes) {}

    /** All segments by now, in their order. */
    List<Part> parts() {
        lock.lock();
        try {
            return log.contents().segments().all().stream()
                    .map(segment -> new Part(segment, segment.sizeInBytes()))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it is a segment of the log still. */
    boolean holds(Segment segment) {
        lock.lock();
        try {
            return log.contents().segments().all().contains(segment);
        } finally {
            lock.unlock();
        }
    }

    /** Begins a new segment if the active one has that many bytes, so that little is to be read of the last. */
    void seal(int bytes) throws IOException {
        restructuring.lock();
        lock.lock();
        try {
            Segment active = log.contents().segments().active();
            if (!log.isOffline() && active != null && active.sizeInBytes() >= bytes) {
                log.contents().roll();
            }
        } finally {
            lock.unlock();
            restructuring.unlock();
        }
    }

    /** Something that is done while the log stands still. */
    @FunctionalInterface
    interface Work {
        boolean isDone() throws IOException, InterruptedException;
    }

    /** Does something while nothing is appended, removed, exchanged or closed. */
    boolean whileStill(Work work) throws IOException, InterruptedException {
        restructuring.lock();
        try {
            gate(true);
            return work.isDone();
        } finally {
            gate(false);
            restructuring.unlock();
        }
    }

    /** While it is closed, appends wait. Called with the other lock. */
    void gate(boolean isClosed) {
        lock.lock();
        try {
            isGated = isClosed;
            gateOpened.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Makes the log go on with a copy, of which everything is on disk. What is read at the moment is read from the old files. */
    void relocate(LogIdentity to, LogServices services, List<Segment> copied) {
        lock.lock();
        try {
            LogContents old = log.contents();
            LogContents moved = old.copied(to, services.files(), copied);
            log.relocate(to, moved, services);
            old.segments().all().forEach(segment -> segment.batches().retire());
            old.closeFiles();
        } finally {
            lock.unlock();
        }
    }

    /** What leader epochs a copy must know. */
    void writeEpochs(LogIdentity to) throws IOException {
        LeaderEpochs copy = LeaderEpochs.in(to.directory());
        lock.lock();
        try {
            copy.takeOver(log.contents().epochs());
        } finally {
            lock.unlock();
        }
        copy.write();
    }
}
