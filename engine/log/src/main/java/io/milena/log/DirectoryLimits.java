package io.milena.log;

/**
 * How long something is kept in a data directory, how much of its disk is left free, and how much memory its indexes take.
 *
 * @param trashRetentionMs how long a deleted topic can be restored; 0 for not at all
 * @param diskReserveBytes {@code milena.disk.reserve.bytes}
 * @param producerExpirationMs {@code producer.id.expiration.ms}
 * @param indexCacheBytes {@code milena.index.cache.bytes}
 */
public record DirectoryLimits(
        long trashRetentionMs, long diskReserveBytes, long producerExpirationMs, long indexCacheBytes) {
    static final DirectoryLimits DEFAULTS = new DirectoryLimits(0, 0, 86_400_000, OpenFiles.INDEX_BYTES_MAX);

    DirectoryLimits withTrash(long retentionMs) {
        return new DirectoryLimits(retentionMs, diskReserveBytes, producerExpirationMs, indexCacheBytes);
    }

    DirectoryLimits withReserve(long bytes) {
        return new DirectoryLimits(trashRetentionMs, bytes, producerExpirationMs, indexCacheBytes);
    }

    DirectoryLimits withProducerExpiration(long ms) {
        return new DirectoryLimits(trashRetentionMs, diskReserveBytes, ms, indexCacheBytes);
    }

    DirectoryLimits withIndexCache(long bytes) {
        return new DirectoryLimits(trashRetentionMs, diskReserveBytes, producerExpirationMs, bytes);
    }
}
