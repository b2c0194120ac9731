package io.milena.log;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Chooses data directories for new partitions: the one with the fewest, as Kafka, and of several such the first. Those that are short of space are left out while others are not. Knows the
 * directories as they were when it was made, and what it has chosen since; for one thread.
 */
public final class Placement {
    private final Map<UUID, Integer> counts = new LinkedHashMap<>();

    /** A directory that can be chosen. */
    record Candidate(UUID id, int logs, boolean isShortOfSpace) {
        static Candidate of(LogDirectory directory) {
            return new Candidate(
                    directory.id(),
                    directory.logCount(),
                    directory.services().space().isShort());
        }
    }

    /** @param candidates in the order in which they are configured */
    Placement(List<Candidate> candidates) {
        boolean isAnyRoomy = candidates.stream().anyMatch(candidate -> !candidate.isShortOfSpace);
        for (Candidate candidate : candidates) {
            if (!isAnyRoomy || !candidate.isShortOfSpace) {
                counts.put(candidate.id, candidate.logs);
            }
        }
    }

    /** @throws IOException if no directory works */
    public UUID next() throws IOException {
        UUID chosen = null;
        int fewest = Integer.MAX_VALUE;
        for (Map.Entry<UUID, Integer> entry : counts.entrySet()) {
            if (entry.getValue() < fewest) {
                chosen = entry.getKey();
                fewest = entry.getValue();
            }
        }
        if (chosen == null) {
            throw new IOException("no data directory works");
        }
        note(chosen);
        return chosen;
    }

    /** Somebody else has chosen. */
    public void note(UUID directory) {
        counts.computeIfPresent(directory, (id, count) -> count + 1);
    }
}
