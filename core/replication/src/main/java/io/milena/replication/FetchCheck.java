package io.milena.replication;

import io.milena.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Whether the log that somebody has read so far is this one: what Kafka's {@code Partition.readRecords} checks, in its order. */
final class FetchCheck {
    private FetchCheck() {}

    /** Null when it may read from there. */
    static @Nullable Answer check(ReplicaState state, long offset, int lastFetchedEpoch, LogView log) {
        if (lastFetchedEpoch >= 0) {
            EpochEnd end =
                    state instanceof Leader leader ? leader.endOf(lastFetchedEpoch, log) : log.endOf(lastFetchedEpoch);
            if (end.isUnknown() || offset < log.startOffset()) {
                return new Answer.Refused(ErrorCode.OFFSET_OUT_OF_RANGE);
            }
            if (end.epoch() < lastFetchedEpoch || end.endOffset() < offset) {
                return new Answer.Diverging(end, state.highWatermark(), log.startOffset());
            }
        }
        return offset < log.startOffset() || offset > log.endOffset()
                ? new Answer.Refused(ErrorCode.OFFSET_OUT_OF_RANGE)
                : null;
    }
}
