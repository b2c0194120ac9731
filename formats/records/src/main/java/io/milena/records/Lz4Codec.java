package io.milena.records;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import net.jpountz.xxhash.XXHashFactory;

/** The LZ4 frame format with independent blocks of 64 KiB. A frame can make the reader allocate two blocks of at most 4 MiB. */
final class Lz4Codec implements Codec {

    @Override
    public ByteBuffer compress(ByteBuffer bytes, int level) throws IOException {
        ByteBufferOutputStream compressed = new ByteBufferOutputStream(Math.max(64, bytes.remaining() / 2));
        try (OutputStream out = new LZ4FrameOutputStream(
                compressed,
                BLOCKSIZE.SIZE_64KB,
                -1,
                compressor(level),
                XXHashFactory.fastestInstance().hash32(),
                FLG.Bits.BLOCK_INDEPENDENCE)) {
            ByteBufferOutputStream.drain(bytes, out);
        }
        return compressed.written();
    }

    @Override
    public InputStream decompressing(ByteBufferInputStream compressed, int bytesMax) throws IOException {
        return new LZ4FrameInputStream(
                compressed,
                LZ4Factory.fastestInstance().safeDecompressor(),
                XXHashFactory.fastestInstance().hash32());
    }

    /** The default level means the fast compressor, as it does for Kafka; the others the thorough one. */
    private static LZ4Compressor compressor(int level) {
        LZ4Factory lz4 = LZ4Factory.fastestInstance();
        return level == Compression.LZ4.defaultLevel() ? lz4.fastCompressor() : lz4.highCompressor(level);
    }
}
