package io.milena.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes the primitives of the protocol into growing chunks of memory. Records are not copied: each becomes a part of its own between the chunks. Not safe
 * for use by many threads.
 */
public final class WireWriter {
    private static final int FIRST_CHUNK_BYTES = 256;
    private static final int CHUNK_BYTES_MAX = 64 * 1024;
    /** Records in memory up to this size are cheaper copied than gathered. */
    private static final int COPIED_BYTES_MAX = 1024;

    private final List<Payload> finished = new ArrayList<>(1);
    private long finishedBytes;
    private int chunkBytes = FIRST_CHUNK_BYTES;
    private ByteBuffer chunk = ByteBuffer.allocate(chunkBytes);

    /** A writer of a message that leaves room for its size in front, which {@link #frame()} fills in. */
    static WireWriter ofFrame() {
        WireWriter out = new WireWriter();
        out.int32(0);
        return out;
    }

    /** Writes one element of an array in the given version. */
    @FunctionalInterface
    public interface Element<T> {
        void write(T element, WireWriter out, short version);
    }

    /** What was written, in order; nothing may be written afterwards. */
    public List<Payload> parts() {
        cut();
        return Collections.unmodifiableList(finished);
    }

    /** What was written behind the size that {@link #ofFrame} has left room for, and that size. */
    List<Payload> frame() {
        int size = sizeInBytes() - Integer.BYTES;
        List<Payload> parts = parts();
        if (parts.getFirst() instanceof Payload.InMemory(ByteBuffer first)) {
            first.putInt(0, size);
        }
        return parts;
    }

    /** What was written, as one buffer; records in files are not possible here. */
    public ByteBuffer toBuffer() {
        int size = sizeInBytes();
        List<Payload> parts = parts();
        if (parts.size() == 1 && parts.getFirst() instanceof Payload.InMemory(ByteBuffer bytes)) {
            return bytes;
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        for (Payload part : parts) {
            if (!(part instanceof Payload.InMemory(ByteBuffer bytes))) {
                throw new IllegalStateException("a part of the message is in a file");
            }
            all.put(bytes.duplicate());
        }
        return all.flip();
    }

    public int sizeInBytes() {
        return Math.toIntExact(finishedBytes + chunk.position());
    }

    public void bool(boolean value) {
        int8((byte) (value ? 1 : 0));
    }

    public void int8(byte value) {
        room(Byte.BYTES).put(value);
    }

    public void int16(short value) {
        room(Short.BYTES).putShort(value);
    }

    public void uint16(int value) {
        int16((short) value);
    }

    public void int32(int value) {
        room(Integer.BYTES).putInt(value);
    }

    public void uint32(long value) {
        int32((int) value);
    }

    public void int64(long value) {
        room(Long.BYTES).putLong(value);
    }

    public void float64(double value) {
        room(Double.BYTES).putDouble(value);
    }

    public void uuid(UUID value) {
        int64(value.getMostSignificantBits());
        int64(value.getLeastSignificantBits());
    }

    public void unsignedVarint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            int8((byte) (rest | 0x80));
            rest >>>= 7;
        }
        int8((byte) rest);
    }

    public void string(String value, boolean flexible) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > Short.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a string of " + bytes.length + " bytes is longer than " + Short.MAX_VALUE);
        }
        if (flexible) {
            unsignedVarint(bytes.length + 1);
        } else {
            int16((short) bytes.length);
        }
        raw(ByteBuffer.wrap(bytes));
    }

    public void nullableString(@Nullable String value, boolean flexible) {
        if (value != null) {
            string(value, flexible);
        } else if (flexible) {
            unsignedVarint(0);
        } else {
            int16((short) -1);
        }
    }

    public void bytes(ByteBuffer value, boolean flexible) {
        length(value.remaining(), flexible);
        raw(value.duplicate());
    }

    public void nullableBytes(@Nullable ByteBuffer value, boolean flexible) {
        if (value == null) {
            nullLength(flexible);
        } else {
            bytes(value, flexible);
        }
    }

    public void records(Payload value, boolean flexible) {
        length(value.sizeInBytes(), flexible);
        if (value instanceof Payload.InMemory(ByteBuffer bytes) && bytes.remaining() <= COPIED_BYTES_MAX) {
            raw(bytes.duplicate());
        } else {
            cut();
            finished.add(value);
            finishedBytes += value.sizeInBytes();
        }
    }

    public void nullableRecords(@Nullable Payload value, boolean flexible) {
        if (value == null) {
            nullLength(flexible);
        } else {
            records(value, flexible);
        }
    }

    public <T> void array(List<T> value, boolean flexible, short version, Element<T> element) {
        length(value.size(), flexible);
        for (T each : value) {
            element.write(each, this, version);
        }
    }

    public <T> void nullableArray(@Nullable List<T> value, boolean flexible, short version, Element<T> element) {
        if (value == null) {
            nullLength(flexible);
        } else {
            array(value, flexible, version, element);
        }
    }

    public void nullableStruct(@Nullable Message value, short version) {
        int8((byte) (value == null ? -1 : 1));
        if (value != null) {
            value.write(this, version);
        }
    }

    /** As a tagged field has it: a number before it, and not a byte. */
    public void nullableTaggedStruct(@Nullable Message value, short version) {
        unsignedVarint(value == null ? 0 : 1);
        if (value != null) {
            value.write(this, version);
        }
    }

    public void noTags() {
        int8((byte) 0);
    }

    public void tagCount(int count) {
        unsignedVarint(count);
    }

    /** A writer for the value of one tagged field, whose size must be known before it is written. */
    public WireWriter tagged() {
        return new WireWriter();
    }

    public void tag(int tag, WireWriter value) {
        unsignedVarint(tag);
        unsignedVarint(value.sizeInBytes());
        raw(value.toBuffer().duplicate());
    }

    /** The value of a field that may be null in other versions than this. */
    public static <T> T required(@Nullable T value, String field, short version) {
        if (value == null) {
            throw new UnsupportedVersionException(field, version);
        }
        return value;
    }

    private void length(int length, boolean flexible) {
        if (flexible) {
            unsignedVarint(length + 1);
        } else {
            int32(length);
        }
    }

    private void nullLength(boolean flexible) {
        if (flexible) {
            unsignedVarint(0);
        } else {
            int32(-1);
        }
    }

    private void raw(ByteBuffer bytes) {
        room(bytes.remaining()).put(bytes);
    }

    private ByteBuffer room(int bytes) {
        if (chunk.remaining() < bytes) {
            cut();
            chunkBytes = Math.min(2 * chunkBytes, CHUNK_BYTES_MAX);
            chunk = ByteBuffer.allocate(Math.max(bytes, chunkBytes));
        }
        return chunk;
    }

    /** Makes a part of what was written so far; the rest of the chunk is written on afterwards. */
    private void cut() {
        if (chunk.position() > 0) {
            finishedBytes += chunk.position();
            finished.add(new Payload.InMemory(chunk.slice(0, chunk.position())));
            chunk = chunk.slice(chunk.position(), chunk.remaining());
        }
    }
}
