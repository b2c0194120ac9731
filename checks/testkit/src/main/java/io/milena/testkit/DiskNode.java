package io.milena.testkit;

import java.util.Comparator;
import java.util.TreeMap;

/** An inode: a file or a directory, by whatever names it is reached. Guarded by the lock of its {@link SimulatedFileSystem}. */
abstract sealed class DiskNode permits DiskFile, DiskNode.Directory {
    /** Unique within one file system, stable over renames. */
    final long number;

    /** Milliseconds since the epoch. */
    final long creationMs;

    long modifiedMs;

    DiskNode(long number, long nowMs) {
        this.number = number;
        this.creationMs = nowMs;
        this.modifiedMs = nowMs;
    }

    static final class Directory extends DiskNode {
        /** As programs see it. */
        final TreeMap<String, DiskNode> entries = new TreeMap<>(Comparator.naturalOrder());

        /** As the platters have it: {@link #entries} without the changes that are still in the journal. */
        final TreeMap<String, DiskNode> durableEntries = new TreeMap<>(Comparator.naturalOrder());

        Directory(long number, long nowMs) {
            super(number, nowMs);
        }
    }
}
