package io.milena.simulator.invariants;

import org.jspecify.annotations.Nullable;

/**
 * A batch as a log has it; equal ones hold the same records at the same offsets.
 *
 * @param leaderEpoch in which it was appended
 * @param crc of all that a producer has sent
 * @param part which it has in a transaction; null if in none
 */
public record Batch(
        long baseOffset,
        long lastOffset,
        int leaderEpoch,
        long crc,
        @Nullable Part part) {
    /** @param isEnd whether it is the marker that ends the transaction */
    public record Part(long producerId, boolean isEnd) {}
}
