package io.milena.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Steps over the decompressed records of a batch without making an object of any. Every length is checked against the bytes that are
 * there; after {@link #advance()} the fields are those of one well-formed record.
 */
final class RecordCursor {

    private static final int ABSENT = -1;

    private final ByteBuffer bytes;
    private final int end;
    private final int count;
    private int index;

    private long timestampDelta;
    private int offsetDelta;
    private int keyAt;
    private int keyLength;
    private int valueAt;
    private int valueLength;
    private int headerCount;
    private int headersAt;

    RecordCursor(ByteBuffer bytes, int count) {
        if (count < 0) {
            throw InvalidRecordsException.invalid("record batch declares " + count + " records");
        }
        this.bytes = bytes.duplicate();
        this.end = bytes.limit();
        this.count = count;
        checkEnd();
    }

    boolean hasNext() {
        return index < count;
    }

    /** Moves to the next record. */
    void advance() {
        try {
            int length = Varint.readInt(bytes);
            if (length < 0 || length > bytes.remaining()) {
                throw broken("has a length of " + length + " where " + bytes.remaining() + " bytes remain");
            }
            bytes.limit(bytes.position() + length);
            readFields();
            if (bytes.hasRemaining()) {
                throw broken("has " + bytes.remaining() + " bytes more than its fields");
            }
        } catch (BufferUnderflowException e) {
            throw broken("ends within a field");
        }
        bytes.limit(end);
        index++;
        checkEnd();
    }

    private void readFields() {
        bytes.get(); // attributes: no bit has a meaning yet
        timestampDelta = Varint.readLong(bytes);
        offsetDelta = Varint.readInt(bytes);
        keyLength = Varint.readInt(bytes);
        keyAt = skip(keyLength);
        valueLength = Varint.readInt(bytes);
        valueAt = skip(valueLength);
        headerCount = Varint.readInt(bytes);
        headersAt = bytes.position();
        if (headerCount < 0) {
            throw broken("declares " + headerCount + " headers");
        }
        for (int i = 0; i < headerCount; i++) {
            int nameLength = Varint.readInt(bytes);
            if (nameLength < 0) {
                throw broken("has a header without a key");
            }
            skip(nameLength);
            skip(Varint.readInt(bytes));
        }
    }

    /** Steps over bytes of a nullable field and answers where they began. */
    private int skip(int length) {
        int at = bytes.position();
        if (length < ABSENT || length > bytes.remaining()) {
            throw broken("has a field of " + length + " bytes where " + bytes.remaining() + " remain");
        }
        if (length > 0) {
            bytes.position(at + length);
        }
        return at;
    }

    private void checkEnd() {
        if (index == count && bytes.hasRemaining()) {
            throw InvalidRecordsException.invalid(
                    bytes.remaining() + " bytes follow the last of " + count + " records in the batch");
        }
    }

    private InvalidRecordsException broken(String how) {
        return InvalidRecordsException.invalid("record " + index + " of the batch " + how);
    }

    long timestampDelta() {
        return timestampDelta;
    }

    int offsetDelta() {
        return offsetDelta;
    }

    boolean hasKey() {
        return keyLength != ABSENT;
    }

    @Nullable
    ByteBuffer key() {
        return keyLength == ABSENT ? null : bytes.slice(keyAt, keyLength);
    }

    @Nullable
    ByteBuffer value() {
        return valueLength == ABSENT ? null : bytes.slice(valueAt, valueLength);
    }

    List<RecordHeader> headers() {
        if (headerCount == 0) {
            return List.of();
        }
        ByteBuffer from = bytes.duplicate().position(headersAt);
        List<RecordHeader> headers = new ArrayList<>(headerCount); // advance() has stepped over as many
        for (int i = 0; i < headerCount; i++) {
            String key = UTF_8.decode(take(from, Varint.readInt(from))).toString();
            int valueLength = Varint.readInt(from);
            headers.add(new RecordHeader(key, valueLength == ABSENT ? null : take(from, valueLength)));
        }
        return Collections.unmodifiableList(headers);
    }

    private static ByteBuffer take(ByteBuffer from, int length) {
        ByteBuffer taken = from.slice(from.position(), length);
        from.position(from.position() + length);
        return taken;
    }
}
