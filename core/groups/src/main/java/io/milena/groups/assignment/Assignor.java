package io.milena.groups.assignment;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A way to share partitions among members. Every partition of a topic that somebody subscribes to goes to exactly one of those who do. */
public interface Assignor {
    /** All there are, by their names in {@code group.consumer.assignors}. */
    List<Assignor> ALL = List.of(new UniformAssignor(), new RangeAssignor());

    /** As clients call it. */
    String name();

    /** Member id to partitions, for every member. */
    SortedMap<String, SortedSet<PartitionId>> assign(Question question);

    /** Null if there is no such assignor. */
    static @Nullable Assignor named(String name) {
        return ALL.stream()
                .filter(assignor -> assignor.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /**
     * What is to be shared among whom.
     *
     * @param members by id
     * @param partitionCounts of every topic that some member subscribes to
     */
    record Question(SortedMap<String, Subscriber> members, SortedMap<UUID, Integer> partitionCounts) {}

    /**
     * A member.
     *
     * @param topics those that exist
     * @param before what it was to have until now
     */
    record Subscriber(@Nullable String instanceId, SortedSet<UUID> topics, SortedSet<PartitionId> before) {}
}
