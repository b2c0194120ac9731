package io.milena.testkit;

import io.milena.runtime.Clock;

/** The clock of one computer, which is faster or slower than the world's. */
final class DriftingClock implements Clock {
    private final VirtualClock world;
    private final double rate;

    /** @param rate how many of its seconds pass in one of the world's */
    DriftingClock(VirtualClock world, double rate) {
        this.world = world;
        this.rate = rate;
    }

    @Override
    public long millis() {
        return world.millis() + (nanos() - world.nanos()) / 1_000_000;
    }

    @Override
    public long nanos() {
        return (long) (world.nanos() * rate);
    }

    @Override
    public void parkUntil(long deadlineNanos) {
        if (deadlineNanos > nanos()) {
            // A nanosecond more than the division says, so that whoever wakes finds its deadline past.
            world.parkUntil((long) Math.ceil(deadlineNanos / rate) + 1);
        }
    }
}
