package io.milena.metadata;

import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes a partition small before an image keeps it: ids in arrays, one list where replicas and ISR are the same, and the ids of topic and directories shared with all
 * that name them. Equal to what it was made of, but
 * that lists of eligible leaders which are empty are not there.
 */
final class CompactPartition {
    private CompactPartition() {}

    static PartitionRecord of(
            PartitionRecord partition, UUID topicId, SortedTree<Integer, RegisterBrokerRecord> brokers) {
        List<Integer> replicas = Ids.of(partition.replicas());
        List<Integer> isr = partition.isr().equals(replicas) ? replicas : Ids.of(partition.isr());
        return partition.toBuilder()
                .topicId(topicId)
                .replicas(replicas)
                .isr(isr)
                .removingReplicas(Ids.of(partition.removingReplicas()))
                .addingReplicas(Ids.of(partition.addingReplicas()))
                .eligibleLeaderReplicas(orNull(partition.eligibleLeaderReplicas()))
                .lastKnownElr(orNull(partition.lastKnownElr()))
                .directories(directories(partition, replicas, brokers))
                .build();
    }

    private static @Nullable List<Integer> orNull(@Nullable List<Integer> ids) {
        return ids == null || ids.isEmpty() ? null : Ids.of(ids);
    }

    private static List<UUID> directories(
            PartitionRecord partition, List<Integer> replicas, SortedTree<Integer, RegisterBrokerRecord> brokers) {
        List<UUID> given = partition.directories();
        List<UUID> shared = new ArrayList<>(given.size());
        for (int i = 0; i < given.size(); i++) {
            shared.add(shared(given.get(i), i < replicas.size() ? brokers.find(replicas.get(i)) : null));
        }
        return Directories.of(shared);
    }

    private static UUID shared(UUID directory, @Nullable RegisterBrokerRecord broker) {
        if (directory.equals(Controller.UNASSIGNED_DIRECTORY)) {
            return Controller.UNASSIGNED_DIRECTORY;
        }
        if (broker != null) {
            for (UUID its : broker.logDirs()) {
                if (its.equals(directory)) {
                    return its;
                }
            }
        }
        return directory;
    }
}
