package io.milena.records;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyOutputStream;

/**
 * Snappy blocks in the framing of snappy-java, which is what Kafka's clients write; librdkafka writes a single block without framing, and
 * readers accept both.
 *
 * <pre>
 * at 0   82 53 4e 41 50 50 59 00   magic
 *    8   version int32, compatible version int32
 *   16   blocks, each: length int32, block; a frame may follow a frame
 * </pre>
 *
 * The framing is read here and not by the library, whose stream would allocate what a block declares.
 */
final class SnappyCodec implements Codec {

    private static final int BLOCK_BYTES = 32 << 10;
    private static final long MAGIC = 0x82534e4150505900L;
    private static final int MAGIC_HEAD = (int) (MAGIC >>> 32);
    private static final int FRAME_HEADER_BYTES = 16;
    /** The densest element says 64 bytes in three. */
    private static final long RATIO_MAX = 32;

    @Override
    public ByteBuffer compress(ByteBuffer bytes, int level) throws IOException {
        ByteBufferOutputStream compressed = new ByteBufferOutputStream(Math.max(64, bytes.remaining() / 2));
        try (OutputStream out = new SnappyOutputStream(compressed, BLOCK_BYTES)) {
            ByteBufferOutputStream.drain(bytes, out);
        }
        return compressed.written();
    }

    @Override
    public InputStream decompressing(ByteBufferInputStream compressed, int bytesMax) {
        return new Blocks(compressed.rest(), bytesMax);
    }

    private static final class Blocks extends InputStream {
        private final ByteBuffer compressed;
        private final int bytesMax;
        private final boolean framed;
        private byte[] block = new byte[0];
        private int at;

        Blocks(ByteBuffer compressed, int bytesMax) {
            this.compressed = compressed;
            this.bytesMax = bytesMax;
            this.framed = atFrame();
        }

        @Override
        public int read() throws IOException {
            return hasMore() ? block[at++] & 0xff : -1;
        }

        @Override
        public int read(byte[] to, int from, int length) throws IOException {
            if (!hasMore()) {
                return -1;
            }
            int read = Math.min(length, block.length - at);
            System.arraycopy(block, at, to, from, read);
            at += read;
            return read;
        }

        private boolean hasMore() throws IOException {
            while (at == block.length && compressed.hasRemaining()) {
                block = nextBlock();
                at = 0;
            }
            return at < block.length;
        }

        private byte[] nextBlock() throws IOException {
            if (!framed) {
                return uncompress(compressed.remaining());
            }
            while (atFrame()) {
                compressed.position(compressed.position() + FRAME_HEADER_BYTES);
            }
            if (!compressed.hasRemaining()) {
                return new byte[0];
            }
            if (compressed.remaining() < Integer.BYTES) {
                throw new IOException("the length of a block is cut off");
            }
            return uncompress(compressed.getInt());
        }

        private boolean atFrame() {
            return compressed.remaining() >= FRAME_HEADER_BYTES
                    && compressed.getInt(compressed.position()) == MAGIC_HEAD
                    && compressed.getLong(compressed.position()) == MAGIC;
        }

        private byte[] uncompress(int length) throws IOException {
            if (length <= 0 || length > compressed.remaining()) {
                throw new IOException("a block of " + length + " bytes where " + compressed.remaining() + " remain");
            }
            byte[] stored = new byte[length];
            compressed.get(stored);
            int size = Snappy.uncompressedLength(stored);
            if (size < 0 || size > length * RATIO_MAX) {
                throw new IOException("a block of " + length + " bytes declares " + size + " uncompressed");
            }
            if (size > bytesMax) {
                throw Compression.SNAPPY.tooLarge(bytesMax);
            }
            byte[] uncompressed = new byte[size];
            Snappy.uncompress(stored, 0, length, uncompressed, 0);
            return uncompressed;
        }
    }
}
