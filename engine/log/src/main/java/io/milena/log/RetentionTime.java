package io.milena.log;

import io.milena.runtime.Clock;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;

/**
 * The time by which records grow old: the wall clock, but a clock that jumps ahead is believed only after it has stood by that for an hour, so that nothing is deleted because of a wrong
 * date that somebody sets right again. A machine that slept deletes an hour later. A clock that jumps back is believed at once: it deletes nothing. Safe for use by many
 * threads.
 */
final class RetentionTime {
    private static final System.Logger LOG = System.getLogger(RetentionTime.class.getName());
    private static final long TOLERANCE_MS = TimeUnit.MINUTES.toMillis(10);
    private static final long PROBATION_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final long NANOS_PER_MS = 1_000_000;

    private final Clock clock;
    private long trustedMs;
    private long trustedAtNanos;
    private boolean isDoubtful;
    private long doubtfulSinceNanos;

    RetentionTime(Clock clock) {
        this.clock = clock;
        this.trustedMs = clock.millis();
        this.trustedAtNanos = clock.nanos();
    }

    /** Milliseconds since the Unix epoch, never ahead of the wall clock. */
    synchronized long millis() {
        long wallMs = clock.millis();
        long nowNanos = clock.nanos();
        long expectedMs = trustedMs + (nowNanos - trustedAtNanos) / NANOS_PER_MS;
        if (wallMs - expectedMs <= TOLERANCE_MS) {
            isDoubtful = false;
            return trust(wallMs, nowNanos);
        }
        if (!isDoubtful) {
            isDoubtful = true;
            doubtfulSinceNanos = nowNanos;
            LOG.log(
                    Level.WARNING,
                    "The clock has jumped ahead by {0} minutes; retention believes it in an hour",
                    TimeUnit.MILLISECONDS.toMinutes(wallMs - expectedMs));
        }
        if (nowNanos - doubtfulSinceNanos >= PROBATION_NANOS) {
            isDoubtful = false;
            return trust(wallMs, nowNanos);
        }
        return expectedMs;
    }

    private long trust(long wallMs, long nowNanos) {
        trustedMs = wallMs;
        trustedAtNanos = nowNanos;
        return wallMs;
    }
}
