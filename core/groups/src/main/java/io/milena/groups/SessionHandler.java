package io.milena.groups;

import io.milena.groups.GroupState.CompletingRebalance;
import io.milena.groups.GroupState.PreparingRebalance;

/** The timer of a session has fired: of a member, or of a member id that was promised. */
final class SessionHandler {
    private SessionHandler() {}

    static void fired(TimerKey.Session key, Groups groups, Turn turn) {
        ClassicGroup group = groups.group(key.groupId());
        if (group == null) {
            ConsumerTimeoutHandler.fired(key, groups, turn);
            return;
        }
        Session promised = group.pendingMembers().get(key.memberId());
        Member member = group.member(key.memberId());
        Rebalance rebalance = new Rebalance(group, turn);
        if (promised != null && promised.isOver(key, turn)) {
            group.pendingMembers().remove(key.memberId());
            rebalance.completeJoinsIfAllAreHere();
            groups.dropIfUnused(group);
        } else if (member != null && member.session().isOver(key, turn) && !isWaitingForUs(group, member)) {
            rebalance.remove(member);
            turn.happened(
                    group,
                    GroupEvent.Kind.MEMBER_TIMED_OUT,
                    member,
                    "it has not been heard of for " + member.sessionTimeoutMs() + " ms");
            rebalance.begin(
                    "member " + member.id() + " has not been heard of for " + member.sessionTimeoutMs() + " ms");
        }
    }

    /** A member whose request waits here need not send heartbeats: its session is extended when it gets its answer. */
    private static boolean isWaitingForUs(ClassicGroup group, Member member) {
        if (group.state() instanceof PreparingRebalance preparing) {
            return !member.isNew() && preparing.joins().containsKey(member.id());
        }
        return group.state() instanceof CompletingRebalance completing
                && completing.syncs().containsKey(member.id());
    }
}
