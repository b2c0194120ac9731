package io.milena.records;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Numbers of variable length as records use them: zigzag, so that small negative numbers are short too, then seven bits a byte, lowest
 * first, the top bit set on all bytes but the last.
 */
public final class Varint {

    private static final int INT_BITS_BEFORE_LAST_BYTE = 28;
    private static final int LONG_BITS_BEFORE_LAST_BYTE = 63;

    private Varint() {}

    /**
     * @throws InvalidRecordsException if more than five bytes go on
     * @throws BufferUnderflowException if the buffer ends within the number
     */
    public static int readInt(ByteBuffer from) {
        int raw = 0;
        for (int shift = 0; shift <= INT_BITS_BEFORE_LAST_BYTE; shift += 7) {
            byte next = from.get();
            raw |= (next & 0x7f) << shift;
            if (next >= 0) {
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
        throw InvalidRecordsException.invalid("a variable-length int has more than five bytes");
    }

    /**
     * @throws InvalidRecordsException if more than ten bytes go on
     * @throws BufferUnderflowException if the buffer ends within the number
     */
    public static long readLong(ByteBuffer from) {
        long raw = 0;
        for (int shift = 0; shift <= LONG_BITS_BEFORE_LAST_BYTE; shift += 7) {
            byte next = from.get();
            raw |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
        throw InvalidRecordsException.invalid("a variable-length long has more than ten bytes");
    }

    public static void writeInt(ByteBuffer to, int value) {
        int raw = (value << 1) ^ (value >> 31);
        while ((raw & ~0x7f) != 0) {
            to.put((byte) (raw | 0x80));
            raw >>>= 7;
        }
        to.put((byte) raw);
    }

    public static void writeLong(ByteBuffer to, long value) {
        long raw = (value << 1) ^ (value >> 63);
        while ((raw & ~0x7fL) != 0) {
            to.put((byte) (raw | 0x80));
            raw >>>= 7;
        }
        to.put((byte) raw);
    }

    /** 1 to 5. */
    public static int sizeOf(int value) {
        int raw = (value << 1) ^ (value >> 31);
        return (38 - Integer.numberOfLeadingZeros(raw | 1)) / 7;
    }

    /** 1 to 10. */
    public static int sizeOf(long value) {
        long raw = (value << 1) ^ (value >> 63);
        return (70 - Long.numberOfLeadingZeros(raw | 1)) / 7;
    }
}
