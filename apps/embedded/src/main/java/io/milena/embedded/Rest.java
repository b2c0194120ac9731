package io.milena.embedded;

import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

/**
 * Tells when brokers have done what a moment brought: all their threads wait, and nothing is on its way from one to another. Where that never is, because clients keep them at work, it is enough that each thread was seen waiting once.
 */
final class Rest {
    private static final long LOOK_NANOS = 100_000;

    private final Clock machine = Clock.system();
    private final HeldClock clock;
    private final ListedThreads threads;
    private final Set<Links> links = new CopyOnWriteArraySet<>();

    Rest(HeldClock clock, ListedThreads threads) {
        this.clock = clock;
        this.threads = threads;
    }

    /** These belong to brokers of this clock. */
    void watch(Links between) {
        links.add(between);
    }

    void forget(Links between) {
        links.remove(between);
    }

    /**
     * Waits for it, in real time.
     *
     * @param strictLooks after how many looks at brokers that never all wait at once less is enough: on a machine that has too much to do, looks take longer too
     * @param patienceMs after how long it is given up: a thread may be at work for long
     */
    void await(int strictLooks, long patienceMs) {
        Deadline patience = Deadline.afterMs(machine, patienceMs);
        Set<Thread> unseen = new HashSet<>(threads.alive());
        boolean wasQuiet = false;
        for (int looks = 1; !patience.isPast(); looks++) {
            // Bytes first: whoever takes them is at work before they are counted as taken.
            boolean isQuiet = links.stream().noneMatch(Links::hasBytesOnTheWay);
            for (Thread thread : threads.alive()) {
                if (ListedThreads.waits(thread)) {
                    unseen.remove(thread);
                } else {
                    isQuiet = false;
                }
            }
            boolean isWaking = clock.hasWoken();
            // Twice, as a thread of the operating system takes a moment to be seen awake.
            if (!isWaking && ((isQuiet && wasQuiet) || (looks > strictLooks && unseen.isEmpty()))) {
                return;
            }
            wasQuiet = isQuiet && !isWaking;
            machine.parkUntil(machine.nanos() + LOOK_NANOS);
        }
    }
}
