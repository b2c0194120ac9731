package io.milena.groups;

import io.milena.groups.assignment.PartitionId;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupHeartbeatRequest;
import io.milena.protocol.message.ConsumerGroupHeartbeatRequest.TopicPartitions;
import io.milena.protocol.message.ConsumerGroupHeartbeatResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A client of the protocol of KIP-848, as the Java client behaves: it gives up first, says so, and takes what it is given. */
final class ConsumerClient {
    private final String group;
    private final @Nullable String instanceId;
    private final String memberId;
    private List<String> topics;
    private @Nullable String regex;
    private int epoch;
    private SortedSet<PartitionId> owned = new TreeSet<>();
    private SortedSet<PartitionId> given = new TreeSet<>();
    /** The next request has to tell everything. */
    private boolean isFull = true;

    ConsumerClient(String group, String memberId, @Nullable String instanceId, List<String> topics) {
        this.group = group;
        this.memberId = memberId;
        this.instanceId = instanceId;
        this.topics = topics;
    }

    String memberId() {
        return memberId;
    }

    @Nullable
    String instanceId() {
        return instanceId;
    }

    int epoch() {
        return epoch;
    }

    SortedSet<PartitionId> owned() {
        return owned;
    }

    SortedSet<PartitionId> given() {
        return given;
    }

    List<String> topics() {
        return topics;
    }

    void subscribe(List<String> newTopics) {
        topics = newTopics;
        isFull = true;
    }

    void subscribeTo(String newRegex) {
        regex = newRegex;
        isFull = true;
    }

    ConsumerGroupHeartbeatRequest request() {
        ConsumerGroupHeartbeatRequest.Builder request = ConsumerGroupHeartbeatRequest.builder()
                .groupId(group)
                .memberId(memberId)
                .memberEpoch(epoch)
                .instanceId(instanceId)
                .topicPartitions(partitions());
        if (isFull || epoch == 0) {
            request.subscribedTopicNames(topics).subscribedTopicRegex(regex).rebalanceTimeoutMs(10_000);
        }
        return request.build();
    }

    private List<TopicPartitions> partitions() {
        List<TopicPartitions> all = new ArrayList<>();
        ConsumerRecords.byTopic(owned).forEach((topic, indexes) -> all.add(new TopicPartitions(topic, indexes)));
        return all;
    }

    ConsumerGroupHeartbeatRequest farewell(int farewellEpoch) {
        return ConsumerGroupHeartbeatRequest.builder()
                .groupId(group)
                .memberId(memberId)
                .instanceId(instanceId)
                .memberEpoch(farewellEpoch)
                .build();
    }

    /** The answer did not come. */
    void missAnswer() {
        isFull = true;
    }

    void take(ConsumerGroupHeartbeatResponse response) {
        switch (ErrorCode.of(response.errorCode())) {
            case NONE -> {
                epoch = response.memberEpoch();
                isFull = false;
                ConsumerGroupHeartbeatResponse.Assignment assignment = response.assignment();
                if (assignment != null) {
                    given = new TreeSet<>();
                    assignment
                            .topicPartitions()
                            .forEach(topic -> topic.partitions()
                                    .forEach(index -> given.add(new PartitionId(topic.topicId(), index))));
                }
            }
            case FENCED_MEMBER_EPOCH, UNKNOWN_MEMBER_ID -> {
                owned = new TreeSet<>();
                given = new TreeSet<>();
                epoch = 0;
                isFull = true;
            }
            default -> isFull = true;
        }
    }

    /** What it was told to give up it gives up, and what it was given it takes. */
    void follow() {
        owned = new TreeSet<>(given);
    }

    static PartitionId partition(String topic, int index) {
        return new PartitionId(TopicTable.id(topic), index);
    }

    static UUID anyUuid() {
        return new UUID(0, 7);
    }
}
