package io.milena.replication;

/**
 * What a producer waits for with {@code acks=all}.
 *
 * @param leaderEpoch in which its records were appended
 * @param endOffset behind the last of them
 */
public record Appended(int leaderEpoch, long endOffset) {}
