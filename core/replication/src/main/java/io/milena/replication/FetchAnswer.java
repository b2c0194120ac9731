package io.milena.replication;

import io.milena.protocol.ErrorCode;

/** What the leader has answered to a follower's fetch. */
public sealed interface FetchAnswer {
    /** Batches that begin at the offset of the fetch; the host has them. */
    record Batches(long highWatermark, long logStartOffset) implements FetchAnswer {}

    /** No error, and no batches. */
    record Nothing(long highWatermark, long logStartOffset) implements FetchAnswer {}

    /** The follower's last record is not the leader's: where the epoch that both may know ends there. */
    record Diverging(EpochEnd leadersEnd) implements FetchAnswer {}

    /** An error of the leader, or NETWORK_EXCEPTION where no answer came. */
    record Refused(ErrorCode error) implements FetchAnswer {}
}
