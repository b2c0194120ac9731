package io.milena.groups;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.LeaveGroupRequest;
import io.milena.protocol.message.LeaveGroupRequest.MemberIdentity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * LeaveGroup 0-5. Until v2 one member leaves and its error is the answer's; since v3 several may, each with an error of its own, static
 * ones also by instance id alone (an operator does that); v5 reason (for people only).
 */
final class LeaveGroupHandler {
    private static final int BATCH_VERSION = 3;

    private LeaveGroupHandler() {}

    static void handle(Command.LeaveGroup command, Groups groups, Turn turn) {
        LeaveGroupRequest request = command.request();
        RequestContext context = command.context();
        boolean isBatch = context.apiVersion() >= BATCH_VERSION;
        if (request.groupId().isEmpty()) {
            turn.reply(context, Answers.leaveRefused(ErrorCode.INVALID_GROUP_ID));
            return;
        }
        List<MemberIdentity> leaving = isBatch
                ? request.members()
                : List.of(MemberIdentity.builder().memberId(request.memberId()).build());
        List<ErrorCode> errors = leave(leaving, groups.group(request.groupId()), turn);
        turn.reply(context, isBatch ? Answers.left(leaving, errors) : Answers.leaveRefused(errors.getFirst()));
    }

    /** The error of each, in order. */
    private static List<ErrorCode> leave(List<MemberIdentity> leaving, @Nullable ClassicGroup group, Turn turn) {
        if (group == null) {
            return Collections.nCopies(leaving.size(), ErrorCode.UNKNOWN_MEMBER_ID);
        }
        Rebalance rebalance = new Rebalance(group, turn);
        List<String> whoAndWhy = new ArrayList<>();
        List<ErrorCode> errors = new ArrayList<>();
        for (MemberIdentity each : leaving) {
            int membersBefore = group.members().size();
            errors.add(leave(each, group, rebalance, turn));
            if (group.members().size() < membersBefore) {
                whoAndWhy.add(whoAndWhy(each));
            }
        }
        if (!whoAndWhy.isEmpty()) {
            rebalance.begin(String.join(", ", whoAndWhy));
        } else {
            rebalance.completeJoinsIfAllAreHere();
        }
        return errors;
    }

    private static String whoAndWhy(MemberIdentity leaving) {
        String who = leaving.memberId().isEmpty() ? leaving.groupInstanceId() : leaving.memberId();
        return "member " + who + " leaves" + Reasons.of(leaving.reason());
    }

    private static ErrorCode leave(MemberIdentity leaving, ClassicGroup group, Rebalance rebalance, Turn turn) {
        String instanceId = leaving.groupInstanceId();
        String memberId = leaving.memberId();
        if (memberId.isEmpty() && instanceId != null) {
            memberId = Objects.requireNonNullElse(group.staticMemberId(instanceId), "");
        }
        if (group.pendingMembers().remove(memberId) != null) {
            turn.cancelTimer(new TimerKey.Session(group.id(), memberId));
            return ErrorCode.NONE;
        }
        ErrorCode error = Membership.check(group, memberId, instanceId);
        Member member = group.member(memberId);
        if (error == ErrorCode.NONE && member != null) {
            rebalance.remove(member);
            turn.happened(group, GroupEvent.Kind.MEMBER_LEFT, member, Reasons.plain(leaving.reason()));
        }
        return error;
    }
}
