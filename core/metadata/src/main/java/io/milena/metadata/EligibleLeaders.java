package io.milena.metadata;

import io.milena.metadata.ClusterImage.Resource;
import io.milena.protocol.Message;
import io.milena.protocol.record.ClearElrRecord;
import io.milena.protocol.record.ConfigRecord;
import io.milena.protocol.record.PartitionChangeRecord;
import io.milena.protocol.record.PartitionRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Eligible leader replicas (KIP-966) as a feature of the cluster: whether it is in use, and what it asks of {@code min.insync.replicas}. Who is eligible follows from how many must be in sync, for the controller as for the leader,
 * so nodes may not differ in that: it is set for topics or for the cluster, not for a broker, and whoever was eligible by another number is so no longer.
 */
public final class EligibleLeaders {
    public static final String FEATURE = "eligible.leader.replicas.version";
    public static final String MIN_INSYNC_REPLICAS = "min.insync.replicas";

    private EligibleLeaders() {}

    static boolean areKnown(ClusterImage image) {
        return image.features().getOrDefault(FEATURE, (short) 0) > 0;
    }

    /** Beside the feature: the cluster's number, if it has none, and none of single brokers. */
    public static List<Message> foundation(ClusterImage image, int minInsyncReplicas) {
        List<Message> records = new ArrayList<>();
        if (!image.settings(Resource.allBrokers()).containsKey(MIN_INSYNC_REPLICAS)) {
            records.add(
                    new ConfigRecord(Resource.BROKER, "", MIN_INSYNC_REPLICAS, Integer.toString(minInsyncReplicas)));
        }
        image.brokers().forEach(broker -> {
            Resource own = Resource.broker(broker.brokerId());
            if (image.settings(own).containsKey(MIN_INSYNC_REPLICAS)) {
                records.add(new ConfigRecord(own.type(), own.name(), MIN_INSYNC_REPLICAS, null));
            }
        });
        return records;
    }

    /**
     * The feature is given up. Where all that are in sync are gone the eligible ones are what is left of them, and one of them is to lead when it is back, as it is where the feature never was.
     */
    static List<Message> withdrawal(ClusterImage image) {
        List<Message> records = new ArrayList<>();
        for (PartitionRecord partition : image.partitionsWithoutLeader()) {
            List<Integer> eligible = PartitionChange.ids(partition.eligibleLeaderReplicas());
            if (partition.isr().isEmpty() && !eligible.isEmpty()) {
                records.add(PartitionChangeRecord.builder()
                        .topicId(partition.topicId())
                        .partitionId(partition.partitionId())
                        .isr(eligible)
                        .build());
            }
        }
        records.add(new ClearElrRecord(""));
        return records;
    }

    /** Why settings of a broker, or of all, may not be changed like this; null if they may. */
    static @Nullable String fault(ClusterImage image, Resource brokers, Map<String, @Nullable String> changes) {
        if (!areKnown(image) || !changes.containsKey(MIN_INSYNC_REPLICAS)) {
            return null;
        }
        if (!brokers.name().isEmpty()) {
            return "Broker-level min.insync.replicas cannot be altered while ELR is enabled.";
        }
        return changes.get(MIN_INSYNC_REPLICAS) == null
                ? "Cluster-level min.insync.replicas cannot be removed while ELR is enabled."
                : null;
    }

    /**
     * The changes of settings, and that nobody is eligible by an earlier number. Where nobody leads the eligible ones stay so: nothing has been confirmed since, whatever the number was, and without them nobody could ever lead again.
     */
    static List<Message> withoutThoseOfBefore(ClusterImage image, Collection<Message> changes) {
        List<Message> records = new ArrayList<>(changes);
        if (areKnown(image)) {
            for (Message change : changes) {
                if (change instanceof ConfigRecord(byte type, String resource, String name, String _)
                        && name.equals(MIN_INSYNC_REPLICAS)) {
                    ClusterImage.Topic topic = type == Resource.TOPIC ? image.topic(resource) : null;
                    records.add(new ClearElrRecord(topic == null ? "" : topic.name()));
                    image.partitionsWithoutLeader().stream()
                            .filter(partition ->
                                    topic == null || partition.topicId().equals(topic.id()))
                            .filter(partition -> !PartitionChange.ids(partition.eligibleLeaderReplicas())
                                    .isEmpty())
                            .map(EligibleLeaders::kept)
                            .forEach(records::add);
                }
            }
        }
        return records;
    }

    private static PartitionChangeRecord kept(PartitionRecord partition) {
        return PartitionChangeRecord.builder()
                .topicId(partition.topicId())
                .partitionId(partition.partitionId())
                .eligibleLeaderReplicas(partition.eligibleLeaderReplicas())
                .lastKnownElr(partition.lastKnownElr())
                .build();
    }
}
