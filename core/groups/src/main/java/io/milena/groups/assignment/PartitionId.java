package io.milena.groups.assignment;

import java.util.Comparator;
import java.util.UUID;

/** A partition by the id of its topic: a topic that was created anew under the same name has other ones. */
public record PartitionId(UUID topicId, int index) implements Comparable<PartitionId> {
    private static final Comparator<PartitionId> ORDER =
            Comparator.comparing(PartitionId::topicId).thenComparingInt(PartitionId::index);

    @Override
    public int compareTo(PartitionId other) {
        return ORDER.compare(this, other);
    }
}
