package io.milena.replication;

/**
 * How many bytes may go, at so many per second: it fills with time, up to what a second brings. More may be taken than there is, since a batch is never cut; then nothing goes until time has paid for it,
 * so that the rate is kept over any longer while. Time is that of a clock that never goes back, in ns.
 *
 * @param bytesPerSecond 0 or more; {@link #UNLIMITED} for no limit
 * @param bytes what is left; below zero where more was taken
 * @param atNanos when that was so
 */
public record ByteBucket(long bytesPerSecond, double bytes, long atNanos) {
    public static final long UNLIMITED = Long.MAX_VALUE;
    private static final double NANOS_PER_SECOND = 1e9;

    /** A full one. */
    public static ByteBucket full(long bytesPerSecond, long nowNanos) {
        return new ByteBucket(bytesPerSecond, bytesPerSecond, nowNanos);
    }

    private ByteBucket at(long nowNanos) {
        double filled = bytes + bytesPerSecond * ((nowNanos - atNanos) / NANOS_PER_SECOND);
        return new ByteBucket(bytesPerSecond, Math.min((double) bytesPerSecond, filled), nowNanos);
    }

    /** How many bytes may go now; 0 or less if none. */
    public long available(long nowNanos) {
        return bytesPerSecond == UNLIMITED ? UNLIMITED : (long) Math.floor(at(nowNanos).bytes);
    }

    /** So many have gone. */
    public ByteBucket minus(long taken, long nowNanos) {
        ByteBucket now = at(nowNanos);
        return new ByteBucket(bytesPerSecond, now.bytes - taken, nowNanos);
    }
}
