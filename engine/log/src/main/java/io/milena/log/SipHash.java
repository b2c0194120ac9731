package io.milena.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 with 128 bits (Aumasson and Bernstein, 2012): a keyed hash for which nobody finds two inputs with the same result without knowing the key. Holds the
 * last result; for one thread.
 */
final class SipHash {
    private static final int ROUNDS_PER_WORD = 2;
    private static final int ROUNDS_AT_END = 4;

    private final long key0;
    private final long key1;
    private long v0;
    private long v1;
    private long v2;
    private long v3;
    private long first;
    private long second;

    SipHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** Hashes what remains in the buffer, whose position does not move. */
    void hash(ByteBuffer input) {
        ByteBuffer bytes = input.slice().order(ByteOrder.LITTLE_ENDIAN);
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
        int size = bytes.remaining();
        while (bytes.remaining() >= Long.BYTES) {
            mix(bytes.getLong());
        }
        long last = (long) size << 56;
        for (int shift = 0; bytes.hasRemaining(); shift += 8) {
            last |= (bytes.get() & 0xffL) << shift;
        }
        mix(last);
        v2 ^= 0xee;
        rounds(ROUNDS_AT_END);
        first = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xdd;
        rounds(ROUNDS_AT_END);
        second = v0 ^ v1 ^ v2 ^ v3;
    }

    /** Bytes 0 to 7 of the result, the lowest first. */
    long first() {
        return first;
    }

    /** Bytes 8 to 15 of the result, the lowest first. */
    long second() {
        return second;
    }

    private void mix(long word) {
        v3 ^= word;
        rounds(ROUNDS_PER_WORD);
        v0 ^= word;
    }

    private void rounds(int count) {
        for (int i = 0; i < count; i++) {
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
        }
    }
}
