package io.milena.metadata;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.message.AssignReplicasToDirsRequest;
import io.milena.protocol.message.AssignReplicasToDirsResponse;
import io.milena.protocol.record.PartitionChangeRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** AssignReplicasToDirs (KIP-858): a broker says which of its directories its replicas are in. What is in one that does not work it neither leads, nor is it in sync there. */
public final class DirectoryAssignments {
    private final ControllerSettings settings;

    public DirectoryAssignments(ControllerSettings settings) {
        this.settings = settings;
    }

    public Outcome<AssignReplicasToDirsResponse> assign(ClusterImage image, AssignReplicasToDirsRequest request) {
        RegisterBrokerRecord broker = image.broker(request.brokerId());
        if (broker == null || broker.brokerEpoch() != request.brokerEpoch()) {
            return Outcome.of(AssignReplicasToDirsResponse.builder()
                    .errorCode(ErrorCode.STALE_BROKER_EPOCH.code())
                    .build());
        }
        ClusterImage after = image;
        List<Message> records = new ArrayList<>();
        List<AssignReplicasToDirsResponse.DirectoryData> directories = new ArrayList<>();
        for (AssignReplicasToDirsRequest.DirectoryData directory : request.directories()) {
            List<AssignReplicasToDirsResponse.TopicData> topics = new ArrayList<>();
            for (AssignReplicasToDirsRequest.TopicData topic : directory.topics()) {
                List<AssignReplicasToDirsResponse.PartitionData> partitions = new ArrayList<>();
                for (AssignReplicasToDirsRequest.PartitionData wanted : topic.partitions()) {
                    int index = wanted.partitionIndex();
                    List<Message> change = new ArrayList<>();
                    ErrorCode error = assign(after, broker, topic.topicId(), index, directory.id(), change);
                    after = after.replay(change); // so that a partition that is named twice ends where it is named last
                    records.addAll(change);
                    partitions.add(new AssignReplicasToDirsResponse.PartitionData(index, error.code()));
                }
                topics.add(new AssignReplicasToDirsResponse.TopicData(topic.topicId(), partitions));
            }
            directories.add(new AssignReplicasToDirsResponse.DirectoryData(directory.id(), topics));
        }
        return new Outcome<>(
                records,
                AssignReplicasToDirsResponse.builder().directories(directories).build());
    }

    private ErrorCode assign(
            ClusterImage image,
            RegisterBrokerRecord broker,
            UUID topicId,
            int index,
            UUID directory,
            List<Message> records) {
        if (image.topic(topicId) == null) {
            return ErrorCode.UNKNOWN_TOPIC_ID;
        }
        PartitionRecord partition = image.partition(topicId, index);
        if (partition == null) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        int position = partition.replicas().indexOf(broker.brokerId());
        if (position < 0) {
            return ErrorCode.NOT_LEADER_OR_FOLLOWER;
        }
        List<UUID> directories = new ArrayList<>(
                partition.directories().size() == partition.replicas().size()
                        ? partition.directories()
                        : Collections.nCopies(partition.replicas().size(), Controller.UNASSIGNED_DIRECTORY));
        if (!directory.equals(directories.set(position, directory))) {
            records.add(PartitionChangeRecord.builder()
                    .topicId(topicId)
                    .partitionId(index)
                    .directories(directories)
                    .build());
        }
        if (!broker.logDirs().contains(directory)) {
            ClusterImage after = image.replay(records);
            PartitionRecord moved = after.partition(topicId, index);
            new PartitionChanges(after, settings)
                    .withoutInSync(Set.of(broker.brokerId()), moved == null ? List.of() : List.of(moved), records);
        }
        return ErrorCode.NONE;
    }
}
