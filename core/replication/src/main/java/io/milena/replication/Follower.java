package io.milena.replication;

import io.milena.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A replica that fetches what its leader has.
 *
 * @param assignment the latest; while the log is being truncated it may already name this broker as the leader, or not at all
 * @param highWatermark of the leader, as far as this replica has its records
 */
public record Follower(int localId, Assignment assignment, FollowerPhase phase, long highWatermark)
        implements ReplicaState {
    @Override
    public int leaderEpoch() {
        return assignment.leaderEpoch();
    }

    @Override
    public ErrorCode admit() {
        return ErrorCode.NOT_LEADER_OR_FOLLOWER;
    }

    @Override
    public Replicated replicated(Appended appended, ReplicationSettings settings) {
        return new Replicated.Over(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    /**
     * What to fetch now, or null when there is nothing to fetch yet. The offset of a fetch tells the leader what this replica has <em>forced</em>, so there is none while the end of the log is not: the force
     * ends with {@link Command.LogMoved}, and that with {@link Effect.FetchAgain}.
     */
    public @Nullable FetchPosition nextFetch(Circumstances now) {
        boolean isReady = switch (phase) {
            case FollowerPhase.Fetching ignored -> true;
            case FollowerPhase.BackingOff(ErrorCode ignored, long untilMs) -> now.nowMs() >= untilMs;
            case FollowerPhase.AskingOffsets ignored -> false;
            case FollowerPhase.Truncating ignored -> false;
            case FollowerPhase.AwaitingAssignment ignored -> false;
        };
        return isReady && now.log().forcedEndOffset() >= now.log().endOffset() ? position(now.log()) : null;
    }

    private FetchPosition position(LogView log) {
        return new FetchPosition(
                assignment.leader(),
                leaderEpoch(),
                log.endOffset(),
                log.latestEpoch(),
                log.startOffset(),
                highWatermark);
    }

    /** Whether an answer to a fetch of that position is about the place where this replica is now. */
    boolean isAt(FetchPosition sent, LogView log) {
        boolean isFetching = phase instanceof FollowerPhase.Fetching || phase instanceof FollowerPhase.BackingOff;
        return isFetching
                && sent.leaderEpoch() == leaderEpoch()
                && sent.offset() == log.endOffset()
                && sent.lastFetchedEpoch() == log.latestEpoch();
    }

    Follower with(FollowerPhase newPhase) {
        return new Follower(localId, assignment, newPhase, highWatermark);
    }

    Follower with(Assignment newAssignment) {
        return new Follower(localId, newAssignment, phase, highWatermark);
    }

    Follower withHighWatermark(long offset) {
        return new Follower(localId, assignment, phase, offset);
    }
}
