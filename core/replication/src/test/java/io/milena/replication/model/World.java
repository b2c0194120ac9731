package io.milena.replication.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Time, chance and the network of one story: events happen one after another, in an order that the seed decides. Messages are delayed (so they overtake each other), doubled, and lost; nodes are cut off from each
 * other in one direction.
 */
final class World {
    /** Node 0 is the controller. */
    static final int CONTROLLER = 0;

    /** No message lives longer. */
    static final long DELAY_MAX_MS = 250;

    final Random random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Set<Long> cuts = new HashSet<>();
    private final List<String> trace = new ArrayList<>();
    private long nowMs = 1_000;
    private long sequence;
    private int eventCount;
    private boolean isCalm;
    private long stormUntilMs;
    private final boolean isTraced;

    World(long seed, boolean isTraced) {
        this.random = new Random(seed);
        this.isTraced = isTraced;
    }

    private record Event(long atMs, long sequence, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atMs, other.atMs);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    long nowMs() {
        return nowMs;
    }

    List<String> trace() {
        return trace;
    }

    int eventCount() {
        return eventCount;
    }

    void note(Supplier<String> text) {
        if (isTraced) {
            trace.add(nowMs + " " + text.get());
        }
    }

    boolean happens(double probability) {
        return random.nextDouble() < probability;
    }

    /** From now on nothing goes wrong any more. */
    void calm() {
        isCalm = true;
        cuts.clear();
    }

    boolean isCalm() {
        return isCalm;
    }

    void after(long delayMs, Runnable action) {
        events.add(new Event(nowMs + delayMs, sequence++, action));
    }

    /** Between one millisecond and {@code maxMs}. */
    long some(long maxMs) {
        return 1 + random.nextLong(maxMs);
    }

    void send(int from, int to, Runnable arrival) {
        if (isCalm) {
            after(some(5), arrival);
            return;
        }
        boolean isStorm = nowMs < stormUntilMs;
        if (happens(isStorm ? 0.2 : 0.01) || isCut(from, to)) {
            return;
        }
        int copies = happens(isStorm ? 0.1 : 0.01) ? 2 : 1;
        for (int copy = 0; copy < copies; copy++) {
            long delayMs = happens(isStorm ? 0.5 : 0.05) ? some(DELAY_MAX_MS) : some(5);
            after(delayMs, () -> {
                if (!isCut(from, to)) {
                    arrival.run();
                }
            });
        }
    }

    /** For a while many messages are lost, late or doubled. */
    void storm(long forMs) {
        note(() -> "storm for " + forMs);
        stormUntilMs = nowMs + forMs;
    }

    private boolean isCut(int from, int to) {
        return cuts.contains(link(from, to));
    }

    private static long link(int from, int to) {
        return ((long) from << 32) | to;
    }

    void cut(int from, int to, long forMs) {
        note(() -> "cut " + from + " -> " + to + " for " + forMs);
        cuts.add(link(from, to));
        after(forMs, () -> cuts.remove(link(from, to)));
    }

    /** Until that time, or until {@code afterEach} throws. */
    void run(long untilMs, Runnable afterEach) {
        while (!events.isEmpty() && events.peek().atMs() <= untilMs) {
            Event next = events.remove();
            nowMs = Math.max(nowMs, next.atMs());
            eventCount++;
            next.action().run();
            afterEach.run();
        }
        nowMs = untilMs;
    }
}
