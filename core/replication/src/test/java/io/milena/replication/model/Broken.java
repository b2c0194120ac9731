package io.milena.replication.model;

import io.milena.replication.Assignment;
import io.milena.replication.Brokers;
import io.milena.replication.Circumstances;
import io.milena.replication.Command;
import io.milena.replication.EpochEnd;
import io.milena.replication.FetchAnswer;
import io.milena.replication.FetchPosition;
import io.milena.replication.Follower;
import io.milena.replication.FollowerFetch;
import io.milena.replication.IsrChange;
import io.milena.replication.Leader;
import io.milena.replication.LogView;
import io.milena.replication.Proposal;
import io.milena.replication.ReplicaState;
import io.milena.replication.Replication;
import io.milena.replication.ReplicationSettings;
import io.milena.replication.Step;
import java.util.List;

/** Machines that lack one rule each. */
final class Broken {
    private Broken() {}

    /** Whoever has the partition believes to lead it. */
    static Step everybodyLeads(ReplicaState state, Command command, Circumstances now) {
        if (command instanceof Command.Assign(Assignment told)
                && told.replicas().contains(state.localId())) {
            Assignment believed = new Assignment(
                    state.localId(), told.leaderEpoch(), told.partitionEpoch(), told.replicas(), told.isr());
            return Replication.handle(state, new Command.Assign(believed), now);
        }
        return Replication.handle(state, command, now);
    }

    /** What the leader has forced counts as committed. */
    static Step theLeaderCommitsAlone(ReplicaState state, Command command, Circumstances now) {
        Step step = Replication.handle(state, command, now);
        return step.state() instanceof Leader leader
                ? new Step(withHighWatermark(leader, now.log().forcedEndOffset()), step.effects(), step.answer())
                : step;
    }

    private static Leader withHighWatermark(Leader leader, long offset) {
        return new Leader(
                leader.localId(),
                leader.assignment(),
                leader.leadingSinceEpoch(),
                leader.epochStartOffset(),
                leader.followers(),
                leader.change(),
                Math.max(offset, leader.highWatermark()));
    }

    /** The leader does not ask what the follower's last record is (before KIP-101). */
    static Step nobodyLooksAtEpochs(ReplicaState state, Command command, Circumstances now) {
        if (command instanceof Command.Serve(FollowerFetch fetch)) {
            FollowerFetch blind = new FollowerFetch(
                    fetch.replicaId(),
                    fetch.brokerEpoch(),
                    fetch.leaderEpoch(),
                    fetch.offset(),
                    -1,
                    fetch.logStartOffset(),
                    fetch.highWatermark());
            return Replication.handle(state, new Command.Serve(blind), now);
        }
        return Replication.handle(state, command, now);
    }

    /** What was proposed does not count before it is accepted. */
    static Step proposedMembersDoNotCount(ReplicaState state, Command command, Circumstances now) {
        Step step = Replication.handle(state, command, now);
        if (step.state() instanceof Leader leader && leader.change() instanceof IsrChange.InFlight flight) {
            Proposal forgotten = new Proposal(
                    flight.proposal().leaderEpoch(),
                    flight.proposal().partitionEpoch(),
                    flight.proposal().members(),
                    List.of());
            IsrChange change = new IsrChange.InFlight(forgotten, flight.attempt(), flight.lostAttempts());
            return new Step(withChange(leader, change), step.effects(), step.answer());
        }
        return step;
    }

    private static Leader withChange(Leader leader, IsrChange change) {
        return new Leader(
                leader.localId(),
                leader.assignment(),
                leader.leadingSinceEpoch(),
                leader.epochStartOffset(),
                leader.followers(),
                change,
                leader.highWatermark());
    }

    /** The high watermark moves while too few are in sync (before KIP-966). */
    static Step tooFewAreEnough(ReplicaState state, Command command, Circumstances now) {
        ReplicationSettings settings = new ReplicationSettings(
                now.settings().lagTimeMaxMs(), 1, now.settings().fetchBackoffMs());
        return Replication.handle(state, command, new Circumstances(now.nowMs(), settings, now.log(), now.brokers()));
    }

    /** An assignment that is known already ends what was proposed since, as in Kafka. */
    static Step oldNewsEndProposals(ReplicaState state, Command command, Circumstances now) {
        boolean isKnown = command instanceof Command.Assign(Assignment told)
                && state instanceof Leader leader
                && told.partitionEpoch() == leader.assignment().partitionEpoch();
        return isKnown
                ? Replication.handle(withChange((Leader) state, new IsrChange.None()), command, now)
                : Replication.handle(state, command, now);
    }

    /** What followers had is believed although somebody else has led since, as in Kafka. */
    static Step missedEpochsDoNotMatter(ReplicaState state, Command command, Circumstances now) {
        if (command instanceof Command.Assign(Assignment told)
                && state instanceof Leader leader
                && told.leader() == leader.localId()
                && told.leaderEpoch() > leader.leaderEpoch() + 1) {
            Assignment known = leader.assignment();
            Leader unaware = new Leader(
                    leader.localId(),
                    new Assignment(
                            known.leader(),
                            told.leaderEpoch() - 1,
                            known.partitionEpoch(),
                            known.replicas(),
                            known.isr()),
                    leader.leadingSinceEpoch(),
                    leader.epochStartOffset(),
                    leader.followers(),
                    leader.change(),
                    leader.highWatermark());
            return Replication.handle(unaware, command, now);
        }
        return Replication.handle(state, command, now);
    }

    /** The lives of a broker are not told apart (before KIP-903). */
    static Step anEarlierLifeIsBelieved(ReplicaState state, Command command, Circumstances now) {
        if (command instanceof Command.Serve(FollowerFetch fetch)) {
            FollowerFetch nameless = new FollowerFetch(
                    fetch.replicaId(),
                    -1,
                    fetch.leaderEpoch(),
                    fetch.offset(),
                    fetch.lastFetchedEpoch(),
                    fetch.logStartOffset(),
                    fetch.highWatermark());
            return Replication.handle(state, new Command.Serve(nameless), now);
        }
        return Replication.handle(state, command, now);
    }

    /** A proposal that was refused is over, even if an earlier attempt may still be on its way. */
    static Step nothingIsInDoubt(ReplicaState state, Command command, Circumstances now) {
        Step step = Replication.handle(state, command, now);
        return step.state() instanceof Leader leader && leader.change() instanceof IsrChange.InDoubt
                ? new Step(withChange(leader, new IsrChange.None()), step.effects(), step.answer())
                : step;
    }

    /** Whatever comes is appended, whatever it is the answer to. */
    static Step anyAnswerWillDo(ReplicaState state, Command command, Circumstances now) {
        if (command instanceof Command.FetchAnswered(FetchPosition ignored, FetchAnswer answer)
                && state instanceof Follower follower) {
            FetchPosition here = new FetchPosition(
                    follower.assignment().leader(),
                    follower.leaderEpoch(),
                    now.log().endOffset(),
                    now.log().latestEpoch(),
                    now.log().startOffset(),
                    follower.highWatermark());
            return Replication.handle(state, new Command.FetchAnswered(here, answer), now);
        }
        return Replication.handle(state, command, now);
    }

    /** All brokers look ready for the ISR. */
    static Step fencedBrokersMayJoin(ReplicaState state, Command command, Circumstances now) {
        Brokers brokers = id -> {
            Brokers.Broker broker = now.brokers().find(id);
            return broker == null
                    ? null
                    : new Brokers.Broker(id, broker.epoch(), Brokers.Standing.ACTIVE, broker.rack());
        };
        return Replication.handle(state, command, new Circumstances(now.nowMs(), now.settings(), now.log(), brokers));
    }

    /** What is written counts as forced: what a replica says that it has, a crash may take. */
    static LogView claimingAllIsForced(LogView log) {
        return new Optimist(log);
    }

    private record Optimist(LogView log) implements LogView {
        @Override
        public long startOffset() {
            return log.startOffset();
        }

        @Override
        public long forcedEndOffset() {
            return log.endOffset();
        }

        @Override
        public long endOffset() {
            return log.endOffset();
        }

        @Override
        public int latestEpoch() {
            return log.latestEpoch();
        }

        @Override
        public EpochEnd endOf(int epoch) {
            return log.endOf(epoch);
        }
    }
}
