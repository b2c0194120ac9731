package io.milena.groups;

import static io.milena.groups.Answers.joinRefused;

import io.milena.groups.GroupState.CompletingRebalance;
import io.milena.groups.GroupState.Empty;
import io.milena.groups.GroupState.PreparingRebalance;
import io.milena.groups.GroupState.Stable;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.JoinGroupRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * JoinGroup 0-9. v1 rebalance time-out; v4 a new dynamic member is first told its id (KIP-394); v5 static members (KIP-345); v7 protocol
 * type in the answer; v8 reason (for people only); v9 a restarted static leader learns that it need not assign (KIP-814).
 */
final class JoinGroupHandler {
    private static final int MEMBER_ID_REQUIRED_VERSION = 4;
    private static final int SKIP_ASSIGNMENT_VERSION = 9;
    private static final String NO_MEMBER = "";

    private final Command.JoinGroup command;
    private final RequestContext context;
    private final JoinGroupRequest request;
    private final Member.Terms terms;
    private final ClassicGroup group;
    private final Rebalance rebalance;
    private final Turn turn;

    private JoinGroupHandler(Command.JoinGroup command, ClassicGroup group, Turn turn) {
        this.command = command;
        this.context = command.context();
        this.request = command.request();
        this.terms = terms(command.request());
        this.group = group;
        this.rebalance = new Rebalance(group, turn);
        this.turn = turn;
    }

    private static Member.Terms terms(JoinGroupRequest request) {
        Map<String, byte[]> protocols = new LinkedHashMap<>();
        request.protocols().forEach(protocol -> protocols.put(protocol.name(), Bytes.copy(protocol.metadata())));
        int rebalanceTimeoutMs =
                request.rebalanceTimeoutMs() < 0 ? request.sessionTimeoutMs() : request.rebalanceTimeoutMs();
        return new Member.Terms(rebalanceTimeoutMs, request.sessionTimeoutMs(), protocols);
    }

    static void handle(Command.JoinGroup command, Groups groups, Turn turn) {
        JoinGroupRequest request = command.request();
        ErrorCode invalid = invalid(request, turn.settings());
        ClassicGroup group = groups.group(request.groupId());
        ConsumerGroup consumers = groups.consumerGroup(request.groupId());
        if (invalid == ErrorCode.NONE && consumers != null && !consumers.isEmpty()) {
            invalid = ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
        }
        if (invalid == ErrorCode.NONE && group == null && !request.memberId().isEmpty()) {
            invalid = ErrorCode.UNKNOWN_MEMBER_ID;
        }
        if (invalid != ErrorCode.NONE) {
            turn.reply(command.context(), joinRefused(command.context(), request.memberId(), invalid));
            return;
        }
        if (consumers != null) { // nobody is in it: it becomes a classic one
            consumers.end().forEach(turn::append);
        }
        ClassicGroup joined = group == null ? new ClassicGroup(request.groupId(), turn.nowMs()) : group;
        new JoinGroupHandler(command, joined, turn).join();
        groups.keep(joined);
        groups.dropIfUnused(joined);
    }

    private static ErrorCode invalid(JoinGroupRequest request, GroupSettings settings) {
        if (request.groupId().isEmpty()) {
            return ErrorCode.INVALID_GROUP_ID;
        }
        boolean isSessionInRange = request.sessionTimeoutMs() >= settings.sessionTimeoutMinMs()
                && request.sessionTimeoutMs() <= settings.sessionTimeoutMaxMs();
        return isSessionInRange ? ErrorCode.NONE : ErrorCode.INVALID_SESSION_TIMEOUT;
    }

    private void join() {
        String memberId = request.memberId();
        if (!hasRoom(memberId)) {
            Member surplus = group.member(memberId);
            if (surplus != null) {
                rebalance.remove(surplus);
            }
            refuse(NO_MEMBER, ErrorCode.GROUP_MAX_SIZE_REACHED);
        } else if (memberId.isEmpty()) {
            joinWithoutId();
        } else {
            joinWithId(memberId);
        }
        rebalance.completeJoinsIfAllAreHere();
    }

    /** Members beyond the maximum are turned away; while a round is gathered, whoever comes first has the places. */
    private boolean hasRoom(String memberId) {
        int max = turn.settings().membersMax();
        return switch (group.state()) {
            case Empty ignored -> true;
            case PreparingRebalance preparing ->
                preparing.joins().containsKey(memberId) || preparing.joins().size() < max;
            case CompletingRebalance ignored -> hasRoomAmongMembers(memberId, max);
            case Stable ignored -> hasRoomAmongMembers(memberId, max);
        };
    }

    private boolean hasRoomAmongMembers(String memberId, int max) {
        return group.member(memberId) != null || group.members().size() < max;
    }

    private void joinWithoutId() {
        if (!canWorkWithTheOthers()) {
            refuse(NO_MEMBER, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
            return;
        }
        String instanceId = request.groupInstanceId();
        String newId = (instanceId == null ? context.clientId() : instanceId) + "-" + command.newMemberUuid();
        String formerId = instanceId == null ? null : group.staticMemberId(instanceId);
        Member former = formerId == null ? null : group.member(formerId);
        if (former != null) {
            takeThePlaceOf(former, newId);
        } else if (instanceId == null && context.apiVersion() >= MEMBER_ID_REQUIRED_VERSION) {
            promise(newId);
        } else {
            add(newId, instanceId);
        }
    }

    private void promise(String newId) {
        Session session = new Session();
        group.pendingMembers().put(newId, session);
        session.extend(new TimerKey.Session(group.id(), newId), turn.nowMs() + request.sessionTimeoutMs(), turn);
        refuse(newId, ErrorCode.MEMBER_ID_REQUIRED);
    }

    private void joinWithId(String memberId) {
        if (!canWorkWithTheOthers()) {
            refuse(memberId, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        } else if (group.pendingMembers().containsKey(memberId)) {
            joinAsPromised(memberId);
        } else {
            ErrorCode error = Membership.check(group, memberId, request.groupInstanceId());
            Member member = group.member(memberId);
            if (error != ErrorCode.NONE || member == null) {
                refuse(memberId, error);
            } else {
                rejoin(member);
            }
        }
    }

    private void joinAsPromised(String memberId) {
        if (request.groupInstanceId() != null) {
            // Ids are promised to dynamic members only: what this client believes to be cannot have come from us.
            refuse(NO_MEMBER, ErrorCode.UNKNOWN_SERVER_ERROR);
        } else {
            add(memberId, null);
        }
    }

    private void rejoin(Member member) {
        switch (group.state()) {
            case PreparingRebalance ignored -> updateAndWait(member);
            case CompletingRebalance ignored -> {
                // The answer to its join was lost: the same again, if it still wants the same.
                if (member.matches(terms.protocols())) {
                    turn.reply(context, Answers.joined(group, member, context));
                } else {
                    updateAndWait(member);
                }
            }
            case Stable ignored -> {
                // A leader that joins again asks for a new assignment; others do so by changing what they told.
                if (group.isLeader(member) || !member.matches(terms.protocols())) {
                    updateAndWait(member);
                } else {
                    turn.reply(context, Answers.joined(group, member, context));
                }
            }
            case Empty ignored -> refuse(member.id(), ErrorCode.UNKNOWN_MEMBER_ID);
        }
    }

    private void add(String memberId, @Nullable String instanceId) {
        Session promised = group.pendingMembers().get(memberId);
        Member member = new Member(memberId, instanceId, context.clientId(), context.clientHost(), terms);
        member.setNew(true);
        if (promised != null) {
            turn.cancelTimer(new TimerKey.Session(group.id(), memberId));
        }
        if (group.state() instanceof PreparingRebalance preparing && group.generation() == 0) {
            preparing.noteNewMember();
        }
        group.add(member, request.protocolType());
        turn.happened(group, GroupEvent.Kind.MEMBER_JOINED, member, Reasons.plain(request.reason()));
        rebalance.extendSession(member, turn.settings().newMemberJoinTimeoutMs());
        await(member);
    }

    private void updateAndWait(Member member) {
        if (!(group.state() instanceof PreparingRebalance)) { // else it does what it was told to do
            turn.happened(group, GroupEvent.Kind.MEMBER_REJOINED, member, Reasons.plain(request.reason()));
        }
        member.accept(terms);
        await(member);
    }

    /** The request waits for the end of the round; the same member's earlier one, which nobody reads any more, is answered. */
    private void await(Member member) {
        PreparingRebalance preparing =
                rebalance.prepare("member " + member.id() + " joins" + Reasons.of(request.reason()));
        rebalance.answerWaiting(member, ErrorCode.REBALANCE_IN_PROGRESS);
        preparing.joins().put(member.id(), context);
    }

    /** A static member's process was restarted: it gets a new id, and whoever still uses the old one is fenced (KIP-345). */
    private void takeThePlaceOf(Member former, String newId) {
        String leaderBefore = group.leaderId();
        rebalance.answerWaiting(former, ErrorCode.FENCED_INSTANCE_ID);
        turn.cancelTimer(new TimerKey.Session(group.id(), former.id()));
        Member reborn = former.reborn(newId, context);
        group.replace(former, reborn);
        turn.happened(
                group, GroupEvent.Kind.MEMBER_RESTARTED, reborn, "instance " + String.valueOf(reborn.instanceId()));
        reborn.accept(terms);
        rebalance.extendSession(reborn);
        if (group.state() instanceof Stable && group.preferredProtocol().equals(group.protocolName())) {
            turn.append(RecordCodec.groupRecord(group));
            turn.reply(context, Answers.reborn(group, reborn, leaderBefore, context));
        } else {
            // In the middle of a round the leader may know the old id only: a new round, in which it learns the new
            // one.
            await(reborn);
        }
    }

    static boolean canSkipAssignment(RequestContext context) {
        return context.apiVersion() >= SKIP_ASSIGNMENT_VERSION;
    }

    private boolean canWorkWithTheOthers() {
        Set<String> protocols = terms.protocols().keySet();
        return group.supports(request.protocolType(), protocols);
    }

    private void refuse(String memberId, ErrorCode error) {
        turn.reply(context, joinRefused(context, memberId, error));
    }
}
