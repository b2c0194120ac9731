package io.milena.records;

import java.util.List;

/**
 * Why a batch is refused: a kind that maps to one protocol error code, and a message for the log and the client.
 *
 * @param records the records that are to blame, the first {@value #RECORDS_MAX} of them; empty where it is the batch as a whole
 */
public record BatchFault(Kind kind, String message, List<RecordFault> records) {
    /** A client asks for no more, and an answer that repeats a request of a million records helps nobody. */
    public static final int RECORDS_MAX = 1_000;

    BatchFault(Kind kind, String message) {
        this(kind, message, List.of());
    }

    /**
     * A record that may not be appended (KIP-467).
     *
     * @param index its place in the batch, from 0
     */
    public record RecordFault(int index, String message) {}

    /** The kinds, one for each protocol error that a refused batch can be answered with. */
    public enum Kind {
        /** Lengths that cannot be, or a CRC that does not match: CORRUPT_MESSAGE. */
        CORRUPT,
        /** A message format before magic 2, or after it: Kafka answers INVALID_RECORD to a produce request. */
        UNSUPPORTED_MAGIC,
        /** A compression type that does not exist: UNSUPPORTED_COMPRESSION_TYPE. */
        UNSUPPORTED_COMPRESSION,
        /** Intact bytes that say something a batch must not say: INVALID_RECORD. */
        INVALID_RECORD,
        /** A timestamp outside the topic's window, or a type that only brokers may set: INVALID_TIMESTAMP. */
        INVALID_TIMESTAMP,
        /** More bytes than the limit, stored or decompressed: MESSAGE_TOO_LARGE. */
        TOO_LARGE
    }
}
