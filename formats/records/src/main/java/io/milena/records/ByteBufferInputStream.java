package io.milena.records;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads the bytes of a buffer, on the heap or not, and moves its position. */
final class ByteBufferInputStream extends InputStream {

    private final ByteBuffer bytes;

    ByteBufferInputStream(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    ByteBuffer rest() {
        return bytes;
    }

    @Override
    public int read() {
        return bytes.hasRemaining() ? bytes.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] to, int at, int length) {
        if (length == 0) {
            return 0;
        }
        if (!bytes.hasRemaining()) {
            return -1;
        }
        int read = Math.min(length, bytes.remaining());
        bytes.get(to, at, read);
        return read;
    }

    @Override
    public int available() {
        return bytes.remaining();
    }
}
