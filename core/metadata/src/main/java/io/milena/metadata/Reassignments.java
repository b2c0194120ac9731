package io.milena.metadata;

import io.milena.metadata.ClusterImage.Topic;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.message.AlterPartitionReassignmentsRequest;
import io.milena.protocol.message.AlterPartitionReassignmentsRequest.ReassignablePartition;
import io.milena.protocol.message.AlterPartitionReassignmentsRequest.ReassignableTopic;
import io.milena.protocol.message.AlterPartitionReassignmentsResponse;
import io.milena.protocol.message.AlterPartitionReassignmentsResponse.ReassignablePartitionResponse;
import io.milena.protocol.message.AlterPartitionReassignmentsResponse.ReassignableTopicResponse;
import io.milena.protocol.message.ListPartitionReassignmentsRequest;
import io.milena.protocol.message.ListPartitionReassignmentsRequest.ListPartitionReassignmentsTopics;
import io.milena.protocol.message.ListPartitionReassignmentsResponse;
import io.milena.protocol.message.ListPartitionReassignmentsResponse.OngoingPartitionReassignment;
import io.milena.protocol.message.ListPartitionReassignmentsResponse.OngoingTopicReassignment;
import io.milena.protocol.record.PartitionRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * AlterPartitionReassignments (KIP-455): other brokers shall have a partition. It has both the old and the new ones until all new ones are in sync; then {@link
 * PartitionChange} lets the old ones go. Meanwhile it can be called off, or sent somewhere else.
 */
public final class Reassignments {
    private final ControllerSettings settings;
    private final ReplicaAssignments assignments;

    /** Among many brokers. */
    public Reassignments(ControllerSettings settings) {
        this(settings, new StripedPlacement(settings.replicationFactor()));
    }

    private Reassignments(ControllerSettings settings, Placement placement) {
        this.settings = settings;
        this.assignments = new ReplicaAssignments(placement);
    }

    /** Where there is one broker, which everything is on. */
    public static Reassignments ofOneBroker(ControllerSettings settings) {
        return new Reassignments(settings, new OneBroker(settings.nodeId()));
    }

    public Outcome<AlterPartitionReassignmentsResponse> alter(
            ClusterImage image, AlterPartitionReassignmentsRequest request) {
        Round round = new Round(image, request.allowReplicationFactorChange());
        List<ReassignableTopicResponse> responses = new ArrayList<>();
        for (ReassignableTopic topic : request.topics()) {
            List<ReassignablePartitionResponse> partitions = new ArrayList<>();
            for (ReassignablePartition wanted : topic.partitions()) {
                Decision decision = round.alter(topic.name(), wanted);
                partitions.add(new ReassignablePartitionResponse(
                        wanted.partitionIndex(), decision.error().code(), decision.message()));
            }
            responses.add(new ReassignableTopicResponse(topic.name(), partitions));
        }
        return new Outcome<>(
                round.records,
                AlterPartitionReassignmentsResponse.builder()
                        .allowReplicationFactorChange(request.allowReplicationFactorChange())
                        .responses(responses)
                        .build());
    }

    /** One request in the works. */
    private final class Round {
        private final ClusterImage image;
        private final boolean allowsOtherFactor;
        private final PartitionChanges changes;
        private final List<Message> records = new ArrayList<>();
        private final Set<String> seen = new HashSet<>();

        Round(ClusterImage image, boolean allowsOtherFactor) {
            this.image = image;
            this.allowsOtherFactor = allowsOtherFactor;
            this.changes = new PartitionChanges(image, settings);
        }

        Decision alter(String topicName, ReassignablePartition wanted) {
            Topic topic = image.topic(topicName);
            if (topic == null) {
                return Decision.refused(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "Unable to find a topic named " + topicName + ".");
            }
            int index = wanted.partitionIndex();
            PartitionRecord partition = image.partition(topicName, index);
            if (partition == null) {
                return Decision.refused(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        "Unable to find partition " + topicName + ":" + index + ".");
            }
            if (!seen.add(topicName + ":" + index)) {
                return Decision.refused(
                        ErrorCode.INVALID_REQUEST,
                        "The request names partition " + topicName + ":" + index + " twice.");
            }
            Decision decision =
                    wanted.replicas() == null ? callOff(topicName, partition) : reassign(partition, wanted.replicas());
            records.addAll(decision.records());
            return decision;
        }

        private Decision callOff(String topicName, PartitionRecord partition) {
            if (!PartitionIndex.isReassigning(partition)) {
                return Decision.refused(
                        ErrorCode.NO_REASSIGNMENT_IN_PROGRESS, "No partition reassignment is in progress.");
            }
            List<Integer> replicas = Ids.without(partition.replicas(), partition.addingReplicas());
            List<Integer> isr = Ids.without(partition.isr(), partition.addingReplicas());
            if (replicas.isEmpty()) {
                return Decision.refused(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "Invalid replica assignment: addingReplicas contains all replicas.");
            }
            PartitionChange change = changes.of(partition).replicas(replicas, List.of(), List.of());
            if (isr.isEmpty() && !partition.isr().isEmpty()) {
                if (!settings.allowsUncleanElections(image, topicName)) {
                    return Decision.refused(
                            ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                            "Unable to revert partition assignment for " + topicName + ":" + partition.partitionId()
                                    + " because it would require an unclean leader election.");
                }
                if (!changes.hasEligibleLeaders()) { // then an ISR is never empty
                    isr = Ids.of(replicas.getFirst());
                    change.recoveryState(PartitionChange.RECOVERING);
                }
            }
            change.isr(isr);
            return decision(change);
        }

        private Decision reassign(PartitionRecord partition, List<Integer> target) {
            Decision fault = assignments.fault(image, target);
            if (fault != null) {
                return fault;
            }
            if (target.equals(partition.replicas()) && !PartitionIndex.isReassigning(partition)) {
                return Decision.of(List.of());
            }
            List<Integer> original = Ids.without(partition.replicas(), partition.addingReplicas());
            int before = target(partition).size();
            if (!allowsOtherFactor && target.size() != before) {
                return Decision.refused(
                        ErrorCode.INVALID_REPLICATION_FACTOR,
                        "The replication factor is changed from " + before + " to " + target.size());
            }
            List<Integer> all = new ArrayList<>(target);
            all.addAll(Ids.without(partition.replicas(), target));
            return decision(changes.of(partition)
                    .replicas(
                            Ids.of(all),
                            sorted(Ids.without(target, original)),
                            sorted(Ids.without(partition.replicas(), target))));
        }

        private Decision decision(PartitionChange change) {
            List<Message> made = new ArrayList<>();
            PartitionChanges.add(change.record(), made);
            return Decision.of(made);
        }
    }

    private static List<Integer> sorted(List<Integer> ids) {
        return Ids.of(List.copyOf(new TreeSet<>(ids)));
    }

    /** Where the partition is to be: its replicas without those that are on their way out. */
    private static List<Integer> target(PartitionRecord partition) {
        return Ids.without(partition.replicas(), partition.removingReplicas());
    }

    /** ListPartitionReassignments: of the partitions that are named, or of all, those that are on their way. */
    public ListPartitionReassignmentsResponse list(ClusterImage image, ListPartitionReassignmentsRequest request) {
        Map<String, List<OngoingPartitionReassignment>> found = new TreeMap<>();
        if (request.topics() == null) {
            image.partitionsInReassignment().forEach(partition -> {
                Topic topic = image.topic(partition.topicId());
                if (topic != null) {
                    found.computeIfAbsent(topic.name(), name -> new ArrayList<>())
                            .add(ongoing(partition));
                }
            });
        } else {
            for (ListPartitionReassignmentsTopics topic : request.topics()) {
                for (int index : topic.partitionIndexes()) {
                    PartitionRecord partition = image.partition(topic.name(), index);
                    if (partition != null && PartitionIndex.isReassigning(partition)) {
                        found.computeIfAbsent(topic.name(), name -> new ArrayList<>())
                                .add(ongoing(partition));
                    }
                }
            }
        }
        List<OngoingTopicReassignment> topics = new ArrayList<>();
        found.forEach((name, partitions) -> topics.add(new OngoingTopicReassignment(name, partitions)));
        return ListPartitionReassignmentsResponse.builder().topics(topics).build();
    }

    private static OngoingPartitionReassignment ongoing(PartitionRecord partition) {
        return new OngoingPartitionReassignment(
                partition.partitionId(),
                partition.replicas(),
                partition.addingReplicas(),
                partition.removingReplicas());
    }
}
