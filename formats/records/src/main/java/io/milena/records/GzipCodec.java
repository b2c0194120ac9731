package io.milena.records;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Gzip as the JDK has it. */
final class GzipCodec implements Codec {

    private static final int BUFFER_BYTES = 8 << 10;

    @Override
    public ByteBuffer compress(ByteBuffer bytes, int level) throws IOException {
        ByteBufferOutputStream compressed = new ByteBufferOutputStream(Math.max(64, bytes.remaining() / 4));
        try (OutputStream out = new LeveledGzip(compressed, level)) {
            ByteBufferOutputStream.drain(bytes, out);
        }
        return compressed.written();
    }

    @Override
    public InputStream decompressing(ByteBufferInputStream compressed, int bytesMax) throws IOException {
        return new GZIPInputStream(compressed, BUFFER_BYTES);
    }

    /** The JDK's stream takes no level, but lets a subclass set it. */
    private static final class LeveledGzip extends GZIPOutputStream {
        LeveledGzip(OutputStream out, int level) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(level);
        }
    }
}
