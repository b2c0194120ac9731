package io.milena.quorum;

import java.util.List;

/** Voters and observers of the metadata, and how far each is, as the leader sees them. */
public record Quorum(Leadership leadership, long highWatermark, List<Replica> voters, List<Replica> observers) {
    /** Where nothing is known. */
    public static final long UNKNOWN = -1;

    /**
     * One of them.
     *
     * @param endOffset behind the last record that it is known to hold, of the committed ones
     * @param lastFetchMs when the leader last heard from it; the leader itself: now
     * @param lastCaughtUpMs a time at which it held all that was committed then
     */
    public record Replica(Peer peer, long endOffset, long lastFetchMs, long lastCaughtUpMs) {}
}
