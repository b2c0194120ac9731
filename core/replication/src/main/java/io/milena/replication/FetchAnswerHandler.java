package io.milena.replication;

import io.milena.protocol.ErrorCode;

/** What a follower does with what its leader has answered: Kafka's {@code AbstractFetcherThread.processFetchRequest}. */
final class FetchAnswerHandler {
    private FetchAnswerHandler() {}

    static Follower answered(Follower follower, FetchPosition sent, FetchAnswer answer, Turn turn) {
        if (!follower.isAt(sent, turn.log())) {
            return follower;
        }
        return switch (answer) {
            case FetchAnswer.Batches batches -> {
                turn.carryOut(new Effect.Append(batches));
                yield follower.with(new FollowerPhase.Fetching());
            }
            case FetchAnswer.Nothing(long highWatermark, long logStartOffset) ->
                appended(follower.with(new FollowerPhase.Fetching()), highWatermark, logStartOffset, turn);
            case FetchAnswer.Diverging(EpochEnd leadersEnd) -> TruncationHandler.diverging(follower, leadersEnd, turn);
            case FetchAnswer.Refused(ErrorCode error) -> refused(follower, error, turn);
        };
    }

    /**
     * The log is as far as the answer went. The high watermark is the leader's as far as the log goes; a new leader may not know yet how far it was (KIP-101), so it does not go back with that. Then the
     * start moves, but never past the high watermark.
     */
    static Follower appended(Follower follower, long leadersHighWatermark, long leadersStartOffset, Turn turn) {
        LogView log = turn.log();
        long highWatermark = Math.max(follower.highWatermark(), Math.min(leadersHighWatermark, log.endOffset()));
        if (highWatermark > follower.highWatermark()) {
            turn.wake(highWatermark);
        }
        long start = Math.min(leadersStartOffset, highWatermark);
        if (start > log.startOffset()) {
            turn.carryOut(new Effect.MoveStart(start));
        }
        if (log.forcedEndOffset() < log.endOffset()) {
            turn.carryOut(new Effect.Force());
        } else {
            turn.carryOut(new Effect.FetchAgain());
        }
        return follower.withHighWatermark(highWatermark);
    }

    private static Follower refused(Follower follower, ErrorCode error, Turn turn) {
        return switch (error) {
            case FENCED_LEADER_EPOCH -> follower.with(new FollowerPhase.AwaitingAssignment());
            case OFFSET_OUT_OF_RANGE -> {
                turn.carryOut(new Effect.AskOffsets(follower.assignment().leader(), follower.leaderEpoch()));
                yield follower.with(new FollowerPhase.AskingOffsets());
            }
            // NOT_LEADER_OR_FOLLOWER and UNKNOWN_LEADER_EPOCH: the leader does not know yet that it is.
            default -> backingOff(follower, error, turn);
        };
    }

    static Follower backingOff(Follower follower, ErrorCode error, Turn turn) {
        if (follower.phase() instanceof FollowerPhase.Truncating
                || follower.phase() instanceof FollowerPhase.AwaitingAssignment) {
            return follower;
        }
        long untilMs = turn.nowMs() + turn.settings().fetchBackoffMs();
        turn.carryOut(new Effect.LookAgainAt(untilMs));
        return follower.with(new FollowerPhase.BackingOff(error, untilMs));
    }
}
