package io.milena.log.disk;

import io.milena.runtime.Clock;
import io.milena.testkit.HandClock;

/** Goes as another one does or stands still, counts how often somebody gives way, and does something else meanwhile. Used by one thread that gives way. */
public final class CountingClock implements Clock {
    private final Clock time;
    private Runnable meanwhile = () -> {};
    private int timesGivenWay;

    public CountingClock() {
        this(new HandClock());
    }

    CountingClock(Clock time) {
        this.time = time;
    }

    public int timesGivenWay() {
        return timesGivenWay;
    }

    /** What is done when somebody gives way, unless it is that which does. */
    public void meanwhile(Runnable action) {
        meanwhile = action;
    }

    @Override
    public long millis() {
        return time.millis();
    }

    @Override
    public long nanos() {
        return time.nanos();
    }

    @Override
    public void parkUntil(long deadlineNanos) {
        time.parkUntil(deadlineNanos);
    }

    @Override
    public void giveWay(long durationNanos) {
        timesGivenWay++;
        Runnable action = meanwhile;
        meanwhile = () -> {};
        action.run();
        meanwhile = action;
    }
}
