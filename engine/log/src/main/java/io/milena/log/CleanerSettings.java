package io.milena.log;

/**
 * How the logs of a directory are compacted.
 *
 * @param threads {@code log.cleaner.threads}: how many logs at a time; 0 for none
 * @param dedupeBytes {@code log.cleaner.dedupe.buffer.size}: what the keys of all that is compacted at a time may take in memory
 * @param bytesPerSecond {@code log.cleaner.io.max.bytes.per.second}: what is read and written in a second, on the average
 * @param backoffMs {@code log.cleaner.backoff.ms}: how long to rest when nothing is dirty enough
 */
public record CleanerSettings(int threads, long dedupeBytes, double bytesPerSecond, long backoffMs) {
    public static final CleanerSettings DEFAULTS = new CleanerSettings(1, 16 << 20, Double.MAX_VALUE, 15_000);
}
