package io.milena.groups;

import io.milena.groups.ConsumerMember.Holding;
import io.milena.groups.ConsumerMember.Terms;
import io.milena.groups.assignment.PartitionId;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupHeartbeatRequest;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * ConsumerGroupHeartbeat 0-1: joins a consumer group (epoch 0), stays in it, or leaves it (epoch -1; a static member that comes back says -2). What did not change since the last request may be left out.
 * v1 regular expressions, and member ids that clients make.
 */
final class ConsumerHeartbeatHandler {
    static final int EPOCH_OF_JOIN = 0;
    static final int EPOCH_OF_LEAVE = -1;
    static final int UNCHANGED = -1;

    private final RequestContext context;
    private final ConsumerGroupHeartbeatRequest request;
    private final String memberId;
    private final ConsumerGroup group;
    private final Turn turn;
    private final ConsumerRebalance rebalance;

    private ConsumerHeartbeatHandler(
            Command.ConsumerHeartbeat command, String memberId, ConsumerGroup group, Groups groups, Turn turn) {
        this.context = command.context();
        this.request = command.request();
        this.memberId = memberId;
        this.group = group;
        this.turn = turn;
        this.rebalance = new ConsumerRebalance(group, groups.topics(), turn);
    }

    static void handle(Command.ConsumerHeartbeat command, Groups groups, Turn turn) {
        ConsumerGroupHeartbeatRequest request = command.request();
        ConsumerRefusal refusal = ConsumerRefusal.ofRequest(
                request, command.context().apiVersion(), turn.settings().consumer());
        ConsumerGroup group = groups.consumerGroup(request.groupId());
        boolean isJoin = request.memberEpoch() == EPOCH_OF_JOIN;
        if (refusal == null && group == null) {
            refusal = refusalWithoutGroup(isJoin, groups.group(request.groupId()));
        }
        if (refusal != null) {
            turn.reply(command.context(), refusal.response());
            return;
        }
        if (group == null) {
            group = begin(request.groupId(), groups, turn);
        }
        String memberId = request.memberId().isEmpty() ? command.newMemberUuid().toString() : request.memberId();
        ConsumerHeartbeatHandler handler = new ConsumerHeartbeatHandler(command, memberId, group, groups, turn);
        if (request.memberEpoch() < EPOCH_OF_JOIN) {
            handler.leave();
        } else {
            handler.beat(isJoin);
        }
    }

    private static @Nullable ConsumerRefusal refusalWithoutGroup(boolean isJoin, @Nullable ClassicGroup classic) {
        if (!isJoin) {
            return new ConsumerRefusal(ErrorCode.GROUP_ID_NOT_FOUND, "there is no such consumer group");
        }
        return classic == null || classic.hasNobody()
                ? null
                : new ConsumerRefusal(
                        ErrorCode.GROUP_ID_NOT_FOUND,
                        "members of the classic protocol are in the group; it takes others when they have left");
    }

    /** A new group. A classic one that has offsets only, or nobody, becomes it when the first record of the new one is there. */
    private static ConsumerGroup begin(String groupId, Groups groups, Turn turn) {
        if (groups.stored().containsKey(groupId)) {
            turn.append(RecordCodec.groupTombstone(groupId));
        }
        ConsumerGroup group = new ConsumerGroup(groupId);
        groups.keep(group);
        return group;
    }

    private void beat(boolean isJoin) {
        String instanceId = request.instanceId();
        ConsumerMember known = instanceId == null ? group.member(memberId) : group.staticMember(instanceId);
        ConsumerRefusal refusal =
                isJoin ? refusalOfJoin(known) : ConsumerRefusal.ofMember(request, memberId, group, known);
        if (refusal != null) {
            turn.reply(context, refusal.response());
            return;
        }
        ConsumerMember member = enter(known);
        rebalance.renew();
        rebalance.assign();
        ConsumerMember moved = rebalance.reconcile(member, owned());
        rebalance.extendSession(moved);
        boolean tellsAll = isJoin || isFull();
        boolean isAnother = known == null
                || !moved.holding().assigned().equals(known.holding().assigned());
        turn.reply(
                context,
                ConsumerAnswers.heartbeat(
                        moved,
                        rebalance.settings().heartbeatIntervalMs(),
                        tellsAll || isAnother ? assigned(moved) : null));
    }

    private @Nullable ConsumerRefusal refusalOfJoin(@Nullable ConsumerMember known) {
        boolean isFull = group.members().size() >= turn.settings().consumer().membersMax();
        if (known == null && isFull) {
            return new ConsumerRefusal(ErrorCode.GROUP_MAX_SIZE_REACHED, "the group has as many members as it may");
        }
        boolean isOthers =
                known != null && !known.id().equals(memberId) && known.epoch() != ConsumerMember.EPOCH_OF_ABSENT;
        return isOthers
                ? new ConsumerRefusal(
                        ErrorCode.UNRELEASED_INSTANCE_ID, "another member that has not left has this instance id")
                : null;
    }

    /** The member with what it now tells of itself; new, known, or a static one that is back. */
    private ConsumerMember enter(@Nullable ConsumerMember known) {
        ConsumerMember before = known == null ? ConsumerMember.unknown(memberId) : known;
        Terms terms = terms(before.terms());
        if (known == null) {
            ConsumerMember joined = before.with(terms);
            turn.happened(group.id(), rebalance.event(GroupEvent.Kind.MEMBER_JOINED, joined, ""));
            rebalance.put(joined);
            return joined;
        }
        if (known.epoch() == ConsumerMember.EPOCH_OF_ABSENT) {
            return comeBack(known, terms);
        }
        ConsumerMember told = known.with(terms);
        if (!known.terms().wantsTheSame(terms)) {
            turn.happened(group.id(), rebalance.event(GroupEvent.Kind.MEMBER_REJOINED, told, "other topics"));
        }
        rebalance.put(told);
        return told;
    }

    /** It has what it had, and gets to the epoch of its group with its first step. */
    private ConsumerMember comeBack(ConsumerMember former, Terms terms) {
        Holding before = former.holding();
        ConsumerMember reborn = new ConsumerMember(
                memberId, terms, new Holding(0, 0, ConsumerMember.Progress.STABLE, before.assigned(), new TreeMap<>()));
        turn.happened(
                group.id(),
                rebalance.event(
                        GroupEvent.Kind.MEMBER_RESTARTED, reborn, "instance " + String.valueOf(terms.instanceId())));
        if (former.id().equals(memberId)) {
            rebalance.put(reborn);
        } else {
            rebalance.replace(former, reborn);
        }
        return reborn;
    }

    private Terms terms(Terms before) {
        return new Terms(
                request.instanceId() == null ? before.instanceId() : request.instanceId(),
                request.rackId() == null ? before.rackId() : request.rackId(),
                context.clientId(),
                context.clientHost(),
                request.subscribedTopicNames() == null
                        ? before.topics()
                        : new TreeSet<>(request.subscribedTopicNames()),
                request.subscribedTopicRegex() == null ? before.regex() : request.subscribedTopicRegex(),
                request.rebalanceTimeoutMs() == UNCHANGED ? before.rebalanceTimeoutMs() : request.rebalanceTimeoutMs(),
                request.serverAssignor() == null ? before.assignor() : request.serverAssignor());
    }

    private @Nullable Set<PartitionId> owned() {
        return request.topicPartitions() == null ? null : ConsumerAnswers.partitions(request.topicPartitions());
    }

    /** A client that has lost an answer tells all of itself, and is told all. */
    private boolean isFull() {
        boolean tellsTopics = request.subscribedTopicNames() != null || request.subscribedTopicRegex() != null;
        return tellsTopics && request.rebalanceTimeoutMs() != UNCHANGED && request.topicPartitions() != null;
    }

    private static SortedSet<PartitionId> assigned(ConsumerMember member) {
        SortedMap<PartitionId, Integer> assigned = member.holding().assigned();
        return new TreeSet<>(assigned.keySet());
    }

    private void leave() {
        String instanceId = request.instanceId();
        ConsumerMember member = instanceId == null ? group.member(memberId) : group.staticMember(instanceId);
        ConsumerRefusal refusal = ConsumerRefusal.ofIdentity(memberId, member);
        if (refusal != null || member == null) {
            turn.reply(context, Objects.requireNonNull(refusal).response());
            return;
        }
        if (request.memberEpoch() == ConsumerMember.EPOCH_OF_ABSENT) {
            Holding kept = new Holding(
                    ConsumerMember.EPOCH_OF_ABSENT,
                    member.epoch(),
                    ConsumerMember.Progress.STABLE,
                    member.holding().assigned(),
                    new TreeMap<>());
            turn.append(ConsumerRecords.holding(group.id(), memberId, kept));
            rebalance.watchRevocation(member.with(kept));
        } else {
            rebalance.dismiss(member, GroupEvent.Kind.MEMBER_LEFT, "it leaves");
        }
        turn.reply(context, ConsumerAnswers.left(memberId, request.memberEpoch()));
    }
}
