package io.milena.console;

import io.milena.console.PartitionScan.Step;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Partitions that are scanned side by side by some threads, whose steps are taken in the order of the partitions by another. The first partition that is not done always has a thread; those behind it are begun as far as there
 * are threads, and stop where what they have found is not taken.
 */
final class SideBySide implements AutoCloseable {
    private static final int THREADS_MAX = 4;
    /** So many partitions behind the one that is taken from may have something that waits. */
    private static final int AHEAD = 4;
    /** Steps with something found that may wait in each partition. */
    private static final int STEPS_MAX = 2;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final List<Lane> lanes;
    private final List<Thread> threads = new ArrayList<>();
    private int begun;
    private int taken;
    private boolean isClosed;

    private static final class Lane {
        private final PartitionScan scan;
        private final Deque<Step> steps = new ArrayDeque<>();
        private boolean isDone;
        private @Nullable Exception failure;

        Lane(PartitionScan scan) {
            this.scan = scan;
        }
    }

    SideBySide(List<PartitionScan> scans, Threads threads) {
        this.lanes = scans.stream().map(Lane::new).toList();
        int count = Math.min(
                lanes.size(), Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors()));
        for (int i = 0; i < count; i++) {
            this.threads.add(threads.startBlocking(
                    "console-search-" + i, this::work)); // it computes: it would keep others from a carrier
        }
    }

    private void work() {
        try {
            for (Lane lane = begin(); lane != null; lane = begin()) {
                scan(lane);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    /** The next that nobody has begun; null if there is none. */
    private @Nullable Lane begin() throws InterruptedException {
        lock.lock();
        try {
            while (begun < lanes.size() && begun > taken + AHEAD && !isClosed) {
                moved.await();
            }
            return begun < lanes.size() && !isClosed ? lanes.get(begun++) : null;
        } finally {
            lock.unlock();
        }
    }

    private void scan(Lane lane) throws InterruptedException {
        Exception failure = new IllegalStateException("a thread of the search has ended");
        try {
            while (!lane.scan.isDone()) {
                put(lane, lane.scan.step());
            }
            failure = null;
        } catch (BadRequest | IOException | RuntimeException e) {
            failure = e;
        } finally {
            end(lane, failure);
        }
    }

    private void put(Lane lane, Step step) throws InterruptedException {
        lock.lock();
        try {
            while (lane.steps.size() >= STEPS_MAX && !isClosed) {
                moved.await();
            }
            if (isClosed) {
                throw new InterruptedException();
            }
            Step last = lane.steps.peekLast();
            if (last != null && last.found().isEmpty()) {
                lane.steps.removeLast();
                lane.steps.addLast(last.with(step));
            } else {
                lane.steps.addLast(step);
            }
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end(Lane lane, @Nullable Exception failure) {
        lock.lock();
        try {
            lane.isDone = true;
            lane.failure = failure;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next step of a partition; null behind its last.
     *
     * @param index in the order of the partitions; none before the one that was asked for last
     */
    @Nullable
    Step take(int index) throws BadRequest, IOException, InterruptedException {
        Lane lane = lanes.get(index);
        lock.lock();
        try {
            taken = index;
            moved.signalAll();
            while (lane.steps.isEmpty() && !lane.isDone) {
                moved.await();
            }
            Step step = lane.steps.pollFirst();
            moved.signalAll();
            if (step == null && lane.failure != null) {
                throw failure(lane.failure);
            }
            return step;
        } finally {
            lock.unlock();
        }
    }

    private static RuntimeException failure(Exception failure) throws BadRequest, IOException {
        switch (failure) {
            case BadRequest e -> throw e;
            case IOException e -> throw e;
            default -> throw new IllegalStateException("the search cannot go on", failure);
        }
    }

    /** Whatever is not taken is not needed. */
    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
        threads.forEach(Thread::interrupt);
    }
}
