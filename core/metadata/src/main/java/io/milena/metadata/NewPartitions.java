package io.milena.metadata;

import io.milena.metadata.ClusterImage.Topic;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.record.PartitionRecord;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The partitions that a topic gets: how many may be, where they are and who leads them first. */
final class NewPartitions {
    /** What one decision may add: a request must not be able to fill the memory. As in Kafka. */
    private static final int MAX = 10_000;

    private final Placement placement;

    NewPartitions(Placement placement) {
        this.placement = placement;
    }

    static @Nullable Decision countFault(int partitions) {
        if (partitions == 0 || partitions < -1) {
            return Decision.refused(
                    ErrorCode.INVALID_PARTITIONS,
                    "Number of partitions was set to an invalid non-positive value: " + partitions
                            + ". It must be larger than 0, or -1 to use the default value.");
        }
        return partitions > MAX
                ? Decision.refused(
                        ErrorCode.POLICY_VIOLATION,
                        "Excessively large number of partitions per request: " + partitions + " new ones, where " + MAX
                                + " are allowed.")
                : null;
    }

    /** @param replicationFactor -1 for the default */
    @Nullable
    Decision replicationFault(ClusterImage image, int replicationFactor) {
        if (replicationFactor == 0 || replicationFactor < -1) {
            return Decision.refused(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "Replication factor must be larger than 0, or -1 to use the default value; it is "
                            + replicationFactor + ".");
        }
        return placement.fault(image, replicationFactor(replicationFactor));
    }

    boolean canPlaceOn(ClusterImage image, int broker) {
        return placement.isActive(image, broker);
    }

    int replicationFactor(int wanted) {
        return wanted == -1 ? placement.defaultReplicationFactor() : wanted;
    }

    /** Of more partitions of a topic. */
    int replicationFactor(Topic topic) {
        return topic.partitions().isEmpty()
                ? placement.defaultReplicationFactor()
                : placement.replicationFactorLike(
                        topic.partitions().getFirst().replicas().size());
    }

    /** Where partitions go that nobody has assigned; the same topic is always spread in the same way. */
    List<List<Integer>> placed(ClusterImage image, UUID topicId, int partitions, int replicationFactor, int present) {
        long seed = topicId.getMostSignificantBits() ^ topicId.getLeastSignificantBits() ^ present;
        return placement.place(image, partitions, replicationFactor, seed);
    }

    /**
     * Adds the records.
     *
     * @param brokers by partition; some of each are active
     * @param present how many partitions the topic has
     */
    void add(
            ClusterImage image,
            UUID topicId,
            List<List<Integer>> brokers,
            int present,
            int leaderEpoch,
            List<Message> records) {
        for (int i = 0; i < brokers.size(); i++) {
            List<Integer> replicas = brokers.get(i);
            List<Integer> isr = replicas.stream()
                    .filter(broker -> placement.isActive(image, broker))
                    .toList();
            records.add(PartitionRecord.builder()
                    .partitionId(present + i)
                    .topicId(topicId)
                    .replicas(replicas)
                    .isr(isr)
                    .leader(isr.getFirst())
                    .leaderEpoch(leaderEpoch)
                    .partitionEpoch(0)
                    .directories(Directories.unassigned(replicas.size()))
                    .build());
        }
    }
}
