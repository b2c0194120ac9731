package io.milena.records;

/**
 * Why a batch is refused: a kind that maps to one protocol error code, and a message for the log and the client.
 */
public record BatchFault(Kind kind, String message) {

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
