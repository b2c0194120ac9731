package io.milena.groups;

import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DeleteGroupsResponse;
import io.milena.protocol.message.HeartbeatResponse;
import io.milena.protocol.message.JoinGroupResponse;
import io.milena.protocol.message.LeaveGroupResponse;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.protocol.message.OffsetCommitResponse.OffsetCommitResponsePartition;
import io.milena.protocol.message.OffsetCommitResponse.OffsetCommitResponseTopic;
import io.milena.protocol.message.OffsetDeleteResponse;
import io.milena.protocol.message.SyncGroupResponse;
import java.util.List;

/** What a client is told when the records that its answer rests on could not be written. */
final class FailedAppends {
    private FailedAppends() {}

    /** The log's error in words that a group's client acts on: try again here, look for the coordinator, or give up. */
    static ErrorCode forClient(ErrorCode error) {
        return switch (error) {
            case UNKNOWN_TOPIC_OR_PARTITION, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS_AFTER_APPEND, REQUEST_TIMED_OUT ->
                ErrorCode.COORDINATOR_NOT_AVAILABLE;
            case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR -> ErrorCode.NOT_COORDINATOR;
            case MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, INVALID_FETCH_SIZE -> ErrorCode.UNKNOWN_SERVER_ERROR;
            default -> error;
        };
    }

    /** The same answer with this error wherever it said that all is well. */
    static ApiMessage refuse(ApiMessage response, ErrorCode error) {
        return switch (response) {
            case JoinGroupResponse join -> refuseJoin(join, error);
            case SyncGroupResponse sync -> Answers.syncRefused(error);
            case LeaveGroupResponse leave -> refuseLeave(leave, error);
            case OffsetCommitResponse commit -> refuseCommit(commit, error);
            case OffsetDeleteResponse delete -> Answers.deleteOffsetsRefused(error);
            case DeleteGroupsResponse delete ->
                Answers.deleted(delete.results().getFirst().groupId(), error);
            case HeartbeatResponse heartbeat -> Answers.heartbeat(error);
            default -> throw new IllegalStateException("not a response of this module: " + response);
        };
    }

    private static JoinGroupResponse refuseJoin(JoinGroupResponse join, ErrorCode error) {
        if (join.errorCode() != ErrorCode.NONE.code()) {
            return join;
        }
        return JoinGroupResponse.builder()
                .errorCode(error.code())
                .protocolName(join.protocolName() == null ? null : "")
                .memberId(join.memberId())
                .build();
    }

    private static LeaveGroupResponse refuseLeave(LeaveGroupResponse leave, ErrorCode error) {
        return leave.errorCode() == ErrorCode.NONE.code() ? Answers.leaveRefused(error) : leave;
    }

    private static OffsetCommitResponse refuseCommit(OffsetCommitResponse commit, ErrorCode error) {
        List<OffsetCommitResponseTopic> topics = commit.topics().stream()
                .map(topic -> OffsetCommitResponseTopic.builder()
                        .name(topic.name())
                        .topicId(topic.topicId())
                        .partitions(topic.partitions().stream()
                                .map(partition -> refusePartition(partition, error))
                                .toList())
                        .build())
                .toList();
        return Answers.committed(topics);
    }

    private static OffsetCommitResponsePartition refusePartition(
            OffsetCommitResponsePartition partition, ErrorCode error) {
        return OffsetCommitResponsePartition.builder()
                .partitionIndex(partition.partitionIndex())
                .errorCode(partition.errorCode() == ErrorCode.NONE.code() ? error.code() : partition.errorCode())
                .build();
    }
}
