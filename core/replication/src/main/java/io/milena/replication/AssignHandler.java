package io.milena.replication;

import java.util.ArrayList;
import java.util.List;

/** What a replica becomes by what the controller has decided. */
final class AssignHandler {
    private AssignHandler() {}

    static Step handle(ReplicaState state, Assignment next, Turn turn) {
        return switch (state) {
            case Detached detached -> enter(detached, next, turn);
            case Offline offline ->
                turn.to(new Offline(
                        offline.localId(),
                        Math.max(offline.leaderEpoch(), next.leaderEpoch()),
                        offline.highWatermark()));
            case Leader leader -> {
                if (next.isNewerThan(leader.assignment())) {
                    yield change(leader, next, turn);
                }
                boolean isSame = next.partitionEpoch() == leader.assignment().partitionEpoch();
                yield turn.to(isSame ? completed(leader, next, turn) : leader);
            }
            case Follower follower ->
                next.isNewerThan(follower.assignment()) ? change(follower, next, turn) : turn.to(follower);
        };
    }

    /**
     * The leader knows of this one already, from the answer to a proposal, but not which replicas were removed with it. Kafka takes over all of it, and forgets what was proposed since then: until the
     * controller answers that, its high watermark may pass a replica that may be elected. Here only a proposal that names a removed replica is over, for nobody will accept it.
     */
    private static Leader completed(Leader leader, Assignment next, Turn turn) {
        if (next.replicas().equals(leader.assignment().replicas())) {
            return leader;
        }
        Leader completed = leader.with(next, progress(leader, next, turn));
        return HighWatermark.advanced(
                next.replicas().containsAll(leader.change().additions()) ? completed.with(leader.change()) : completed,
                turn);
    }

    private static Step change(Leader leader, Assignment next, Turn turn) {
        if (next.leader() != leader.localId()) {
            return enter(leader, next, turn);
        }
        turn.wake();
        if (next.leaderEpoch() == leader.leaderEpoch()) {
            return turn.to(HighWatermark.advanced(leader.with(next, progress(leader, next, turn)), turn));
        }
        return turn.to(electedAgain(leader, next, turn));
    }

    private static List<FollowerProgress> progress(Leader leader, Assignment next, Turn turn) {
        List<FollowerProgress> followers = new ArrayList<>();
        for (int id : others(leader.localId(), next)) {
            FollowerProgress known = leader.follower(id);
            followers.add(
                    known == null ? FollowerProgress.unknown(id, next.isr().contains(id), turn.nowMs()) : known);
        }
        return followers;
    }

    /**
     * What followers are known to have is true in the next epoch too, as long as nobody else has led in between: an epoch is missing then, and a follower may have truncated what it had fetched from
     * here. (Kafka keeps it also where epochs are missing.)
     */
    private static Leader electedAgain(Leader leader, Assignment next, Turn turn) {
        boolean isUnbroken = next.leaderEpoch() == leader.leaderEpoch() + 1;
        long end = turn.log().endOffset();
        List<FollowerProgress> followers = new ArrayList<>();
        for (int id : others(leader.localId(), next)) {
            FollowerProgress known = leader.follower(id);
            boolean isInSync = next.isr().contains(id);
            followers.add(
                    isUnbroken && known != null
                            ? known.inNextEpoch(isInSync, end, turn.nowMs())
                            : FollowerProgress.unknown(id, isInSync, turn.nowMs()));
        }
        Leader again = new Leader(
                leader.localId(),
                next,
                leader.leadingSinceEpoch(),
                end,
                followers,
                new IsrChange.None(),
                leader.highWatermark());
        turn.forceIfNeeded();
        return HighWatermark.advanced(again, turn);
    }

    private static Step change(Follower follower, Assignment next, Turn turn) {
        if (follower.phase() instanceof FollowerPhase.Truncating) {
            turn.wake();
            return turn.to(follower.with(next));
        }
        boolean isSameLeader = next.leader() == follower.assignment().leader()
                && next.leaderEpoch() == follower.leaderEpoch()
                && next.replicas().contains(follower.localId());
        return isSameLeader ? turn.to(follower.with(next)) : enter(follower, next, turn);
    }

    /** The log ends where it was to end; now comes what has been decided meanwhile. */
    static Step truncated(Follower follower, Turn turn) {
        if (!(follower.phase() instanceof FollowerPhase.Truncating)) {
            return turn.to(follower);
        }
        return enter(follower, follower.assignment(), turn);
    }

    /** From whatever it was to what the assignment says it is. */
    private static Step enter(ReplicaState before, Assignment next, Turn turn) {
        turn.wake();
        int localId = before.localId();
        LogView log = turn.log();
        long highWatermark = Math.clamp(before.highWatermark(), log.startOffset(), log.endOffset());
        if (!next.replicas().contains(localId)) {
            return turn.to(new Detached(localId, highWatermark));
        }
        turn.forceIfNeeded();
        if (next.leader() != localId) {
            return turn.to(following(localId, next, highWatermark, turn));
        }
        if (isOfAnEarlierLife(before, next, log)) {
            turn.carryOut(new Effect.Note("does not lead epoch " + next.leaderEpoch()
                    + ", which has records from before the start; the next epoch will come"));
            return turn.to(new Follower(localId, next, new FollowerPhase.AwaitingAssignment(), highWatermark));
        }
        List<FollowerProgress> followers = new ArrayList<>();
        for (int id : others(localId, next)) {
            followers.add(FollowerProgress.unknown(id, next.isr().contains(id), turn.nowMs()));
        }
        Leader leader = new Leader(
                localId, next, next.leaderEpoch(), log.endOffset(), followers, new IsrChange.None(), highWatermark);
        return turn.to(HighWatermark.advanced(leader, turn));
    }

    /**
     * An epoch that began in an earlier life of this broker cannot go on: its unforced records may be lost here and forced on followers, who would take the offsets for theirs. The controller elects with
     * a new epoch when it learns of the new life. Alone there is nobody to disagree with.
     */
    private static boolean isOfAnEarlierLife(ReplicaState before, Assignment next, LogView log) {
        return before instanceof Detached && next.replicas().size() > 1 && log.latestEpoch() >= next.leaderEpoch();
    }

    private static Follower following(int localId, Assignment next, long highWatermark, Turn turn) {
        if (next.leader() == Assignment.NO_LEADER) {
            return new Follower(localId, next, new FollowerPhase.AwaitingAssignment(), highWatermark);
        }
        turn.carryOut(new Effect.FetchAgain());
        return new Follower(localId, next, new FollowerPhase.Fetching(), highWatermark);
    }

    private static List<Integer> others(int localId, Assignment assignment) {
        return assignment.replicas().stream().filter(id -> id != localId).toList();
    }
}
