package io.milena.groups;

import io.milena.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Whether a request comes from a member, and from the one it claims to be. */
final class Membership {
    private Membership() {}

    static ErrorCode check(ClassicGroup group, String memberId, @Nullable String instanceId) {
        if (instanceId != null) {
            String knownId = group.staticMemberId(instanceId);
            if (knownId == null) {
                return ErrorCode.UNKNOWN_MEMBER_ID;
            }
            if (!knownId.equals(memberId)) {
                return ErrorCode.FENCED_INSTANCE_ID;
            }
        }
        return group.member(memberId) == null ? ErrorCode.UNKNOWN_MEMBER_ID : ErrorCode.NONE;
    }

    static ErrorCode check(ClassicGroup group, String memberId, @Nullable String instanceId, int generation) {
        ErrorCode error = check(group, memberId, instanceId);
        if (error != ErrorCode.NONE) {
            return error;
        }
        return generation == group.generation() ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
    }
}
