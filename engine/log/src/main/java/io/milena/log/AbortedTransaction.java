package io.milena.log;

/**
 * A transaction that was aborted: a producer's transactional records from the first offset to the marker at the last one were never there.
 *
 * @param lastStableOffset of the log, when the marker was appended
 */
public record AbortedTransaction(long producerId, long firstOffset, long lastOffset, long lastStableOffset) {}
