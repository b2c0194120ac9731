package io.milena.replication;

import io.milena.protocol.ErrorCode;

/** What a fetch is told; {@link None} for commands that nobody has asked. */
public sealed interface Answer {
    record None() implements Answer {}

    /**
     * It may read from its offset on.
     *
     * @param endOffset it may read below; not above the offset asked for when there is nothing to read
     * @param urgency whether the answer can wait for records
     */
    record MayRead(long endOffset, long highWatermark, long logStartOffset, Urgency urgency) implements Answer {}

    /** The asker's last record is not this leader's (KIP-595): where the epoch that both may know ends here. */
    record Diverging(EpochEnd end, long highWatermark, long logStartOffset) implements Answer {}

    record Refused(ErrorCode error) implements Answer {}

    /** Whether an answer without records is worth sending. */
    enum Urgency {
        CAN_WAIT,
        /** The follower does not know the high watermark, so that consumers who read from it wait (KIP-392). */
        BRINGS_HIGH_WATERMARK
    }
}
