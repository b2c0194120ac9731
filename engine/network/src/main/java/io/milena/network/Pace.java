package io.milena.network;

import io.milena.runtime.Clock;

/** How quickly requests come on a connection. Used by its reader only. */
final class Pace {
    /** So many requests within so long are many: about a thousand a second, from which on waking a thread for each is much of the work. */
    static final int REQUESTS = 256;

    private static final long WITHIN_NANOS = 250_000_000;

    private final Clock clock;
    private int count;
    private long sinceNanos;

    Pace(Clock clock) {
        this.clock = clock;
        this.sinceNanos = clock.nanos();
    }

    /** One has come. Answers, after each {@link #REQUESTS}, whether they came quickly. */
    boolean isQuickWithThisOne() {
        count++;
        if (count < REQUESTS) {
            return false;
        }
        long begunNanos = sinceNanos;
        count = 0;
        sinceNanos = clock.nanos();
        return sinceNanos - begunNanos <= WITHIN_NANOS;
    }
}
