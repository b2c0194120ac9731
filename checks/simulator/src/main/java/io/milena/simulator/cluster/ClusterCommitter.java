package io.milena.simulator.cluster;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FindCoordinatorRequest;
import io.milena.protocol.message.FindCoordinatorResponse;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchResponse;
import io.milena.simulator.invariants.CommittedOffsetsNeverGoBack;
import java.io.IOException;
import java.util.List;

/**
 * Commits growing offsets for a group of its own, as long as it is asked to, and looks whenever it has found its coordinator whether the last that was confirmed is still there. A broker that was replaced and does
 * not know it yet may answer with what it knew, here as in Apache Kafka: what such a one says is not judged.
 */
final class ClusterCommitter extends ClusterClient {
    private static final ErrorCode[] EXPECTED = {
        ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
        ErrorCode.COORDINATOR_NOT_AVAILABLE,
        ErrorCode.NOT_COORDINATOR,
        ErrorCode.REQUEST_TIMED_OUT,
        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    };

    private static final String TOPIC = Diary.TOPIC;
    private static final int PARTITION = 0;

    private final String group;
    private final CommittedOffsetsNeverGoBack judge;
    private final Stage stage;
    private long confirmed = -1;

    ClusterCommitter(Stage stage, String group, CommittedOffsetsNeverGoBack judge) {
        super(stage.world(), stage.brokers());
        this.group = group;
        this.judge = judge;
        this.stage = stage;
    }

    long confirmed() {
        return confirmed;
    }

    @Override
    boolean work() throws IOException {
        FindCoordinatorRequest question =
                FindCoordinatorRequest.builder().coordinatorKeys(List.of(group)).build();
        FindCoordinatorResponse.Coordinator coordinator = ask(anyBroker(), question, 4, FindCoordinatorResponse.class)
                .coordinators()
                .getFirst();
        if (coordinator.errorCode() != ErrorCode.NONE.code() || !look(coordinator.nodeId())) {
            return false;
        }
        while (!stage.isEnough().getAsBoolean()) {
            long next = confirmed + 1;
            judge.asked(group, TOPIC, next);
            if (!isWell(commit(coordinator.nodeId(), next), "committing offset " + next, EXPECTED)) {
                return false;
            }
            judge.confirmed(group, TOPIC, next);
            confirmed = next;
            rest(60);
        }
        return look(coordinator.nodeId());
    }

    /** Whether the coordinator knows what was confirmed. */
    private boolean look(int coordinator) throws IOException {
        boolean wasCoordinator = stage.coordinatesGroups(coordinator);
        long least = judge.least(group, TOPIC);
        OffsetFetchRequest.OffsetFetchRequestGroup asked = OffsetFetchRequest.OffsetFetchRequestGroup.builder()
                .groupId(group)
                .topics(List.of(OffsetFetchRequest.OffsetFetchRequestTopics.builder()
                        .name(TOPIC)
                        .partitionIndexes(List.of(PARTITION))
                        .build()))
                .build();
        OffsetFetchResponse.OffsetFetchResponseGroup answer = ask(
                        coordinator,
                        OffsetFetchRequest.builder().groups(List.of(asked)).build(),
                        8,
                        OffsetFetchResponse.class)
                .groups()
                .getFirst();
        if (!isWell(answer.errorCode(), "asking for offsets", EXPECTED)) {
            return false;
        }
        long kept = answer.topics().getFirst().partitions().getFirst().committedOffset();
        if (!wasCoordinator || !stage.coordinatesGroups(coordinator)) {
            return false;
        }
        judge.found(group, TOPIC, kept, least);
        return true;
    }

    private short commit(int coordinator, long offset) throws IOException {
        OffsetCommitRequest.OffsetCommitRequestPartition partition =
                OffsetCommitRequest.OffsetCommitRequestPartition.builder()
                        .partitionIndex(PARTITION)
                        .committedOffset(offset)
                        .build();
        OffsetCommitRequest request = OffsetCommitRequest.builder()
                .groupId(group)
                .topics(List.of(OffsetCommitRequest.OffsetCommitRequestTopic.builder()
                        .name(TOPIC)
                        .partitions(List.of(partition))
                        .build()))
                .build();
        return ask(coordinator, request, 8, OffsetCommitResponse.class)
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .errorCode();
    }
}
