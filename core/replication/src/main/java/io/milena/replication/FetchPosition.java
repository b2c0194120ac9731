package io.milena.replication;

/**
 * What a follower fetches next; also names the fetch when its answer comes, since an answer counts only where the follower still is.
 *
 * @param leader the broker to ask
 * @param offset the end of the follower's log, all of it forced
 * @param lastFetchedEpoch of the last record, or -1 where there is none
 */
public record FetchPosition(
        int leader, int leaderEpoch, long offset, int lastFetchedEpoch, long logStartOffset, long highWatermark) {}
