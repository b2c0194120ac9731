package io.milena.runtime;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A moment on a {@link Clock} until which someone is willing to wait, or no such moment. Immutable.
 */
public final class Deadline {
    private static final long NANOS_PER_MS = 1_000_000;
    private static final Deadline NEVER = new Deadline(null, 0);

    /** Null when there is no limit. */
    private final @Nullable Clock clock;

    private final long nanos;

    private Deadline(@Nullable Clock clock, long nanos) {
        this.clock = clock;
        this.nanos = nanos;
    }

    /** The deadline {@code durationMs} milliseconds from now; a negative duration counts as zero, a huge one as a century. */
    public static Deadline afterMs(Clock clock, long durationMs) {
        long boundedMs = Math.clamp(durationMs, 0, 100L * 365 * 24 * 3600 * 1000);
        return new Deadline(clock, clock.nanos() + boundedMs * NANOS_PER_MS);
    }

    /** The deadline {@code durationNanos} nanoseconds from now. */
    public static Deadline afterNanos(Clock clock, long durationNanos) {
        return new Deadline(clock, clock.nanos() + durationNanos);
    }

    /** No limit: {@link #isPast()} stays false. */
    public static Deadline never() {
        return NEVER;
    }

    /** The one that comes first; both on the same clock. */
    public static Deadline earlier(Deadline one, Deadline other) {
        if (one.clock == null || other.clock == null) {
            return one.clock == null ? other : one;
        }
        return one.nanos - other.nanos <= 0 ? one : other;
    }

    public boolean isPast() {
        return clock != null && clock.nanos() - nanos >= 0;
    }

    /** Milliseconds left, rounded up, zero when past; {@link Long#MAX_VALUE} when there is no limit. */
    public long remainingMs() {
        if (clock == null) {
            return Long.MAX_VALUE;
        }
        return Math.max(0, Math.ceilDiv(nanos - clock.nanos(), NANOS_PER_MS));
    }

    /** Parks the calling thread until it is unparked, interrupted or this moment has come; may return early. */
    public void park() {
        if (clock == null) {
            LockSupport.park(this);
        } else {
            clock.parkUntil(nanos);
        }
    }
}
