package io.milena.records;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** Leaves the bytes as they are. */
final class Uncompressed implements Codec {

    @Override
    public ByteBuffer compress(ByteBuffer bytes, int level) {
        return bytes.slice();
    }

    @Override
    public InputStream decompressing(ByteBufferInputStream compressed, int bytesMax) {
        return compressed;
    }
}
