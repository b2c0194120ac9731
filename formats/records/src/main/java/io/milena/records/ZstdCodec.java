package io.milena.records;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Zstandard frames. The library refuses windows above 128 MiB, and takes memory for one from the machine only as it is filled. */
final class ZstdCodec implements Codec {

    @Override
    public ByteBuffer compress(ByteBuffer bytes, int level) {
        byte[] uncompressed = new byte[bytes.remaining()];
        bytes.get(uncompressed);
        return ByteBuffer.wrap(Zstd.compress(uncompressed, level));
    }

    @Override
    public InputStream decompressing(ByteBufferInputStream compressed, int bytesMax) throws IOException {
        return new ZstdInputStreamNoFinalizer(compressed);
    }
}
