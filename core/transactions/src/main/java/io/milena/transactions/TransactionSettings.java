package io.milena.transactions;

/**
 * What an operator may choose about transactions, under Kafka's names.
 *
 * @param timeoutMaxMs {@code transaction.max.timeout.ms}: the longest time-out that a producer may ask for
 * @param expirationMs {@code transactional.id.expiration.ms}: after how long without use an id is forgotten
 * @param expiryCheckMs {@code transaction.remove.expired.transaction.cleanup.interval.ms}
 */
public record TransactionSettings(int timeoutMaxMs, long expirationMs, long expiryCheckMs) {
    public TransactionSettings {
        requirePositive("transaction.max.timeout.ms", timeoutMaxMs);
        requirePositive("transactional.id.expiration.ms", expirationMs);
        requirePositive("transaction.remove.expired.transaction.cleanup.interval.ms", expiryCheckMs);
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }

    /** Kafka's defaults. */
    public static TransactionSettings defaults() {
        return new TransactionSettings(900_000, 604_800_000L, 3_600_000);
    }
}
