package io.milena.groups;

import io.milena.groups.GroupState.CompletingRebalance;
import io.milena.groups.GroupState.Empty;
import io.milena.groups.GroupState.InitialDelay;
import io.milena.groups.GroupState.PreparingRebalance;
import io.milena.groups.GroupState.Stable;
import io.milena.groups.GroupState.SyncRound;
import io.milena.protocol.ErrorCode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Moves one group through its rounds, within one turn: gather joins, fix the generation, hand out the assignment. */
final class Rebalance {
    private final ClassicGroup group;
    private final Turn turn;

    Rebalance(ClassicGroup group, Turn turn) {
        this.group = group;
        this.turn = turn;
    }

    /**
     * The membership has changed: a round begins, or the one that runs may now be complete.
     *
     * @param why for people
     */
    void begin(String why) {
        prepare(why);
        completeJoinsIfAllAreHere();
    }

    /** The round that gathers joins, begun when none was running. */
    PreparingRebalance prepare(String why) {
        if (group.state() instanceof PreparingRebalance preparing) {
            return preparing;
        }
        turn.note(group, "rebalance after generation " + group.generation() + ": " + why);
        turn.happened(group, GroupEvent.Kind.REBALANCE, why);
        return switch (group.state()) {
            case PreparingRebalance preparing -> preparing;
            case Empty ignored -> prepareWithInitialDelay();
            case CompletingRebalance completing -> {
                answerSyncs(completing, ErrorCode.REBALANCE_IN_PROGRESS);
                group.members().forEach(member -> member.assign(null));
                yield prepareAgain();
            }
            case Stable ignored -> prepareAgain();
        };
    }

    private PreparingRebalance prepareWithInitialDelay() {
        int delayMs = turn.settings().initialRebalanceDelayMs();
        InitialDelay delay = new InitialDelay(Math.max(group.rebalanceTimeoutMs() - delayMs, 0), false);
        return enterPreparing(turn.nowMs() + delayMs, delay);
    }

    private PreparingRebalance prepareAgain() {
        turn.cancelTimer(new TimerKey.SyncRound(group.id()));
        return enterPreparing(turn.nowMs() + group.rebalanceTimeoutMs(), null);
    }

    private PreparingRebalance enterPreparing(long deadlineMs, @Nullable InitialDelay delay) {
        PreparingRebalance preparing = new PreparingRebalance(deadlineMs, delay);
        group.enter(preparing, turn.nowMs());
        turn.setTimer(new TimerKey.JoinRound(group.id()), deadlineMs);
        return preparing;
    }

    /** Ends the gathering when nobody is missing. A group that was empty waits for the end of its delay all the same. */
    void completeJoinsIfAllAreHere() {
        if (!(group.state() instanceof PreparingRebalance preparing)) {
            return;
        }
        boolean allAreHere = preparing.joins().size() == group.members().size()
                && group.pendingMembers().isEmpty();
        if (preparing.initialDelay() == null ? allAreHere : preparing.deadlineMs() <= turn.nowMs()) {
            completeJoins(preparing);
        }
    }

    /** The timer of the gathering has fired. */
    void joinTimerFired() {
        if (!(group.state() instanceof PreparingRebalance preparing)) {
            return;
        }
        InitialDelay delay = preparing.initialDelay();
        if (preparing.deadlineMs() > turn.nowMs()) {
            turn.setTimer(new TimerKey.JoinRound(group.id()), preparing.deadlineMs());
        } else if (delay != null && delay.hasNewMember() && delay.remainingMs() > 0) {
            int extensionMs = Math.min(turn.settings().initialRebalanceDelayMs(), delay.remainingMs());
            moveDeadline(preparing, extensionMs, new InitialDelay(delay.remainingMs() - extensionMs, false));
        } else {
            completeJoins(preparing);
        }
    }

    private void moveDeadline(PreparingRebalance preparing, int byMs, @Nullable InitialDelay delay) {
        preparing.moveDeadline(turn.nowMs() + byMs, delay);
        turn.setTimer(new TimerKey.JoinRound(group.id()), preparing.deadlineMs());
    }

    private void completeJoins(PreparingRebalance preparing) {
        List<Member> lateDynamicMembers = group.members().stream()
                .filter(member -> !member.isStatic() && !preparing.joins().containsKey(member.id()))
                .toList();
        for (Member late : lateDynamicMembers) {
            turn.note(group, "member " + late.id() + " did not join again in time");
            remove(late);
            turn.happened(group, GroupEvent.Kind.MEMBER_LATE, late, "it did not join again in time");
        }
        if (!group.members().isEmpty() && !group.electLeader(preparing)) {
            // Only static members are left and none has come back: their sessions decide who goes.
            moveDeadline(preparing, group.rebalanceTimeoutMs(), null);
            return;
        }
        turn.cancelTimer(new TimerKey.JoinRound(group.id()));
        group.beginGeneration();
        if (group.members().isEmpty()) {
            group.enter(new Empty(), turn.nowMs());
            turn.append(RecordCodec.groupRecord(group));
            turn.note(group, "generation " + group.generation() + ": empty");
            turn.happened(group, GroupEvent.Kind.EMPTY, "");
        } else {
            awaitSyncs(preparing);
        }
    }

    private void awaitSyncs(PreparingRebalance preparing) {
        Set<String> memberIds = new LinkedHashSet<>();
        group.members().forEach(member -> memberIds.add(member.id()));
        SyncRound round = new SyncRound(memberIds, turn.nowMs() + group.rebalanceTimeoutMs());
        group.enter(new CompletingRebalance(round), turn.nowMs());
        turn.setTimer(new TimerKey.SyncRound(group.id()), round.deadlineMs());
        turn.note(
                group,
                "generation " + group.generation() + ": members " + memberIds.size() + ", protocol "
                        + group.protocolName() + ", leader " + group.leaderId());
        turn.happened(
                group, GroupEvent.Kind.GENERATION, "protocol " + group.protocolName() + ", leader " + group.leaderId());
        for (Member member : group.members()) {
            RequestContext join = preparing.joins().get(member.id());
            if (join != null) {
                turn.reply(join, Answers.joined(group, member, join));
            }
            member.setNew(false);
            extendSession(member);
        }
    }

    /** The leader has decided: what it gave to each member is recorded and told to those who wait. */
    void assign(CompletingRebalance completing, Map<String, byte[]> assignments) {
        group.members().forEach(member -> member.assign(assignments.get(member.id())));
        group.enter(new Stable(completing.round()), group.stateSinceMs());
        turn.append(RecordCodec.groupRecord(group));
        group.enter(group.state(), turn.nowMs());
        turn.happened(group, GroupEvent.Kind.ASSIGNED, "");
        for (Member member : group.members()) {
            RequestContext sync = completing.syncs().get(member.id());
            if (sync != null) {
                turn.reply(sync, Answers.synced(group, member));
                extendSession(member);
            }
        }
    }

    /** A member has asked for its assignment. */
    void noteSync(SyncRound round, Member member) {
        round.remove(member.id());
        if (round.isComplete()) {
            turn.cancelTimer(new TimerKey.SyncRound(group.id()));
        }
    }

    /** The timer of the sync round has fired: members that never asked for their assignment are gone. */
    void syncTimerFired() {
        SyncRound round = switch (group.state()) {
            case CompletingRebalance completing -> completing.round();
            case Stable stable -> stable.round();
            case PreparingRebalance ignored -> SyncRound.complete();
            case Empty ignored -> SyncRound.complete();
        };
        if (round.isComplete()) {
            return;
        }
        if (round.deadlineMs() > turn.nowMs()) {
            turn.setTimer(new TimerKey.SyncRound(group.id()), round.deadlineMs());
            return;
        }
        List<Member> missing = group.members().stream()
                .filter(member -> round.missing().contains(member.id()))
                .toList();
        for (Member silent : missing) {
            remove(silent);
            turn.happened(group, GroupEvent.Kind.MEMBER_SILENT, silent, "it never asked for its assignment");
        }
        begin("members that never asked for their assignment: " + missing.size());
    }

    /** The record of the last round could not be written: nobody has an assignment that would survive, so all start again. */
    void recordFailed() {
        if (group.state() instanceof Stable) {
            group.members().forEach(member -> member.assign(null));
            begin("the assignment could not be recorded");
        }
    }

    /** The shard goes to another broker: whoever waits here must look for it. */
    void resign() {
        switch (group.state()) {
            case PreparingRebalance preparing ->
                preparing
                        .joins()
                        .forEach((memberId, join) ->
                                turn.reply(join, Answers.joinRefused(join, memberId, ErrorCode.NOT_COORDINATOR)));
            case CompletingRebalance completing -> answerSyncs(completing, ErrorCode.NOT_COORDINATOR);
            case Empty ignored -> {}
            case Stable ignored -> {}
        }
    }

    private void answerSyncs(CompletingRebalance completing, ErrorCode error) {
        Map<String, RequestContext> waiting = new LinkedHashMap<>(completing.syncs());
        completing.syncs().clear();
        waiting.forEach((memberId, sync) -> {
            turn.reply(sync, Answers.syncRefused(error));
            Member member = group.member(memberId);
            if (member != null) {
                extendSession(member);
            }
        });
    }

    /** Takes a member out; a request of its that waits is told so. Whether that begins a round is the caller's matter. */
    void remove(Member member) {
        answerWaiting(member, ErrorCode.UNKNOWN_MEMBER_ID);
        group.remove(member);
        turn.cancelTimer(new TimerKey.Session(group.id(), member.id()));
    }

    /** Answers and forgets the request of a member that waits here, if there is one. */
    void answerWaiting(Member member, ErrorCode error) {
        if (group.state() instanceof PreparingRebalance preparing) {
            RequestContext join = preparing.joins().remove(member.id());
            if (join != null) {
                turn.reply(join, Answers.joinRefused(join, member.id(), error));
            }
        } else if (group.state() instanceof CompletingRebalance completing) {
            RequestContext sync = completing.syncs().remove(member.id());
            if (sync != null) {
                turn.reply(sync, Answers.syncRefused(error));
            }
        }
    }

    void extendSession(Member member) {
        extendSession(member, member.sessionTimeoutMs());
    }

    void extendSession(Member member, int timeoutMs) {
        member.session().extend(new TimerKey.Session(group.id(), member.id()), turn.nowMs() + timeoutMs, turn);
    }
}
