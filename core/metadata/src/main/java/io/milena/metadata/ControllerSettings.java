package io.milena.metadata;

import io.milena.metadata.ClusterImage.Resource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the controller's own configuration says, for all that nobody has set in the cluster.
 *
 * @param nodeId of this controller, whose settings in the cluster count as well
 * @param partitions {@code num.partitions}
 * @param replicationFactor {@code default.replication.factor}
 * @param minInsyncReplicas {@code min.insync.replicas}
 * @param allowsUncleanElections {@code unclean.leader.election.enable}
 */
public record ControllerSettings(
        int nodeId, int partitions, short replicationFactor, int minInsyncReplicas, boolean allowsUncleanElections) {
    private static final String MIN_INSYNC_REPLICAS = "min.insync.replicas";
    private static final String UNCLEAN_ELECTION = "unclean.leader.election.enable";

    /** Kafka's defaults. */
    public static ControllerSettings of(int nodeId, int partitions) {
        return new ControllerSettings(nodeId, partitions, (short) 1, 1, false);
    }

    /** How many replicas must be in sync for a topic to be written to: set for the topic, for this node, for all brokers, or here. */
    public int minInsyncReplicas(ClusterImage image, String topic) {
        String value = setting(image, topic, MIN_INSYNC_REPLICAS);
        return value == null ? minInsyncReplicas : Integer.parseInt(value.strip());
    }

    public boolean allowsUncleanElections(ClusterImage image, String topic) {
        String value = setting(image, topic, UNCLEAN_ELECTION);
        return value == null ? allowsUncleanElections : Boolean.parseBoolean(value.strip());
    }

    private @Nullable String setting(ClusterImage image, String topic, String name) {
        for (Resource resource :
                new Resource[] {Resource.topic(topic), Resource.broker(nodeId), Resource.allBrokers()}) {
            Map<String, String> values = image.settings(resource);
            String value = values.isEmpty() ? null : values.get(name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }
}
