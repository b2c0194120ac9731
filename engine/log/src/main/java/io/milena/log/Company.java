package io.milena.log;

import io.milena.runtime.Clock;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Those who wait for the next round of the journal. A forced write costs the machine as much as several records do, so where many ask again and again, a round waits a moment for most of them.
 * Anybody may come at any time; the rest is confined to the one thread of the {@link Flusher} that journals.
 */
final class Company {
    /** Requests. Who appends while others wait asks twice, and one producer with five batches on their way makes up to twenty of them, which nobody should wait for. */
    static final int MANY = 24;
    /** After the begin of a round nobody waits longer for the next one. */
    static final long PATIENCE_NS = 500_000;

    private static final long STEP_NS = 100_000;
    /** The clock may stand still. */
    static final int STEPS_MAX = (int) (PATIENCE_NS / STEP_NS);

    private final Clock clock;
    private final AtomicInteger here = new AtomicInteger();
    private int inRound;
    private int crowd;
    private long begunNanos;

    Company(Clock clock) {
        this.clock = clock;
        this.begunNanos = clock.nanos();
    }

    /** Somebody asks. */
    void comes() {
        here.incrementAndGet();
    }

    /** Waits for most of those who were here in the last rounds, where these were many. */
    void gather() {
        for (int steps = 0; steps < STEPS_MAX && isWorthWaiting(); steps++) {
            clock.giveWay(STEP_NS);
        }
    }

    private boolean isWorthWaiting() {
        return crowd >= MANY && here.get() < crowd - crowd / 4 && clock.nanos() - begunNanos < PATIENCE_NS;
    }

    /** A round begins, with all who are here. */
    void leaves() {
        begunNanos = clock.nanos();
        inRound = here.getAndSet(0);
    }

    /** The round is over, and some may have come meanwhile. */
    void isOver() {
        crowd = Math.max(inRound + here.get(), crowd - Math.ceilDiv(crowd, 64));
    }
}
