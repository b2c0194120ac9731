package io.milena.testkit;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one file, in blocks that exist only where something was written; the rest reads as zeros. Not safe for several threads.
 */
final class SparseBytes {
    static final int BLOCK_BYTES = 4096;

    /** By their position divided by their size. */
    private final TreeMap<Long, byte[]> blocks = new TreeMap<>();

    private long size;

    long size() {
        return size;
    }

    long allocatedBytes() {
        return (long) blocks.size() * BLOCK_BYTES;
    }

    SparseBytes copy() {
        SparseBytes copy = new SparseBytes();
        copy.size = size;
        blocks.forEach((index, block) -> copy.blocks.put(index, block.clone()));
        return copy;
    }

    /** Reads into all of {@code target}'s room, or up to the end. Returns the count, which is 0 at the end. */
    int read(long position, ByteBuffer target) {
        int count = (int) Math.clamp(size - position, 0, (long) target.remaining());
        int done = 0;
        while (done < count) {
            long at = position + done;
            int offset = (int) (at % BLOCK_BYTES);
            int length = Math.min(count - done, BLOCK_BYTES - offset);
            byte[] block = block(at);
            if (block == null) {
                target.put(new byte[length]);
            } else {
                target.put(block, offset, length);
            }
            done += length;
        }
        return count;
    }

    /** Writes {@code length} bytes of {@code source} from {@code from} on and extends the size where needed. */
    void write(long position, byte[] source, int from, int length) {
        int done = 0;
        while (done < length) {
            long at = position + done;
            int offset = (int) (at % BLOCK_BYTES);
            int count = Math.min(length - done, BLOCK_BYTES - offset);
            System.arraycopy(source, from + done, allocatedBlock(at), offset, count);
            done += count;
        }
        size = Math.max(size, position + length);
    }

    /** Cuts or, with zeros, extends to {@code newSize}. */
    void resize(long newSize) {
        if (newSize < size) {
            blocks.tailMap(Math.ceilDiv(newSize, BLOCK_BYTES)).clear();
            byte[] last = newSize % BLOCK_BYTES == 0 ? null : block(newSize);
            if (last != null) {
                Arrays.fill(last, (int) (newSize % BLOCK_BYTES), BLOCK_BYTES, (byte) 0);
            }
        }
        size = newSize;
    }

    /** Flips the bits of {@code mask} at {@code position}, which is inside the file. */
    void flip(long position, int mask) {
        allocatedBlock(position)[(int) (position % BLOCK_BYTES)] ^= (byte) mask;
    }

    /** Whether the same would be read from both. */
    boolean isSameAs(SparseBytes other) {
        return size == other.size && hasBlocksOf(other) && other.hasBlocksOf(this);
    }

    private boolean hasBlocksOf(SparseBytes other) {
        byte[] zeros = new byte[BLOCK_BYTES];
        return other.blocks.entrySet().stream()
                .allMatch(block -> Arrays.equals(block.getValue(), blocks.getOrDefault(block.getKey(), zeros)));
    }

    boolean isAllocated(long position) {
        return block(position) != null;
    }

    private byte @Nullable [] block(long position) {
        return blocks.get(position / BLOCK_BYTES);
    }

    private byte[] allocatedBlock(long position) {
        return blocks.computeIfAbsent(position / BLOCK_BYTES, index -> new byte[BLOCK_BYTES]);
    }
}
