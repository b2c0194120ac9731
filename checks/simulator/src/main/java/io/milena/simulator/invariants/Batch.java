package io.milena.simulator.invariants;

/**
 * A batch as a log has it; equal ones hold the same records at the same offsets.
 *
 * @param leaderEpoch in which it was appended
 * @param crc of all that a producer has sent
 */
public record Batch(long baseOffset, long lastOffset, int leaderEpoch, long crc) {}
