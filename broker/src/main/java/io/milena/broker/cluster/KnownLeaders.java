package io.milena.broker.cluster;

import io.milena.broker.partitions.LeaderHints;
import io.milena.metadata.ClusterImage;
import io.milena.protocol.record.PartitionRecord;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The leaders that the metadata name, where these are alive. */
public record KnownLeaders(ClusterMetadata metadata, Members members) implements LeaderHints.Source {
    @Override
    public LeaderHints.@Nullable Leader find(String topic, UUID topicId, int index) {
        ClusterImage image = metadata.image();
        ClusterImage.Topic found = topic.isEmpty() ? image.topic(topicId) : image.topic(topic);
        if (found == null || index < 0 || index >= found.partitions().size()) {
            return null;
        }
        PartitionRecord partition = found.partitions().get(index);
        Members.Member leader = members.find(partition.leader());
        return leader == null
                ? null
                : new LeaderHints.Leader(
                        leader.id(), partition.leaderEpoch(), leader.host(), leader.port(), leader.rack());
    }
}
