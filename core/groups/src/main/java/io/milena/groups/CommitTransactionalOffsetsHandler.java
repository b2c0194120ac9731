package io.milena.groups;

import io.milena.groups.GroupState.Empty;
import io.milena.groups.assignment.PartitionId;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.TxnOffsetCommitRequest;
import io.milena.protocol.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.milena.protocol.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.milena.protocol.message.TxnOffsetCommitResponse;
import io.milena.protocol.message.TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition;
import io.milena.protocol.message.TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic;
import io.milena.protocol.record.OffsetCommitValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * TxnOffsetCommit 0-6: offsets that are committed with a transaction. v2 leader epoch; v3 member and generation, which are checked if they are named (KIP-447); v6 topic ids instead of names, and a
 * group that does not exist and a member epoch that is over have errors of their own (KIP-1319). That the group's partition is part of the transaction is the host's matter.
 */
final class CommitTransactionalOffsetsHandler {
    private static final int GROUP_NOT_FOUND_VERSION = 6;
    private static final long NEVER = -1;

    private CommitTransactionalOffsetsHandler() {}

    static void handle(Command.CommitTransactionalOffsets command, Groups groups, Turn turn) {
        TxnOffsetCommitRequest request = command.request();
        ClassicGroup group = groups.group(request.groupId());
        ConsumerGroup consumers = groups.consumerGroup(request.groupId());
        ErrorCode refusal;
        if (consumers != null) {
            refusal = known(OffsetOwnership.ofTransactionalCommit(consumers, claim(request)), command.context());
        } else {
            refusal = group == null ? refusalWithoutGroup(command.context(), request) : refusal(request, group);
        }
        turn.inTransactionOf(new Producer(request.producerId(), request.producerEpoch()));
        List<TxnOffsetCommitResponseTopic> answers = new ArrayList<>();
        for (TxnOffsetCommitRequestTopic topic : request.topics()) {
            answers.add(commit(request.groupId(), topic, refusal, turn));
        }
        turn.reply(
                command.context(),
                TxnOffsetCommitResponse.builder().topics(answers).build());
    }

    private static ErrorCode refusalWithoutGroup(RequestContext context, TxnOffsetCommitRequest request) {
        if (request.generationIdOrMemberEpoch() < 0) {
            return ErrorCode.NONE;
        }
        return context.apiVersion() >= GROUP_NOT_FOUND_VERSION
                ? ErrorCode.GROUP_ID_NOT_FOUND
                : ErrorCode.ILLEGAL_GENERATION;
    }

    /** Clients of earlier versions do not know the error of an epoch that is over. */
    private static ErrorCode known(ErrorCode refusal, RequestContext context) {
        return refusal == ErrorCode.STALE_MEMBER_EPOCH && context.apiVersion() < GROUP_NOT_FOUND_VERSION
                ? ErrorCode.ILLEGAL_GENERATION
                : refusal;
    }

    private static OffsetOwnership.Claim claim(TxnOffsetCommitRequest request) {
        Set<PartitionId> partitions = new TreeSet<>();
        for (TxnOffsetCommitRequestTopic topic : request.topics()) {
            topic.partitions().forEach(each -> partitions.add(new PartitionId(topic.topicId(), each.partitionIndex())));
        }
        return new OffsetOwnership.Claim(
                request.memberId(), request.groupInstanceId(), request.generationIdOrMemberEpoch(), partitions);
    }

    /** Whoever names neither a member nor a generation is let in, because old clients cannot. */
    private static ErrorCode refusal(TxnOffsetCommitRequest request, ClassicGroup group) {
        int generation = request.generationIdOrMemberEpoch();
        if (generation < 0 && group.state() instanceof Empty) {
            return ErrorCode.NONE;
        }
        boolean isAnonymous = generation < 0 && request.memberId().isEmpty() && request.groupInstanceId() == null;
        return isAnonymous
                ? ErrorCode.NONE
                : Membership.check(group, request.memberId(), request.groupInstanceId(), generation);
    }

    private static TxnOffsetCommitResponseTopic commit(
            String groupId, TxnOffsetCommitRequestTopic topic, ErrorCode refusal, Turn turn) {
        List<TxnOffsetCommitResponsePartition> answers = new ArrayList<>();
        for (TxnOffsetCommitRequestPartition partition : topic.partitions()) {
            ErrorCode error =
                    refusal == ErrorCode.NONE ? check(partition.committedMetadata(), turn.settings()) : refusal;
            if (error == ErrorCode.NONE) {
                turn.append(RecordCodec.offsetRecord(
                        groupId, topic.name(), partition.partitionIndex(), value(topic, partition, turn.nowMs())));
            }
            answers.add(new TxnOffsetCommitResponsePartition(partition.partitionIndex(), error.code()));
        }
        return new TxnOffsetCommitResponseTopic(topic.name(), topic.topicId(), answers);
    }

    private static ErrorCode check(@Nullable String metadata, GroupSettings settings) {
        return metadata != null && metadata.length() > settings.offsetMetadataMax()
                ? ErrorCode.OFFSET_METADATA_TOO_LARGE
                : ErrorCode.NONE;
    }

    private static OffsetCommitValue value(
            TxnOffsetCommitRequestTopic topic, TxnOffsetCommitRequestPartition partition, long nowMs) {
        return OffsetCommitValue.builder()
                .offset(partition.committedOffset())
                .leaderEpoch(partition.committedLeaderEpoch())
                .metadata(Objects.requireNonNullElse(partition.committedMetadata(), ""))
                .commitTimestamp(nowMs)
                .expireTimestamp(NEVER)
                .topicId(topic.topicId())
                .build();
    }
}
