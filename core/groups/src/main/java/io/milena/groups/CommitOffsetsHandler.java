package io.milena.groups;

import io.milena.groups.GroupState.CompletingRebalance;
import io.milena.groups.GroupState.Empty;
import io.milena.groups.GroupState.PreparingRebalance;
import io.milena.groups.GroupState.Stable;
import io.milena.groups.assignment.PartitionId;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.milena.protocol.message.OffsetCommitResponse.OffsetCommitResponsePartition;
import io.milena.protocol.message.OffsetCommitResponse.OffsetCommitResponseTopic;
import io.milena.protocol.record.OffsetCommitValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * OffsetCommit 2-10. Until v4 the client may say how long the offsets are kept; v6 leader epoch; v7 static members; v9 a group that does
 * not exist has an error of its own (KIP-848); v10 topic ids instead of names.
 */
final class CommitOffsetsHandler {
    private static final int GROUP_NOT_FOUND_VERSION = 9;
    private static final long NEVER = -1;

    private CommitOffsetsHandler() {}

    static void handle(Command.CommitOffsets command, Groups groups, Turn turn) {
        OffsetCommitRequest request = command.request();
        RequestContext context = command.context();
        ClassicGroup group = groups.group(request.groupId());
        ConsumerGroup consumers = groups.consumerGroup(request.groupId());
        ErrorCode refusal;
        if (consumers != null) {
            refusal = OffsetOwnership.ofCommit(consumers, claim(request), context.apiVersion());
        } else {
            refusal = group == null ? refusalWithoutGroup(context, request) : refusal(request, group);
        }
        List<OffsetCommitResponseTopic> answers = new ArrayList<>();
        for (OffsetCommitRequestTopic topic : request.topics()) {
            answers.add(commit(request, topic, refusal, turn));
        }
        if (refusal == ErrorCode.NONE && group != null) {
            extendSession(request, group, turn);
        }
        turn.reply(context, Answers.committed(answers));
    }

    /** Whoever claims no generation may commit without a group: the offsets make one. */
    private static ErrorCode refusalWithoutGroup(RequestContext context, OffsetCommitRequest request) {
        if (request.generationIdOrMemberEpoch() < 0) {
            return ErrorCode.NONE;
        }
        return context.apiVersion() >= GROUP_NOT_FOUND_VERSION
                ? ErrorCode.GROUP_ID_NOT_FOUND
                : ErrorCode.ILLEGAL_GENERATION;
    }

    private static OffsetOwnership.Claim claim(OffsetCommitRequest request) {
        Set<PartitionId> partitions = new TreeSet<>();
        for (OffsetCommitRequestTopic topic : request.topics()) {
            topic.partitions().forEach(each -> partitions.add(new PartitionId(topic.topicId(), each.partitionIndex())));
        }
        return new OffsetOwnership.Claim(
                request.memberId(), request.groupInstanceId(), request.generationIdOrMemberEpoch(), partitions);
    }

    private static ErrorCode refusal(OffsetCommitRequest request, ClassicGroup group) {
        int generation = request.generationIdOrMemberEpoch();
        boolean isEmpty = group.state() instanceof Empty;
        if (generation < 0 && isEmpty) {
            return ErrorCode.NONE;
        }
        boolean isAnonymous = generation < 0 && request.memberId().isEmpty() && request.groupInstanceId() == null;
        if (isAnonymous) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        ErrorCode error = Membership.check(group, request.memberId(), request.groupInstanceId(), generation);
        if (error == ErrorCode.NONE && group.state() instanceof CompletingRebalance) {
            // The member is right, but its generation has no assignment yet under which it could have read anything.
            return ErrorCode.REBALANCE_IN_PROGRESS;
        }
        return error;
    }

    private static OffsetCommitResponseTopic commit(
            OffsetCommitRequest request, OffsetCommitRequestTopic topic, ErrorCode refusal, Turn turn) {
        List<OffsetCommitResponsePartition> answers = new ArrayList<>();
        for (OffsetCommitRequestPartition partition : topic.partitions()) {
            ErrorCode error = refusal == ErrorCode.NONE ? check(partition, turn.settings()) : refusal;
            if (error == ErrorCode.NONE) {
                turn.append(RecordCodec.offsetRecord(
                        request.groupId(),
                        topic.name(),
                        partition.partitionIndex(),
                        value(request, topic, partition, turn.nowMs())));
            }
            answers.add(OffsetCommitResponsePartition.builder()
                    .partitionIndex(partition.partitionIndex())
                    .errorCode(error.code())
                    .build());
        }
        return OffsetCommitResponseTopic.builder()
                .name(topic.name())
                .topicId(topic.topicId())
                .partitions(answers)
                .build();
    }

    private static ErrorCode check(OffsetCommitRequestPartition partition, GroupSettings settings) {
        String metadata = partition.committedMetadata();
        return metadata != null && metadata.length() > settings.offsetMetadataMax()
                ? ErrorCode.OFFSET_METADATA_TOO_LARGE
                : ErrorCode.NONE;
    }

    private static OffsetCommitValue value(
            OffsetCommitRequest request,
            OffsetCommitRequestTopic topic,
            OffsetCommitRequestPartition partition,
            long nowMs) {
        return OffsetCommitValue.builder()
                .offset(partition.committedOffset())
                .leaderEpoch(partition.committedLeaderEpoch())
                .metadata(Objects.requireNonNullElse(partition.committedMetadata(), ""))
                .commitTimestamp(nowMs)
                .expireTimestamp(request.retentionTimeMs() < 0 ? NEVER : nowMs + request.retentionTimeMs())
                .topicId(topic.topicId())
                .build();
    }

    private static void extendSession(OffsetCommitRequest request, ClassicGroup group, Turn turn) {
        Member member = group.member(request.memberId());
        boolean isAlive = group.state() instanceof Stable || group.state() instanceof PreparingRebalance;
        if (member != null && isAlive) {
            new Rebalance(group, turn).extendSession(member);
        }
    }
}
