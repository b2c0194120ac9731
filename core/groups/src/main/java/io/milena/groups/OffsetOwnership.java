package io.milena.groups;

import io.milena.groups.assignment.PartitionId;
import io.milena.protocol.ErrorCode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may commit and read offsets of a consumer group: a member in its epoch. One that has not heard of its newest epoch yet may still commit for partitions that it had before and has not lost since
 * (KIP-1251). While nobody is in the group, anybody may who claims no epoch.
 */
final class OffsetOwnership {
    private static final int MEMBER_EPOCH_VERSION = 9;

    private OffsetOwnership() {}

    /**
     * What a commit claims.
     *
     * @param partitions of all topics whose ids are known
     */
    record Claim(String memberId, @Nullable String instanceId, int epoch, Set<PartitionId> partitions) {}

    static ErrorCode ofCommit(ConsumerGroup group, Claim claim, short apiVersion) {
        if (claim.epoch() < 0 && group.isEmpty()) {
            return ErrorCode.NONE;
        }
        if (group.member(claim.memberId()) != null && apiVersion < MEMBER_EPOCH_VERSION) {
            return ErrorCode.UNSUPPORTED_VERSION;
        }
        return ofMember(group, claim);
    }

    /** Old clients cannot name a member in a transaction. */
    static ErrorCode ofTransactionalCommit(ConsumerGroup group, Claim claim) {
        boolean isAnonymous = claim.epoch() == -1 && claim.memberId().isEmpty() && claim.instanceId() == null;
        return isAnonymous || (claim.epoch() < 0 && group.isEmpty()) ? ErrorCode.NONE : ofMember(group, claim);
    }

    private static ErrorCode ofMember(ConsumerGroup group, Claim claim) {
        ConsumerMember member = group.member(claim.memberId());
        if (member == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        if (claim.epoch() == member.epoch()) {
            return ErrorCode.NONE;
        }
        boolean hasAll = claim.epoch() < member.epoch()
                && claim.partitions().stream().allMatch(partition -> hasSince(member, partition, claim.epoch()));
        return hasAll ? ErrorCode.NONE : ErrorCode.STALE_MEMBER_EPOCH;
    }

    private static boolean hasSince(ConsumerMember member, PartitionId partition, int epoch) {
        Integer since = member.holding().assigned().get(partition);
        Integer still = since == null ? member.holding().revoking().get(partition) : since;
        return still != null && still <= epoch;
    }

    /** @param memberId null where the client names none */
    static ErrorCode ofFetch(ConsumerGroup group, @Nullable String memberId, int epoch) {
        if (memberId == null && epoch < 0) {
            return ErrorCode.NONE;
        }
        ConsumerMember member = memberId == null ? null : group.member(memberId);
        if (member == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        return member.epoch() == epoch ? ErrorCode.NONE : ErrorCode.STALE_MEMBER_EPOCH;
    }
}
