package io.milena.groups;

import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupHeartbeatResponse;
import io.milena.protocol.message.DeleteGroupsResponse;
import io.milena.protocol.message.HeartbeatResponse;
import io.milena.protocol.message.JoinGroupResponse;
import io.milena.protocol.message.LeaveGroupResponse;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.protocol.message.OffsetCommitResponse.OffsetCommitResponsePartition;
import io.milena.protocol.message.OffsetCommitResponse.OffsetCommitResponseTopic;
import io.milena.protocol.message.OffsetDeleteResponse;
import io.milena.protocol.message.SyncGroupResponse;
import io.milena.protocol.message.TxnOffsetCommitRequest;
import io.milena.protocol.message.TxnOffsetCommitResponse;
import io.milena.protocol.message.TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition;
import io.milena.protocol.message.TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic;
import java.util.List;

/**
 * Errors in the shape of the request they answer, for a host that cannot ask a shard (NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS,
 * GROUP_AUTHORIZATION_FAILED), or may not deliver what the shard said.
 */
public final class Refusals {
    private Refusals() {}

    /**
     * The answer to a command that no shard was asked about.
     *
     * @throws IllegalArgumentException if the command is none that is answered
     */
    public static ApiMessage of(Command command, ErrorCode error) {
        return switch (command) {
            case Command.JoinGroup join ->
                Answers.joinRefused(join.context(), join.request().memberId(), error);
            case Command.SyncGroup ignored -> Answers.syncRefused(error);
            // A heartbeat during loading tells nothing new to anybody: the session begins anew when loading ends.
            case Command.Heartbeat ignored ->
                Answers.heartbeat(error == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS ? ErrorCode.NONE : error);
            case Command.ConsumerHeartbeat ignored -> ConsumerAnswers.refused(error);
            case Command.LeaveGroup ignored -> Answers.leaveRefused(error);
            case Command.CommitOffsets commit -> refuseCommit(commit.request(), error);
            case Command.CommitTransactionalOffsets commit -> refuseCommit(commit.request(), error);
            case Command.DeleteOffsets ignored -> Answers.deleteOffsetsRefused(error);
            case Command.DeleteGroup delete -> Answers.deleted(delete.groupId(), error);
            case Command.ForgetTopics ignored -> throw new IllegalArgumentException("nobody waits for an answer");
            case Command.RestoreOffsets ignored -> throw new IllegalArgumentException("nobody waits for an answer");
            case Command.TimerFired ignored -> throw new IllegalArgumentException("nobody waits for an answer");
        };
    }

    private static OffsetCommitResponse refuseCommit(OffsetCommitRequest request, ErrorCode error) {
        return Answers.committed(request.topics().stream()
                .map(topic -> OffsetCommitResponseTopic.builder()
                        .name(topic.name())
                        .topicId(topic.topicId())
                        .partitions(topic.partitions().stream()
                                .map(each -> new OffsetCommitResponsePartition(each.partitionIndex(), error.code()))
                                .toList())
                        .build())
                .toList());
    }

    /** Also for a host that has found the partition not to be part of the transaction. */
    public static TxnOffsetCommitResponse refuseCommit(TxnOffsetCommitRequest request, ErrorCode error) {
        return TxnOffsetCommitResponse.builder()
                .topics(request.topics().stream()
                        .map(topic -> new TxnOffsetCommitResponseTopic(
                                topic.name(),
                                topic.topicId(),
                                topic.partitions().stream()
                                        .map(each -> new TxnOffsetCommitResponsePartition(
                                                each.partitionIndex(), error.code()))
                                        .toList()))
                        .toList())
                .build();
    }

    private static TxnOffsetCommitResponse refuseCommit(TxnOffsetCommitResponse commit, ErrorCode error) {
        return TxnOffsetCommitResponse.builder()
                .topics(commit.topics().stream()
                        .map(topic -> new TxnOffsetCommitResponseTopic(
                                topic.name(),
                                topic.topicId(),
                                topic.partitions().stream()
                                        .map(each -> each.errorCode() == ErrorCode.NONE.code()
                                                ? new TxnOffsetCommitResponsePartition(
                                                        each.partitionIndex(), error.code())
                                                : each)
                                        .toList()))
                        .toList())
                .build();
    }

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

    /**
     * A response of a shard that may not be delivered, because what it rests on did not become durable: the same with this error wherever it
     * said that all is well.
     *
     * @throws IllegalStateException if the response is not one of a shard's
     */
    public static ApiMessage instead(ApiMessage response, ErrorCode error) {
        return switch (response) {
            case JoinGroupResponse join -> refuseJoin(join, error);
            case SyncGroupResponse sync ->
                sync.errorCode() == ErrorCode.NONE.code() ? Answers.syncRefused(error) : sync;
            case ConsumerGroupHeartbeatResponse heartbeat ->
                heartbeat.errorCode() == ErrorCode.NONE.code() ? ConsumerAnswers.refused(error) : heartbeat;
            case LeaveGroupResponse leave -> refuseLeave(leave, error);
            case OffsetCommitResponse commit -> refuseCommit(commit, error);
            case TxnOffsetCommitResponse commit -> refuseCommit(commit, error);
            case OffsetDeleteResponse delete -> Answers.deleteOffsetsRefused(error);
            case DeleteGroupsResponse delete ->
                Answers.deleted(delete.results().getFirst().groupId(), error);
            case HeartbeatResponse heartbeat -> Answers.heartbeat(error);
            default -> throw new IllegalStateException("not a response of a shard: " + response);
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
