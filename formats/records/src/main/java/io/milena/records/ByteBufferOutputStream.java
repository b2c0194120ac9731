package io.milena.records;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Collects bytes and hands them over without another copy. */
final class ByteBufferOutputStream extends ByteArrayOutputStream {

    ByteBufferOutputStream(int expectedBytes) {
        super(expectedBytes);
    }

    ByteBuffer written() {
        return ByteBuffer.wrap(buf, 0, count).slice();
    }

    /** Writes what remains of a buffer to a stream. */
    static void drain(ByteBuffer from, OutputStream to) throws IOException {
        if (from.hasArray()) {
            to.write(from.array(), from.arrayOffset() + from.position(), from.remaining());
            from.position(from.limit());
            return;
        }
        byte[] chunk = new byte[Math.min(from.remaining(), 1 << 14)];
        while (from.hasRemaining()) {
            int length = Math.min(from.remaining(), chunk.length);
            from.get(chunk, 0, length);
            to.write(chunk, 0, length);
        }
    }
}
