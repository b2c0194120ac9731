package io.milena.groups;

import io.milena.groups.GroupState.CompletingRebalance;
import io.milena.groups.GroupState.Empty;
import io.milena.groups.GroupState.PreparingRebalance;
import io.milena.groups.GroupState.Stable;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.HeartbeatRequest;

/** Heartbeat 0-4. v3 static members. */
final class HeartbeatHandler {
    private HeartbeatHandler() {}

    static void handle(Command.Heartbeat command, Groups groups, Turn turn) {
        turn.reply(command.context(), Answers.heartbeat(beat(command.request(), groups, turn)));
    }

    private static ErrorCode beat(HeartbeatRequest request, Groups groups, Turn turn) {
        if (request.groupId().isEmpty()) {
            return ErrorCode.INVALID_GROUP_ID;
        }
        ClassicGroup group = groups.group(request.groupId());
        if (group == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        ErrorCode error =
                Membership.check(group, request.memberId(), request.groupInstanceId(), request.generationId());
        Member member = group.member(request.memberId());
        if (error != ErrorCode.NONE || member == null) {
            return error;
        }
        new Rebalance(group, turn).extendSession(member);
        return switch (group.state()) {
            case Empty ignored -> ErrorCode.UNKNOWN_MEMBER_ID;
            case PreparingRebalance ignored -> ErrorCode.REBALANCE_IN_PROGRESS;
            case CompletingRebalance ignored -> ErrorCode.NONE;
            case Stable ignored -> ErrorCode.NONE;
        };
    }
}
