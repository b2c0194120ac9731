package io.milena.groups;

import io.milena.groups.GroupState.CompletingRebalance;
import io.milena.groups.GroupState.Empty;
import io.milena.groups.GroupState.PreparingRebalance;
import io.milena.groups.GroupState.Stable;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.SyncGroupRequest;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** SyncGroup 0-5. v3 static members; v5 protocol type and name, which must be there and must be the group's. */
final class SyncGroupHandler {
    private static final int PROTOCOL_NAMED_VERSION = 5;

    private SyncGroupHandler() {}

    static void handle(Command.SyncGroup command, Groups groups, Turn turn) {
        SyncGroupRequest request = command.request();
        RequestContext context = command.context();
        ClassicGroup group = groups.group(request.groupId());
        Member member = group == null ? null : group.member(request.memberId());
        ErrorCode error = check(context, request, group);
        if (error != ErrorCode.NONE || group == null || member == null) {
            turn.reply(context, Answers.syncRefused(error));
            return;
        }
        Rebalance rebalance = new Rebalance(group, turn);
        switch (group.state()) {
            case Empty ignored -> turn.reply(context, Answers.syncRefused(ErrorCode.UNKNOWN_MEMBER_ID));
            case PreparingRebalance ignored ->
                turn.reply(context, Answers.syncRefused(ErrorCode.REBALANCE_IN_PROGRESS));
            case CompletingRebalance completing -> {
                rebalance.answerWaiting(member, ErrorCode.REBALANCE_IN_PROGRESS);
                completing.syncs().put(member.id(), context);
                rebalance.noteSync(completing.round(), member);
                if (group.isLeader(member)) {
                    rebalance.assign(completing, assignments(request));
                }
            }
            case Stable stable -> {
                rebalance.noteSync(stable.round(), member);
                rebalance.extendSession(member);
                turn.reply(context, Answers.synced(group, member));
            }
        }
    }

    private static ErrorCode check(RequestContext context, SyncGroupRequest request, @Nullable ClassicGroup group) {
        if (context.apiVersion() >= PROTOCOL_NAMED_VERSION
                && (request.protocolType() == null || request.protocolName() == null)) {
            return ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
        }
        if (request.groupId().isEmpty()) {
            return ErrorCode.INVALID_GROUP_ID;
        }
        if (group == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        ErrorCode error =
                Membership.check(group, request.memberId(), request.groupInstanceId(), request.generationId());
        if (error != ErrorCode.NONE) {
            return error;
        }
        return differs(request.protocolType(), group.protocolType())
                        || differs(request.protocolName(), group.protocolName())
                ? ErrorCode.INCONSISTENT_GROUP_PROTOCOL
                : ErrorCode.NONE;
    }

    private static boolean differs(@Nullable String asked, @Nullable String actual) {
        return asked != null && actual != null && !asked.equals(actual);
    }

    /** Member id to assignment; looked up only. */
    private static Map<String, byte[]> assignments(SyncGroupRequest request) {
        Map<String, byte[]> assignments = new HashMap<>();
        request.assignments().forEach(each -> assignments.put(each.memberId(), Bytes.copy(each.assignment())));
        return assignments;
    }
}
