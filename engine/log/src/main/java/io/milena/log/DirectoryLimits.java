package io.milena.log;

import io.milena.log.disk.OpenFiles;
import io.milena.log.journal.JournalSettings;

/**
 * How long something is kept in a data directory, how much of its disk is left free, how much memory its indexes take, and how large its journal becomes.
 *
 * @param trashRetentionMs how long a deleted topic can be restored; 0 for not at all
 * @param diskReserveBytes {@code milena.disk.reserve.bytes}
 * @param producerExpirationMs {@code producer.id.expiration.ms}
 * @param indexCacheBytes {@code milena.index.cache.bytes}
 * @param journal {@code milena.journal.bytes}
 */
public record DirectoryLimits(
        long trashRetentionMs,
        long diskReserveBytes,
        long producerExpirationMs,
        long indexCacheBytes,
        JournalSettings journal) {
    static final DirectoryLimits DEFAULTS =
            new DirectoryLimits(0, 0, 86_400_000, OpenFiles.INDEX_BYTES_MAX, JournalSettings.NONE);

    DirectoryLimits withTrash(long retentionMs) {
        return new DirectoryLimits(retentionMs, diskReserveBytes, producerExpirationMs, indexCacheBytes, journal);
    }

    DirectoryLimits withReserve(long bytes) {
        return new DirectoryLimits(trashRetentionMs, bytes, producerExpirationMs, indexCacheBytes, journal);
    }

    DirectoryLimits withProducerExpiration(long ms) {
        return new DirectoryLimits(trashRetentionMs, diskReserveBytes, ms, indexCacheBytes, journal);
    }

    DirectoryLimits withIndexCache(long bytes) {
        return new DirectoryLimits(trashRetentionMs, diskReserveBytes, producerExpirationMs, bytes, journal);
    }

    DirectoryLimits withJournal(JournalSettings other) {
        return new DirectoryLimits(trashRetentionMs, diskReserveBytes, producerExpirationMs, indexCacheBytes, other);
    }
}
