package io.milena.replication;

import io.milena.protocol.ErrorCode;

/**
 * What a consumer asks of a replica; it changes nothing.
 *
 * @param leaderEpoch that the consumer knows, or -1
 * @param lastFetchedEpoch of the record before, or -1
 */
public record ConsumerFetch(int leaderEpoch, long offset, int lastFetchedEpoch, Source source) {
    /** Which replicas may answer it. */
    public enum Source {
        LEADER,
        /** Consumers that tell their rack may be sent to a follower (KIP-392). */
        ANY_REPLICA
    }

    /** Up to the high watermark; readers of committed data get less, which the log knows. */
    public Answer check(ReplicaState state, LogView log) {
        ErrorCode epochError = state.checkLeaderEpoch(leaderEpoch);
        if (epochError != ErrorCode.NONE) {
            return new Answer.Refused(epochError);
        }
        boolean isServed = state instanceof Leader || (state instanceof Follower && source == Source.ANY_REPLICA);
        if (!isServed) {
            return new Answer.Refused(state.admit());
        }
        Answer wrong = FetchCheck.check(state, offset, lastFetchedEpoch, log);
        return wrong != null
                ? wrong
                : new Answer.MayRead(
                        state.highWatermark(), state.highWatermark(), log.startOffset(), Answer.Urgency.CAN_WAIT);
    }
}
