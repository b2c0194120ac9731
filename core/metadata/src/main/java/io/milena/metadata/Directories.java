package io.milena.metadata;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/** The directories that the replicas of a partition are in, as lists; that of nothing but unassigned ones is the same for all partitions. */
final class Directories {
    /** Kafka's mark for a directory that is gone. */
    static final UUID LOST = new UUID(0, 2);
    /** Kafka's mark for a replica from before there were directories. */
    static final UUID MIGRATING = new UUID(0, 0);

    private static final List<List<UUID>> UNASSIGNED = new ArrayList<>();

    static {
        for (int size = 0; size <= 8; size++) {
            UNASSIGNED.add(List.copyOf(Collections.nCopies(size, Controller.UNASSIGNED_DIRECTORY)));
        }
    }

    private Directories() {}

    static List<UUID> of(List<UUID> directories) {
        if (directories.size() < UNASSIGNED.size()) {
            List<UUID> unassigned = UNASSIGNED.get(directories.size());
            if (unassigned.equals(directories)) {
                return unassigned;
            }
        }
        return List.copyOf(directories);
    }

    /** Of replicas that nobody has put anywhere yet. */
    static List<UUID> unassigned(int replicas) {
        return replicas < UNASSIGNED.size()
                ? UNASSIGNED.get(replicas)
                : Collections.nCopies(replicas, Controller.UNASSIGNED_DIRECTORY);
    }
}
