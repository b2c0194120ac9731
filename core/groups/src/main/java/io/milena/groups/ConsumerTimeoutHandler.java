package io.milena.groups;

import io.milena.groups.ConsumerMember.Progress;

/** A timer of a member of a consumer group has fired: it was not heard of, or it keeps partitions that it is to give up. */
final class ConsumerTimeoutHandler {
    private ConsumerTimeoutHandler() {}

    static void fired(TimerKey.Session key, Groups groups, Turn turn) {
        ConsumerGroup group = groups.consumerGroup(key.groupId());
        if (group == null) {
            return;
        }
        ConsumerMember member = group.member(key.memberId());
        if (member == null) {
            // Its joining could not be written down, and is tried again: that begins another session.
            group.sessions().remove(key.memberId());
        } else if (group.sessions().of(member.id()).isOver(key, turn)) {
            ConsumerRebalance rebalance = new ConsumerRebalance(group, groups.topics(), turn);
            rebalance.dismiss(
                    member,
                    GroupEvent.Kind.MEMBER_TIMED_OUT,
                    "it has not been heard of for " + rebalance.settings().sessionTimeoutMs() + " ms");
        }
    }

    static void fired(TimerKey.Revocation key, Groups groups, Turn turn) {
        ConsumerGroup group = groups.consumerGroup(key.groupId());
        ConsumerMember member = group == null ? null : group.member(key.memberId());
        Long deadlineMs = group == null ? null : group.sessions().revocationDeadlineMs(key.memberId());
        if (group == null
                || member == null
                || deadlineMs == null
                || member.holding().progress() != Progress.UNREVOKED) {
            return;
        }
        if (deadlineMs > turn.nowMs()) {
            turn.setTimer(key, deadlineMs);
        } else {
            new ConsumerRebalance(group, groups.topics(), turn)
                    .dismiss(
                            member,
                            GroupEvent.Kind.MEMBER_LATE,
                            "it did not give up partitions within "
                                    + member.terms().rebalanceTimeoutMs() + " ms");
        }
    }
}
