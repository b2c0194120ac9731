package io.milena.log.disk;

import io.milena.runtime.DurationHistogram;

/** How long the disk took to keep what was written to a data directory, since the start. Sums of many threads: exact once those threads rest. */
public final class ForceStatistics {
    private final DurationHistogram journal = new DurationHistogram();
    private final DurationHistogram files = new DurationHistogram();

    ForceStatistics() {}

    /** Rounds of the journal: each makes durable what many have appended. */
    public DurationHistogram journal() {
        return journal;
    }

    /** Forces of the partitions' own files, one or many at once. */
    public DurationHistogram files() {
        return files;
    }
}
