package io.milena.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads the primitives of the protocol from a buffer, from its position on. Every length is checked against the bytes that are left before anything is allocated
 * for it. Not safe for use by many threads.
 */
public final class WireReader {
    public static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /** As Kafka 4.4 limits them. */
    private static final int ELEMENTS_MAX = 1_000_000;

    private static final int TAGS_MAX = 10_000;
    private static final int NULL = -1;
    private static final char REPLACEMENT = '\ufffd';

    private final ByteBuffer in;

    public WireReader(ByteBuffer in) {
        this.in = in;
    }

    /** Reads one element of an array in the given version. */
    @FunctionalInterface
    public interface Element<T> {
        T read(WireReader in, short version);
    }

    public boolean bool() {
        return int8() != 0;
    }

    public byte int8() {
        return require(Byte.BYTES).get();
    }

    public short int16() {
        return require(Short.BYTES).getShort();
    }

    public int uint16() {
        return Short.toUnsignedInt(int16());
    }

    public int int32() {
        return require(Integer.BYTES).getInt();
    }

    public long uint32() {
        return Integer.toUnsignedLong(int32());
    }

    public long int64() {
        return require(Long.BYTES).getLong();
    }

    public double float64() {
        return require(Double.BYTES).getDouble();
    }

    public UUID uuid() {
        return new UUID(int64(), int64());
    }

    /** An unsigned varint of at most 32 bits. */
    public int unsignedVarint() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte next = int8();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedMessageException("a varint is longer than 5 bytes");
    }

    public String string(boolean flexible) {
        return notNull(nullableString(flexible), "a string");
    }

    public @Nullable String nullableString(boolean flexible) {
        int length = flexible ? compactLength() : int16();
        if (length == NULL) {
            return null;
        }
        if (length > Short.MAX_VALUE) {
            throw new MalformedMessageException("a string of " + length + " bytes is longer than " + Short.MAX_VALUE);
        }
        return text(slice(length, "a string"));
    }

    private static String text(ByteBuffer bytes) {
        String text = bytes.hasArray()
                ? new String(
                        bytes.array(),
                        bytes.arrayOffset() + bytes.position(),
                        bytes.remaining(),
                        StandardCharsets.UTF_8)
                : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
        // What is not UTF-8 was decoded into this character, which is rare enough to look twice.
        if (text.indexOf(REPLACEMENT) >= 0) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(bytes);
            } catch (CharacterCodingException e) {
                throw new MalformedMessageException("a string is not UTF-8");
            }
        }
        return text;
    }

    public ByteBuffer bytes(boolean flexible) {
        return notNull(nullableBytes(flexible), "bytes");
    }

    /** A copy: it outlives the buffer. */
    public @Nullable ByteBuffer nullableBytes(boolean flexible) {
        int length = flexible ? compactLength() : int32();
        if (length == NULL) {
            return null;
        }
        ByteBuffer view = slice(length, "bytes");
        byte[] copy = new byte[length];
        view.get(copy);
        return ByteBuffer.wrap(copy).asReadOnlyBuffer();
    }

    public Payload records(boolean flexible) {
        return notNull(nullableRecords(flexible), "records");
    }

    /** A view of the buffer: it does not outlive it. */
    public @Nullable Payload nullableRecords(boolean flexible) {
        int length = flexible ? compactLength() : int32();
        return length == NULL ? null : new Payload.InMemory(slice(length, "records"));
    }

    public <T> List<T> array(boolean flexible, short version, Element<T> element) {
        return notNull(nullableArray(flexible, version, element), "an array");
    }

    public <T> @Nullable List<T> nullableArray(boolean flexible, short version, Element<T> element) {
        int count = flexible ? compactLength() : int32();
        if (count == NULL) {
            return null;
        }
        if (count < 0 || count > ELEMENTS_MAX || count > in.remaining()) {
            throw new MalformedMessageException(
                    "an array of " + count + " elements, with " + in.remaining() + " bytes left");
        }
        if (count == 0) {
            return List.of();
        }
        List<T> list = new ArrayList<>(Math.min(count, 1024));
        for (int i = 0; i < count; i++) {
            list.add(element.read(this, version));
        }
        return Collections.unmodifiableList(list);
    }

    /** Reads the byte before a nullable struct. */
    public boolean isNullStruct() {
        return int8() < 0;
    }

    /** The same in a tagged field, where it is a number. */
    public boolean isNullTaggedStruct() {
        return unsignedVarint() <= 0;
    }

    public int tagCount() {
        int count = unsignedVarint();
        if (count < 0 || count > TAGS_MAX) {
            throw new MalformedMessageException(count + " tagged fields are more than " + TAGS_MAX);
        }
        return count;
    }

    public int tag() {
        return unsignedVarint();
    }

    /** Reads the size of a tagged field; the position behind it. */
    public int tagEnd() {
        int size = unsignedVarint();
        if (size < 0 || size > in.remaining()) {
            throw new MalformedMessageException(
                    "a tagged field of " + size + " bytes, with " + in.remaining() + " left");
        }
        return in.position() + size;
    }

    /** Checks that a tagged field was as long as it said. */
    public void finishTag(int end) {
        if (in.position() != end) {
            throw new MalformedMessageException("a tagged field ends " + (in.position() - end) + " bytes off its size");
        }
    }

    public void skipTo(int end) {
        in.position(end);
    }

    public void skipTag() {
        tag();
        skipTo(tagEnd());
    }

    public int remaining() {
        return in.remaining();
    }

    private int compactLength() {
        return unsignedVarint() - 1;
    }

    private ByteBuffer slice(int length, String what) {
        if (length < 0 || length > in.remaining()) {
            throw new MalformedMessageException(
                    what + " of length " + length + ", with " + in.remaining() + " bytes left");
        }
        ByteBuffer slice = in.slice(in.position(), length);
        in.position(in.position() + length);
        return slice;
    }

    private ByteBuffer require(int bytes) {
        if (in.remaining() < bytes) {
            throw new MalformedMessageException("the message ends within a field");
        }
        return in;
    }

    private static <T> T notNull(@Nullable T value, String what) {
        if (value == null) {
            throw new MalformedMessageException(what + " that may not be null is null");
        }
        return value;
    }
}
