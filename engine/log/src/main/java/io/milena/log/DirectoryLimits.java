package io.milena.log;

/**
 * How long something is kept in a data directory, and how much of its disk is left free.
 *
 * @param trashRetentionMs how long a deleted topic can be restored; 0 for not at all
 * @param diskReserveBytes {@code milena.disk.reserve.bytes}
 * @param producerExpirationMs {@code producer.id.expiration.ms}
 */
public record DirectoryLimits(long trashRetentionMs, long diskReserveBytes, long producerExpirationMs) {
    static final DirectoryLimits DEFAULTS = new DirectoryLimits(0, 0, 86_400_000);

    DirectoryLimits withTrash(long retentionMs) {
        return new DirectoryLimits(retentionMs, diskReserveBytes, producerExpirationMs);
    }

    DirectoryLimits withReserve(long bytes) {
        return new DirectoryLimits(trashRetentionMs, bytes, producerExpirationMs);
    }

    DirectoryLimits withProducerExpiration(long ms) {
        return new DirectoryLimits(trashRetentionMs, diskReserveBytes, ms);
    }
}
