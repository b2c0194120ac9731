package io.milena.replication;

import io.milena.protocol.ErrorCode;

/** A follower's fetch, by which the leader learns how far it is. */
final class ServeHandler {
    private ServeHandler() {}

    static Step handle(ReplicaState state, FollowerFetch fetch, Turn turn) {
        ErrorCode epochError = state.checkLeaderEpoch(fetch.leaderEpoch());
        if (epochError != ErrorCode.NONE) {
            return turn.refusing(state, epochError);
        }
        if (!(state instanceof Leader leader)) {
            return turn.refusing(state, state.admit());
        }
        FollowerProgress known = leader.follower(fetch.replicaId());
        if (known == null) {
            // A replica that was added just now knows of it before its leader does.
            return turn.refusing(
                    state,
                    fetch.leaderEpoch() >= 0 ? ErrorCode.UNKNOWN_LEADER_EPOCH : ErrorCode.NOT_LEADER_OR_FOLLOWER);
        }
        Answer wrong = FetchCheck.check(leader, fetch.offset(), fetch.lastFetchedEpoch(), turn.log());
        if (wrong != null) {
            return turn.answering(state, wrong);
        }
        if (Eligibility.isOfAnEarlierLife(fetch, turn.brokers())) {
            return turn.refusing(state, ErrorCode.NOT_LEADER_OR_FOLLOWER);
        }
        return served(leader, known, fetch, turn);
    }

    private static Step served(Leader leader, FollowerProgress known, FollowerFetch fetch, Turn turn) {
        long end = turn.log().endOffset();
        FollowerProgress now = known.fetched(fetch, end, turn.nowMs());
        Leader next = IsrHandler.expanded(leader.with(now), now, turn);
        if (now.endOffset() != known.endOffset()) {
            next = HighWatermark.advanced(next, turn);
        }
        Answer.Urgency urgency = fetch.highWatermark() < next.highWatermark() && fetch.highWatermark() < fetch.offset()
                ? Answer.Urgency.BRINGS_HIGH_WATERMARK
                : Answer.Urgency.CAN_WAIT;
        return turn.answering(
                next, new Answer.MayRead(end, next.highWatermark(), turn.log().startOffset(), urgency));
    }
}
