package io.milena.metadata;

import io.milena.metadata.ClusterImage.Resource;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.record.ConfigRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.TopicRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A deleted topic that shall be there again, with its old id, so that what knows it by its id knows it again. To each partition happens what does when all of its brokers have died and some are back: one that was in sync
 * leads, in a new epoch, and the others follow.
 *
 * @param name what it shall be called
 * @param leaderEpoch the highest that a partition of it had
 * @param settings its own, as they were; they were checked when they were set
 * @param partitions in order
 */
public record RestoredTopic(
        String name, UUID id, int leaderEpoch, Map<String, String> settings, List<Partition> partitions) {
    /** Of a topic that comes back, which may have grown by several decisions. */
    private static final int PARTITIONS_MAX = 1_000_000;

    /**
     * One partition.
     *
     * @param replicas the brokers that had it at the deletion
     * @param inSync those of them that had all that was acknowledged
     * @param holders those who have it now
     */
    public record Partition(List<Integer> replicas, List<Integer> inSync, List<Integer> holders) {
        /** Who can lead it without a loss. */
        public List<Integer> leaders(IntPredicate isActive) {
            return replicas.stream()
                    .filter(broker -> inSync.contains(broker) && holders.contains(broker) && isActive.test(broker))
                    .toList();
        }
    }

    /** As it is when what some brokers have does not count. */
    public RestoredTopic without(IntPredicate brokers) {
        return new RestoredTopic(
                name,
                id,
                leaderEpoch,
                settings,
                partitions.stream()
                        .map(each -> new Partition(
                                each.replicas,
                                each.inSync,
                                each.holders.stream()
                                        .filter(broker -> !brokers.test(broker))
                                        .toList()))
                        .toList());
    }

    /** Why not all that was acknowledged can come back, or null. */
    public @Nullable String fault(IntPredicate isActive) {
        for (int i = 0; i < partitions.size(); i++) {
            Partition partition = partitions.get(i);
            if (partition.leaders(isActive).isEmpty()) {
                return partition.inSync.isEmpty()
                        ? "No broker is known to have all of partition " + i + "."
                        : "Partition " + i + " can come back only from broker "
                                + partition.inSync.stream().map(String::valueOf).collect(Collectors.joining(" or "))
                                + ", which had all of it: that is not here with it now.";
            }
        }
        return null;
    }

    /** @param isActive whether a broker can lead */
    Decision restored(ClusterImage image, BiPredicate<ClusterImage, Integer> isActive) {
        if (partitions.isEmpty() || partitions.size() > PARTITIONS_MAX) {
            return Decision.refused(
                    ErrorCode.INVALID_PARTITIONS,
                    "A topic has 1 to " + PARTITIONS_MAX + " partitions, not " + partitions.size() + ".");
        }
        String fault = fault(broker -> isActive.test(image, broker));
        if (fault != null) {
            return Decision.refused(ErrorCode.BROKER_NOT_AVAILABLE, fault);
        }
        List<Message> records = new ArrayList<>();
        records.add(new TopicRecord(name, id));
        new TreeMap<>(settings)
                .forEach((setting, value) -> records.add(new ConfigRecord(Resource.TOPIC, name, setting, value)));
        for (int i = 0; i < partitions.size(); i++) {
            Partition partition = partitions.get(i);
            List<Integer> replicas = partition.replicas.stream()
                    .filter(broker -> image.broker(broker) != null || isActive.test(image, broker))
                    .toList(); // without those that have left the cluster
            List<Integer> isr = partition.leaders(broker -> isActive.test(image, broker));
            records.add(PartitionRecord.builder()
                    .partitionId(i)
                    .topicId(id)
                    .replicas(replicas)
                    .isr(isr)
                    .leader(isr.getFirst())
                    .leaderEpoch(partition.replicas.size() == 1 ? leaderEpoch : leaderEpoch + 1)
                    .partitionEpoch(0)
                    .directories(Directories.unassigned(replicas.size()))
                    .build());
        }
        return Decision.of(records);
    }
}
