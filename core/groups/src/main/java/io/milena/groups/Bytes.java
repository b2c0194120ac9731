package io.milena.groups;

import java.nio.ByteBuffer;

/** Crosses the border between the wire's buffers, which are used again by others, and the bytes that a group keeps. */
final class Bytes {
    private Bytes() {}

    static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    static ByteBuffer view(byte[] bytes) {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }
}
