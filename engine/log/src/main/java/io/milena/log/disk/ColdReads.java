package io.milena.log.disk;

import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import io.milena.runtime.Threads;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps those who read old data out of the way of those who write. It brings old data from the disk into the page cache before somebody reads it, so that a reader holds no carrier thread and no
 * force has to wait behind its bytes. One thread of low priority, started when it is needed first, reads one small piece at a time, of all waiting readers in turn, and none while something is forced; a force that takes
 * long, or one after another without a pause, holds a piece up for no longer than {@link #PATIENCE_MS}. As long as somebody forces, it rests before each piece.
 *
 * <p>What is in memory is then compared with its checksums and sent in pieces of the same size, and where somebody forces, with others between them ({@link #prepare}): a kernel leaves
 * the processor to whoever has it for some milliseconds, whoever else is woken meanwhile.
 *
 * <p>It is advice and changes no answer: what cannot be brought is reported by the read that follows. Safe for use by many threads.
 */
public final class ColdReads {
    /** So many bytes are on their way from the disk when a force begins, at most; and before so many are checked or sent, others have their turn. */
    public static final int PIECE_BYTES = 128 << 10;

    static final long PATIENCE_MS = 10;

    /** Before each piece while somebody forces. A disk that is asked for all it can makes forces wait too: many a virtual one for as long as it takes to be within its limits again. */
    static final long REST_MS = 1;

    /** Long enough for whoever waits for a processor to have it. */
    static final long COURTESY_NS = 50_000;
    /** Of courtesy, at most, where one force follows the other: who catches up is to get on there too. */
    static final int MOMENTS_MAX = 4;

    private final Clock clock;
    private final Threads threads;
    private final Forces forces;
    private final Optional<PageCache> pages;
    private final Signal arrived = new Signal();
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Request> queue = new ArrayDeque<>();
    private long forcesSeen;
    private @Nullable Thread thread;
    private boolean isStopped;
    /** The kernel has been seen to hold what had just been brought. */
    private volatile boolean hasSeen;
    /** It has not been, once: it had let go of that already, or it keeps what is in files of this directory elsewhere (overlayfs, ZFS). */
    private volatile boolean hasMissed;

    /** @param pages nothing where nobody can tell what it holds: then nothing is brought */
    public ColdReads(Clock clock, Threads threads, Forces forces, Optional<PageCache> pages) {
        this.clock = clock;
        this.threads = threads;
        this.forces = forces;
        this.pages = pages;
    }

    /** Whether it is worth asking. */
    public boolean canBring() {
        return pages.isPresent();
    }

    /** Whether it is known what is missing, and not only that it may be. */
    public boolean canTell() {
        return pages.isPresent() && (hasSeen || !hasMissed) && pages.get().canTell();
    }

    /**
     * Returns when what lies between two positions of a file can be read without the disk, or cannot be brought. Not to be called with a lock.
     *
     * @return whether some of it was not in memory
     */
    public boolean bring(Path file, long from, long to) {
        if (pages.isEmpty() || to <= from) {
            return false;
        }
        try (PageCache.View view = pages.get().open(file)) {
            if (view.holds(from, to)) {
                return false;
            }
            Request request = new Request(view, from, to);
            if (enqueue(request)) {
                request.isOver.join(); // not ended by an interrupt: the read that follows would close its file
            }
            return true;
        }
    }

    /**
     * For a reader of old data that has been brought, before each piece that it checks or sends: leaves the processor to others before a whole one, where somebody forces, and brings what the kernel has let go of since, where
     * that is known. The kernel itself would read far ahead, and go on with that wherever somebody comes to the end of it.
     */
    public void prepare(Path file, long from, long to) {
        if (to - from >= PIECE_BYTES) {
            giveWay();
        }
        if (canTell()) {
            bring(file, from, to);
        }
    }

    /** For a moment, and for some more as long as something is forced or whoever waited for that is being answered. */
    private void giveWay() {
        boolean isCalm = !forces.wereLately();
        for (int moments = 0; moments < MOMENTS_MAX && !isCalm; moments++) {
            clock.giveWay(COURTESY_NS);
            isCalm = forces.areCalm(COURTESY_NS);
        }
    }

    private boolean enqueue(Request request) {
        lock.lock();
        try {
            if (isStopped) {
                return false;
            }
            if (thread == null) {
                thread = threads.startBlocking("cold-reads", this::run);
            }
            queue.addLast(request);
        } finally {
            lock.unlock();
        }
        arrived.raise();
        return true;
    }

    private void run() {
        try {
            pages.orElseThrow().begin();
            while (true) {
                arrived.await(() -> isStopped() || hasNext(), Deadline.never());
                Request next = next();
                if (next == null) {
                    return;
                }
                bringPiece(next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    private void bringPiece(Request request) throws InterruptedException {
        boolean isOver = true;
        try {
            isOver = request.isOverAfterPiece(this::awaitTurn);
            hasSeen |= request.isSeen;
            hasMissed |= request.isMissed;
        } finally {
            if (isOver) {
                request.isOver.complete(null);
            } else {
                giveBack(request);
            }
        }
    }

    /** Where something was forced since the last piece, more will be: the disk is left to itself for a while. */
    private void awaitTurn() throws InterruptedException {
        if (forces.begun() != forcesSeen) {
            clock.sleepMs(REST_MS);
        }
        Deadline patience = Deadline.afterMs(clock, PATIENCE_MS);
        forces.awaitNone(patience);
        forcesSeen = forces.begun();
        giveWay();
        forces.awaitNone(patience);
    }

    private boolean isStopped() {
        lock.lock();
        try {
            return isStopped;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasNext() {
        lock.lock();
        try {
            return !queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Null when it is time to stop. */
    private @Nullable Request next() {
        lock.lock();
        try {
            return isStopped ? null : queue.pollFirst();
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(Request request) {
        lock.lock();
        try {
            queue.addLast(request);
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is brought any more; those who wait go on without. */
    public void stop() throws InterruptedException {
        Thread running;
        lock.lock();
        try {
            isStopped = true;
            running = thread;
        } finally {
            lock.unlock();
        }
        arrived.raise();
        if (running != null) {
            running.join();
        }
    }

    private void end() {
        lock.lock();
        try {
            isStopped = true;
            queue.forEach(request -> request.isOver.complete(null));
            queue.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a good moment to use the disk. */
    @FunctionalInterface
    private interface Turn {
        void await() throws InterruptedException;
    }

    /** What one reader waits for. Used by the thread that brings it. */
    private static final class Request {
        final CompletableFuture<@Nullable Void> isOver = new CompletableFuture<>();
        private final PageCache.View view;
        private final long end;
        private long position;
        private boolean isSeen;
        private boolean isMissed;

        Request(PageCache.View view, long from, long end) {
            this.view = view;
            this.position = from;
            this.end = end;
        }

        boolean isOverAfterPiece(Turn turn) throws InterruptedException {
            while (position < end) {
                long pieceEnd = Math.min(end, (position / PIECE_BYTES + 1) * PIECE_BYTES);
                if (!view.holds(position, pieceEnd)) {
                    turn.await();
                    boolean isBrought = view.bring(position, pieceEnd);
                    boolean isThere = isBrought && view.holds(position, pieceEnd);
                    isSeen |= isThere;
                    isMissed |= isBrought && !isThere;
                    position = pieceEnd;
                    return !isBrought || position == end;
                }
                position = pieceEnd;
            }
            return true;
        }
    }
}
