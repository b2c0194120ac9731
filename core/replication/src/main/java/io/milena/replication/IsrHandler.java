package io.milena.replication;

import io.milena.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Which replicas are in sync, as the leader proposes and the controller decides (KIP-497, KIP-841, KIP-903). One proposal at a time; what it adds counts at once, what it takes away counts until it is
 * accepted.
 */
final class IsrHandler {
    private IsrHandler() {}

    /** A follower has fetched: it joins when it has all that is committed, and all that this leader had when it was elected (KIP-279 needs the latter: what is committed may lie above the high watermark). */
    static Leader expanded(Leader leader, FollowerProgress follower, Turn turn) {
        boolean joins = leader.change() instanceof IsrChange.None
                && !leader.isr().contains(follower.id())
                && follower.endOffset() >= leader.highWatermark()
                && follower.endOffset() >= leader.epochStartOffset()
                && Eligibility.mayJoin(follower, turn.brokers());
        if (!joins) {
            return leader;
        }
        List<Integer> isr = new ArrayList<>(leader.isr());
        isr.add(follower.id());
        return proposing(leader, isr, List.of(follower.id()), turn);
    }

    /** Time has passed. */
    static Leader tick(Leader leader, Turn turn) {
        Leader next = leader;
        if (leader.change() instanceof IsrChange.InDoubt(Proposal ignored, long untilMs) && turn.nowMs() >= untilMs) {
            next = leader.with(new IsrChange.None());
        }
        return HighWatermark.advanced(shrunk(next, turn), turn);
    }

    private static Leader shrunk(Leader leader, Turn turn) {
        if (!(leader.change() instanceof IsrChange.None)) {
            return leader;
        }
        List<Integer> isr = leader.isr().stream()
                .filter(id -> id == leader.localId() || isInSync(leader, id, turn))
                .toList();
        return isr.size() == leader.isr().size() ? leader : proposing(leader, isr, List.of(), turn);
    }

    private static boolean isInSync(Leader leader, int id, Turn turn) {
        FollowerProgress follower = leader.follower(id);
        return follower != null
                && follower.isCaughtUp(
                        turn.log().endOffset(), turn.nowMs(), turn.settings().lagTimeMaxMs());
    }

    private static Leader proposing(Leader leader, List<Integer> isr, List<Integer> additions, Turn turn) {
        List<Proposal.Member> members = new ArrayList<>();
        for (int id : isr) {
            members.add(new Proposal.Member(id, brokerEpoch(leader, id, turn)));
        }
        Proposal proposal =
                new Proposal(leader.leaderEpoch(), leader.assignment().partitionEpoch(), members, additions);
        turn.carryOut(new Effect.Propose(proposal, 1));
        return leader.with(new IsrChange.InFlight(proposal, 1, 0));
    }

    private static long brokerEpoch(Leader leader, int id, Turn turn) {
        if (id == leader.localId()) {
            Brokers.Broker self = turn.brokers().find(id);
            return self == null ? -1 : self.epoch();
        }
        FollowerProgress follower = leader.follower(id);
        return follower == null ? -1 : follower.brokerEpoch();
    }

    static Leader answered(Leader leader, Proposal proposal, ProposalOutcome outcome, Turn turn) {
        boolean isCurrent = leader.change() instanceof IsrChange.InFlight flight
                && flight.proposal().equals(proposal);
        return switch (outcome) {
            case ProposalOutcome.Accepted accepted -> accepted(leader, isCurrent, accepted, turn);
            case ProposalOutcome.Refused(ErrorCode error) ->
                isCurrent ? refused(leader, (IsrChange.InFlight) leader.change(), error, turn) : leader;
            case ProposalOutcome.Unanswered ignored ->
                isCurrent ? again(leader, (IsrChange.InFlight) leader.change(), turn) : leader;
        };
    }

    /** The controller's word counts whenever it is newer; the partition epoch that is known already means that what was proposed was so anyway. */
    private static Leader accepted(Leader leader, boolean isCurrent, ProposalOutcome.Accepted accepted, Turn turn) {
        Assignment known = leader.assignment();
        boolean isNews =
                accepted.leaderEpoch() == leader.leaderEpoch() && accepted.partitionEpoch() >= known.partitionEpoch();
        if (!isNews || (accepted.partitionEpoch() == known.partitionEpoch() && !isCurrent)) {
            return leader;
        }
        turn.wake();
        Assignment now = known.with(accepted.isr(), accepted.partitionEpoch());
        List<FollowerProgress> followers = new ArrayList<>(leader.followers());
        for (int id : accepted.isr()) {
            if (id != leader.localId() && leader.follower(id) == null) {
                followers.add(FollowerProgress.unknown(id, true, turn.nowMs()));
            }
        }
        return HighWatermark.advanced(leader.with(now, followers), turn);
    }

    private static Leader refused(Leader leader, IsrChange.InFlight flight, ErrorCode error, Turn turn) {
        return switch (error) {
            // The controller says that the partition is as this leader knows it, and that nothing was done.
            case INELIGIBLE_REPLICA, OPERATION_NOT_ATTEMPTED -> notDone(leader, flight, turn);
            case FENCED_LEADER_EPOCH,
                    INVALID_UPDATE_VERSION,
                    NEW_LEADER_ELECTED,
                    INVALID_REQUEST,
                    UNKNOWN_TOPIC_OR_PARTITION,
                    UNKNOWN_TOPIC_ID -> leader.with(new IsrChange.Outdated(flight.proposal()));
            default -> again(leader, flight, turn);
        };
    }

    private static Leader notDone(Leader leader, IsrChange.InFlight flight, Turn turn) {
        if (flight.lostAttempts() == 0 || flight.proposal().additions().isEmpty()) {
            turn.wake();
            return HighWatermark.advanced(leader.with(new IsrChange.None()), turn);
        }
        long untilMs = turn.nowMs() + turn.settings().lagTimeMaxMs();
        turn.carryOut(new Effect.LookAgainAt(untilMs));
        return leader.with(new IsrChange.InDoubt(flight.proposal(), untilMs));
    }

    /** The same once more: it can be carried out at one partition epoch only, so it is carried out once. */
    private static Leader again(Leader leader, IsrChange.InFlight flight, Turn turn) {
        int attempt = flight.attempt() + 1;
        turn.carryOut(new Effect.Propose(flight.proposal(), attempt));
        return leader.with(new IsrChange.InFlight(flight.proposal(), attempt, flight.lostAttempts() + 1));
    }
}
