package io.milena.testkit;

/**
 * One direction between two hosts.
 *
 * @param latencyNanosMin the fastest that bytes arrive
 * @param latencyNanosMax the slowest; each write draws its own, but bytes never overtake
 * @param bufferBytes how much may be on its way or unread before a writer waits, as the socket buffers of both ends together
 * @param splitRate probability, 0 to 1, that a read or a write takes only a random part of the bytes that it could
 */
public record LinkSettings(long latencyNanosMin, long latencyNanosMax, int bufferBytes, double splitRate) {
    /** 50 to 500 microseconds, 64 KiB, every fourth read or write split. */
    public static LinkSettings standard() {
        return new LinkSettings(50_000, 500_000, 64 * 1024, 0.25);
    }

    public LinkSettings withLatencyNanos(long min, long max) {
        return new LinkSettings(min, max, bufferBytes, splitRate);
    }

    public LinkSettings withBufferBytes(int bytes) {
        return new LinkSettings(latencyNanosMin, latencyNanosMax, bytes, splitRate);
    }

    public LinkSettings withSplitRate(double rate) {
        return new LinkSettings(latencyNanosMin, latencyNanosMax, bufferBytes, rate);
    }
}
