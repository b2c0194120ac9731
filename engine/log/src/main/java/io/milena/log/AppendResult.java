package io.milena.log;

import java.util.List;

/** What became of an append. */
public sealed interface AppendResult {
    /** In the page cache, at these offsets. {@code logAppendTimeMs} is -1 where the producer's timestamps stand. */
    record Appended(long baseOffset, long lastOffset, long logAppendTimeMs, long logStartOffset)
            implements AppendResult {}

    /**
     * A batch of its producer that is here already, at these offsets. If it is older than those that are remembered, five at most, nobody knows where: {@code baseOffset} is
     * {@link #UNKNOWN_OFFSET}, and {@code lastOffset} that of a later batch.
     */
    record Duplicate(long baseOffset, long lastOffset, long timestampMs) implements AppendResult {
        public static final long UNKNOWN_OFFSET = -1;
    }

    /** Nothing was appended. */
    record Refused(Reason reason, String message, List<RecordError> recordErrors) implements AppendResult {
        public static Refused because(Reason reason, String message) {
            return new Refused(reason, message, List.of());
        }
    }

    /** A record of the batch that is to blame. */
    record RecordError(int batchIndex, String message) {}

    /** Named as the protocol's errors; those about replicas are what the log's owner refuses for. */
    enum Reason {
        CONCURRENT_TRANSACTIONS,
        CORRUPT_MESSAGE,
        INVALID_RECORD,
        INVALID_TIMESTAMP,
        INVALID_PRODUCER_EPOCH,
        INVALID_TXN_STATE,
        KAFKA_STORAGE_ERROR,
        MESSAGE_TOO_LARGE,
        NOT_ENOUGH_REPLICAS,
        NOT_LEADER_OR_FOLLOWER,
        OUT_OF_ORDER_SEQUENCE_NUMBER,
        RECORD_LIST_TOO_LARGE,
        TRANSACTION_COORDINATOR_FENCED,
        UNSUPPORTED_COMPRESSION_TYPE,
        UNSUPPORTED_FOR_MESSAGE_FORMAT
    }
}
