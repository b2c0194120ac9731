package io.milena.network;

import io.milena.runtime.Clock;

/**
 * Whose turn it is on a connection, and when something last moved. Written by reader and writer, read by the sweeper, who must close a connection whose client does nothing, but never one that
 * waits for us.
 */
final class Activity {
    /** Who stops in the middle of a request has lost its way or means harm; until it ends, its memory is held. Clients give up a request after 30 s by default. */
    private static final long FRAME_PATIENCE_NANOS = 30_000_000_000L;

    /** What the reader does. */
    enum Reading {
        AWAITS_FRAME,
        WITHIN_FRAME,
        /** Waits for memory or for the handler: for us. */
        HANDLES
    }

    /** What the writer does. */
    enum Writing {
        RESTS,
        /** For us. */
        AWAITS_REPLY,
        SENDS
    }

    private final Clock clock;
    private volatile Reading reading = Reading.AWAITS_FRAME;
    private volatile Writing writing = Writing.RESTS;
    private volatile long receivedNanos;
    private volatile long sentNanos;

    Activity(Clock clock) {
        this.clock = clock;
        receivedNanos = clock.nanos();
        sentNanos = receivedNanos;
    }

    void reads(Reading now) {
        if (now == Reading.AWAITS_FRAME) {
            // What we did with the frame before may have taken long: the client's turn begins here.
            receivedNanos = clock.nanos();
        }
        reading = now;
    }

    void writes(Writing now) {
        // Also when a wait ends without anything to send.
        sentNanos = clock.nanos();
        writing = now;
    }

    void received() {
        receivedNanos = clock.nanos();
    }

    void sent() {
        sentNanos = clock.nanos();
    }

    /** Whether the client has done nothing for too long while it was its turn. */
    boolean isStale(long idleNanos) {
        long nowNanos = clock.nanos();
        if (writing == Writing.SENDS && nowNanos - sentNanos > idleNanos) {
            return true;
        }
        return switch (reading) {
            case AWAITS_FRAME -> writing == Writing.RESTS && nowNanos - Math.max(receivedNanos, sentNanos) > idleNanos;
            case WITHIN_FRAME -> nowNanos - receivedNanos > Math.min(idleNanos, FRAME_PATIENCE_NANOS);
            case HANDLES -> false;
        };
    }
}
