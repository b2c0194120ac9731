package io.milena.log.disk;

import io.milena.runtime.Clock;
import java.util.concurrent.atomic.AtomicInteger;

/** The machine's clock, and how often somebody gave way. */
public final class CountingClock implements Clock {
    private final AtomicInteger timesGivenWay = new AtomicInteger();

    public int timesGivenWay() {
        return timesGivenWay.get();
    }

    @Override
    public long millis() {
        return Clock.system().millis();
    }

    @Override
    public long nanos() {
        return Clock.system().nanos();
    }

    @Override
    public void parkUntil(long deadlineNanos) {
        Clock.system().parkUntil(deadlineNanos);
    }

    @Override
    public void giveWay(long durationNanos) {
        timesGivenWay.incrementAndGet();
        Clock.system().giveWay(durationNanos);
    }
}
