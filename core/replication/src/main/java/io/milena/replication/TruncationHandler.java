package io.milena.replication;

import io.milena.protocol.ErrorCode;

/** How much of its log a follower gives up to become like its leader. */
final class TruncationHandler {
    private TruncationHandler() {}

    /**
     * The end of the latest epoch that both know: the lower one of both ends (KIP-101). Where the follower does not have that epoch, it gives up all that is later than its own largest one below, and asks
     * again with that (KIP-279).
     */
    static long target(EpochEnd leadersEnd, LogView log) {
        EpochEnd own = log.endOf(leadersEnd.epoch());
        if (own.isUnknown()) {
            return leadersEnd.endOffset();
        }
        return own.epoch() == leadersEnd.epoch() ? Math.min(own.endOffset(), leadersEnd.endOffset()) : own.endOffset();
    }

    static Follower diverging(Follower follower, EpochEnd leadersEnd, Turn turn) {
        long target = target(leadersEnd, turn.log());
        if (target >= turn.log().endOffset() || target < 0) {
            // Not what a leader would say; who would believe it fetched the same for ever.
            return FetchAnswerHandler.backingOff(follower, ErrorCode.UNKNOWN_SERVER_ERROR, turn);
        }
        return truncating(follower, target, new Effect.Truncate(target), turn);
    }

    /**
     * The fetch was out of the leader's range. Its log ends before this one: an election out of the ISR has lost what is above, and it goes here too. Or it begins behind the end of this one, which was away
     * while records were deleted: nothing of this one is of use. Or it was a moment's matter.
     */
    static Follower offsets(Follower follower, Command.OffsetsAnswered leaders, Turn turn) {
        if (!isAwaited(follower, leaders.leaderEpoch())) {
            return follower;
        }
        LogView log = turn.log();
        if (leaders.endOffset() < log.endOffset()) {
            long end = leaders.endOffset();
            return truncating(
                    follower,
                    end,
                    end <= log.startOffset() ? new Effect.StartAnew(end) : new Effect.Truncate(end),
                    turn);
        }
        if (leaders.startOffset() > log.endOffset()) {
            return truncating(follower, leaders.startOffset(), new Effect.StartAnew(leaders.startOffset()), turn);
        }
        return FetchAnswerHandler.backingOff(follower, ErrorCode.OFFSET_OUT_OF_RANGE, turn);
    }

    static Follower refused(Follower follower, Command.OffsetsRefused refused, Turn turn) {
        if (!isAwaited(follower, refused.leaderEpoch())) {
            return follower;
        }
        return refused.error() == ErrorCode.FENCED_LEADER_EPOCH
                ? follower.with(new FollowerPhase.AwaitingAssignment())
                : FetchAnswerHandler.backingOff(follower, refused.error(), turn);
    }

    private static boolean isAwaited(Follower follower, int leaderEpoch) {
        return follower.phase() instanceof FollowerPhase.AskingOffsets && leaderEpoch == follower.leaderEpoch();
    }

    private static Follower truncating(Follower follower, long target, Effect effect, Turn turn) {
        if (target < follower.highWatermark()) {
            turn.carryOut(new Effect.Note("gives up what is from " + target + " on, although it was committed up to "
                    + follower.highWatermark() + ": leader "
                    + follower.assignment().leader() + " does not have it"));
        }
        turn.carryOut(effect);
        return follower.with(new FollowerPhase.Truncating())
                .withHighWatermark(Math.min(follower.highWatermark(), target));
    }
}
