package io.milena.runtime;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;

/**
 * The time by which records and groups grow old: the wall clock, but a clock that jumps ahead is believed only after it has stood by that for an hour, so that nothing is deleted because of a wrong
 * date that somebody sets right again. A machine that slept deletes an hour later. A clock that jumps back is believed at once: it deletes nothing. Safe for use by many
 * threads.
 */
public final class TrustedTime {
    private static final System.Logger LOG = System.getLogger(TrustedTime.class.getName());
    private static final long TOLERANCE_MS = TimeUnit.MINUTES.toMillis(10);
    private static final long PROBATION_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final long NANOS_PER_MS = 1_000_000;

    private final Clock clock;
    private long trustedMs;
    private long trustedAtNanos;
    /** By how much the wall clock is ahead of what was expected; 0 while it is believed. */
    private long doubtfulMs;

    private long doubtfulSinceNanos;

    public TrustedTime(Clock clock) {
        this.clock = clock;
        this.trustedMs = clock.millis();
        this.trustedAtNanos = clock.nanos();
    }

    /** Milliseconds since the Unix epoch, never ahead of the wall clock. */
    public synchronized long millis() {
        long wallMs = clock.millis();
        long nowNanos = clock.nanos();
        long expectedMs = trustedMs + (nowNanos - trustedAtNanos) / NANOS_PER_MS;
        long aheadMs = wallMs - expectedMs;
        if (aheadMs <= TOLERANCE_MS) {
            return trust(wallMs, nowNanos);
        }
        if (Math.abs(aheadMs - doubtfulMs) > TOLERANCE_MS) {
            doubtfulMs = aheadMs;
            doubtfulSinceNanos = nowNanos;
            LOG.log(
                    Level.WARNING,
                    "The clock has jumped ahead by {0} minutes; what grows old by it believes it in an hour",
                    TimeUnit.MILLISECONDS.toMinutes(aheadMs));
        }
        return nowNanos - doubtfulSinceNanos >= PROBATION_NANOS ? trust(wallMs, nowNanos) : expectedMs;
    }

    private long trust(long wallMs, long nowNanos) {
        doubtfulMs = 0;
        trustedMs = wallMs;
        trustedAtNanos = nowNanos;
        return wallMs;
    }
}
