package io.milena.replication;

/**
 * How far a follower has come, as its leader knows from what it fetched.
 *
 * @param endOffset all below is forced on the follower's disk, for it fetches only what follows that; -1 until it has fetched in this leader's time
 * @param lastFetchEndOffset where the leader's log ended at the last fetch
 * @param lastCaughtUpMs the last moment at which the follower is known to have had all that the leader had; {@link #NEVER} if it is not known to have had
 * @param brokerEpoch of the follower's life that fetched, or -1 (KIP-903)
 */
public record FollowerProgress(
        int id,
        long startOffset,
        long endOffset,
        long lastFetchEndOffset,
        long lastFetchMs,
        long lastCaughtUpMs,
        long brokerEpoch) {
    /** So long ago that a difference to any time is large, and does not overflow. */
    static final long NEVER = Long.MIN_VALUE / 2;

    /** Nothing is known of it in this leader's time; one that is in sync gets its time to show it. */
    static FollowerProgress unknown(int id, boolean isInSync, long nowMs) {
        return new FollowerProgress(id, -1, -1, -1, NEVER, isInSync ? nowMs : NEVER, -1);
    }

    /** The same leader was elected again: what the follower has stays true, when it was there begins anew. */
    FollowerProgress inNextEpoch(boolean isInSync, long leaderEndOffset, long nowMs) {
        long fromNow = isInSync ? nowMs : NEVER;
        return new FollowerProgress(id, startOffset, endOffset, leaderEndOffset, fromNow, fromNow, brokerEpoch);
    }

    /** A fetch at the leader's end has caught up now; one at what was the end at the fetch before had caught up then. */
    FollowerProgress fetched(FollowerFetch fetch, long leaderEndOffset, long nowMs) {
        long caughtUpMs = lastCaughtUpMs;
        if (fetch.offset() >= leaderEndOffset) {
            caughtUpMs = Math.max(lastCaughtUpMs, nowMs);
        } else if (lastFetchEndOffset >= 0 && fetch.offset() >= lastFetchEndOffset) {
            caughtUpMs = Math.max(lastCaughtUpMs, lastFetchMs);
        }
        return new FollowerProgress(
                id,
                fetch.logStartOffset(),
                fetch.offset(),
                Math.max(leaderEndOffset, lastFetchEndOffset),
                nowMs,
                caughtUpMs,
                fetch.brokerEpoch());
    }

    boolean isCaughtUp(long leaderEndOffset, long nowMs, long lagTimeMaxMs) {
        return endOffset == leaderEndOffset || nowMs - lastCaughtUpMs <= lagTimeMaxMs;
    }
}
