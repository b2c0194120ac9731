package io.milena.records;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a record of a control batch is about; clients never see these. The key says which:
 *
 * <pre>
 * key     version int16 (0), type int16
 * value   ABORT, COMMIT: version int16 (0), coordinatorEpoch int32; the others are messages of their own
 * </pre>
 */
public enum ControlRecord {
    ABORT,
    COMMIT,
    LEADER_CHANGE,
    SNAPSHOT_HEADER,
    SNAPSHOT_FOOTER,
    KRAFT_VERSION,
    KRAFT_VOTERS;

    private static final int KEY_BYTES = 4;
    private static final int END_OF_TRANSACTION_BYTES = 6;
    private static final short VERSION = 0;
    private static final ControlRecord[] BY_ID = values();

    public short id() {
        return (short) ordinal();
    }

    /** The key of such a record. */
    public ByteBuffer key() {
        return ByteBuffer.allocate(KEY_BYTES).putShort(VERSION).putShort(id()).flip();
    }

    /**
     * What a key says, or null if the type is of a time after this one, whose records are to be skipped.
     *
     * @throws InvalidRecordsException if the key is not that of a control record
     */
    public static @Nullable ControlRecord ofKey(@Nullable ByteBuffer key) {
        if (key == null || key.remaining() < KEY_BYTES || key.getShort(key.position()) < VERSION) {
            throw InvalidRecordsException.invalid("a control record has no key that says its type");
        }
        short id = key.getShort(key.position() + 2);
        return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
    }

    /** The value of an {@link #ABORT} or {@link #COMMIT} record. */
    public static ByteBuffer endOfTransactionValue(int coordinatorEpoch) {
        return ByteBuffer.allocate(END_OF_TRANSACTION_BYTES)
                .putShort(VERSION)
                .putInt(coordinatorEpoch)
                .flip();
    }

    /**
     * The coordinator epoch in the value of an {@link #ABORT} or {@link #COMMIT} record.
     *
     * @throws InvalidRecordsException if it is too short to hold one
     */
    public static int coordinatorEpoch(@Nullable ByteBuffer value) {
        if (value == null || value.remaining() < END_OF_TRANSACTION_BYTES) {
            throw InvalidRecordsException.invalid("the end marker of a transaction has no coordinator epoch");
        }
        return value.getInt(value.position() + 2);
    }
}
