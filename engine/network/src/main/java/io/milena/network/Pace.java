package io.milena.network;

import io.milena.runtime.Clock;

/**
 * Whether requests come quickly on a connection: so quickly that to wake a thread for each is much of the work. Told after so many each; between a thousand and a hundred a second it stays as it was. Used by
 * the reader only.
 */
final class Pace {
    static final int REQUESTS = 64;
    private static final long QUICK_NANOS = REQUESTS * 1_000_000L;
    private static final long SLOW_NANOS = REQUESTS * 10_000_000L;

    private final Clock clock;
    private long sinceNanos;
    private int count;
    private boolean isQuick;

    Pace(Clock clock) {
        this.clock = clock;
        this.sinceNanos = clock.nanos();
    }

    /** One has come. */
    boolean isQuickWithThisOne() {
        count++;
        if (count == REQUESTS) {
            count = 0;
            long nowNanos = clock.nanos();
            isQuick = nowNanos - sinceNanos <= (isQuick ? SLOW_NANOS : QUICK_NANOS);
            sinceNanos = nowNanos;
        }
        return isQuick;
    }
}
