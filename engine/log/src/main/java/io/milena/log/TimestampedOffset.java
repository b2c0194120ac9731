package io.milena.log;

/** A position that was found by time: {@code timestampMs} and {@code leaderEpoch} are -1 where they do not apply. */
public record TimestampedOffset(long offset, long timestampMs, int leaderEpoch) {}
