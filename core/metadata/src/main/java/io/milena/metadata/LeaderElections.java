package io.milena.metadata;

import io.milena.metadata.ClusterImage.Topic;
import io.milena.metadata.PartitionChange.Election;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.message.ElectLeadersRequest;
import io.milena.protocol.message.ElectLeadersResponse;
import io.milena.protocol.message.ElectLeadersResponse.PartitionResult;
import io.milena.protocol.message.ElectLeadersResponse.ReplicaElectionResult;
import io.milena.protocol.record.PartitionChangeRecord;
import io.milena.protocol.record.PartitionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** ElectLeaders: someone asks for the preferred leaders, or for any leader at the price of records that may be lost. */
public final class LeaderElections {
    static final byte PREFERRED = 0;
    static final byte UNCLEAN = 1;

    private final ControllerSettings settings;

    public LeaderElections(ControllerSettings settings) {
        this.settings = settings;
    }

    /** Of the partitions that are named, or of all: then those that need none are not in the answer. */
    public Outcome<ElectLeadersResponse> elect(ClusterImage image, ElectLeadersRequest request) {
        if (request.electionType() != PREFERRED && request.electionType() != UNCLEAN) {
            return Outcome.of(ElectLeadersResponse.builder()
                    .errorCode(ErrorCode.INVALID_REQUEST.code())
                    .build());
        }
        boolean isPreferred = request.electionType() == PREFERRED;
        Round round = new Round(image, new PartitionChanges(image, settings), isPreferred);
        if (request.topicPartitions() == null) {
            image.partitionsWithoutLeader().forEach(round::elect);
            if (isPreferred) {
                image.partitionsLedByOthers().forEach(round::elect);
            }
        } else {
            request.topicPartitions()
                    .forEach(topic -> topic.partitions().forEach(index -> round.elect(topic.topic(), index)));
        }
        List<ReplicaElectionResult> results = new ArrayList<>();
        round.results.forEach(
                (topic, partitions) -> results.add(new ReplicaElectionResult(topic, List.copyOf(partitions.values()))));
        return new Outcome<>(
                round.records,
                ElectLeadersResponse.builder().replicaElectionResults(results).build());
    }

    /** One request in the works. */
    private static final class Round {
        private final ClusterImage image;
        private final PartitionChanges changes;
        private final boolean isPreferred;
        private final List<Message> records = new ArrayList<>();
        private final Map<String, Map<Integer, PartitionResult>> results = new TreeMap<>();

        Round(ClusterImage image, PartitionChanges changes, boolean isPreferred) {
            this.image = image;
            this.changes = changes;
            this.isPreferred = isPreferred;
        }

        void elect(PartitionRecord partition) {
            Topic topic = image.topic(partition.topicId());
            if (topic != null) {
                elect(topic.name(), partition.partitionId());
            }
        }

        /** What is asked for twice is done once: a second change would not know of the first. */
        void elect(String topicName, int index) {
            results.computeIfAbsent(topicName, name -> new TreeMap<>())
                    .computeIfAbsent(index, i -> result(topicName, i));
        }

        private PartitionResult result(String topicName, int index) {
            Topic topic = image.topic(topicName);
            if (topic == null) {
                return result(index, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "No such topic as " + topicName);
            }
            PartitionRecord partition = image.partition(topicName, index);
            if (partition == null) {
                return result(
                        index, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "No such partition as " + topicName + "-" + index);
            }
            boolean isThere = isPreferred
                    ? partition.leader() == partition.replicas().getFirst()
                    : partition.leader() != PartitionChange.NO_LEADER;
            if (isThere) {
                return result(index, ErrorCode.ELECTION_NOT_NEEDED, "Leader election not needed for topic partition.");
            }
            PartitionChangeRecord change = changes.of(partition)
                    .election(isPreferred ? Election.PREFERRED : Election.UNCLEAN)
                    .record();
            if (change == null) {
                return isPreferred
                        ? result(
                                index,
                                ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE,
                                "The preferred leader was not available.")
                        : result(
                                index,
                                ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE,
                                "Eligible topic partition leaders are not available.");
            }
            records.add(change);
            return result(index, ErrorCode.NONE, null);
        }

        private static PartitionResult result(int index, ErrorCode error, @Nullable String message) {
            return new PartitionResult(index, error.code(), message);
        }
    }
}
