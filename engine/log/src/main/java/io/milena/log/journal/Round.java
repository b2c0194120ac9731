package io.milena.log.journal;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/** What is written and forced together: entries of any number of logs. Used again and again by one thread. */
public final class Round {
    static final int BLOCK_BYTES = 4096;
    static final int MAGIC = 0x4D4A524E;
    static final int HEADER_BYTES = 28;
    static final int ENTRY_HEADER_BYTES = 28;
    private static final int CRC_POSITION = 4;

    private final ByteBuffer buffer;

    /** @param bytes the most that it holds, with all headers; a multiple of 4,096 */
    public Round(int bytes) {
        this.buffer = ByteBuffer.allocateDirect(bytes + BLOCK_BYTES).alignedSlice(BLOCK_BYTES);
        clear();
    }

    public void clear() {
        buffer.clear().position(HEADER_BYTES);
    }

    /** Where the next entry will stand. */
    public int end() {
        return buffer.position();
    }

    /** Takes the entries back that were added since it ended there. */
    public void cutTo(int end) {
        buffer.position(end);
    }

    public boolean isEmpty() {
        return buffer.position() == HEADER_BYTES;
    }

    /** How much of a round an entry of so many bytes takes. */
    public static long sizeOf(long bytes) {
        return ENTRY_HEADER_BYTES + bytes;
    }

    /** Whether entries of that size in all fit behind those that are here. */
    public boolean hasRoomFor(long size) {
        return size <= buffer.remaining();
    }

    /** Something that puts the bytes of an entry into a buffer. */
    @FunctionalInterface
    public interface Source<E extends Exception> {
        /** Fills the buffer to its limit. */
        void fill(ByteBuffer into) throws E;
    }

    /** Adds an entry, or nothing if its source fails. */
    public <E extends Exception> void add(
            UUID topicId, int partition, JournalEntry.Kind kind, int bytes, Source<E> source) throws E {
        int start = buffer.position();
        source.fill(buffer.slice(start + ENTRY_HEADER_BYTES, bytes));
        buffer.putLong(topicId.getMostSignificantBits())
                .putLong(topicId.getLeastSignificantBits())
                .putInt(partition)
                .putInt(kind.code())
                .putInt(bytes)
                .position(start + ENTRY_HEADER_BYTES + bytes);
    }

    /** How much of a file it takes. */
    int sizeInBytes() {
        return padded(buffer.position());
    }

    static int padded(int bytes) {
        return (bytes + BLOCK_BYTES - 1) & -BLOCK_BYTES;
    }

    /** All of it, as it is to be written. */
    ByteBuffer complete(long generation, int number, int roundsBefore) {
        int end = buffer.position();
        buffer.putInt(0, MAGIC)
                .putLong(8, generation)
                .putInt(16, number)
                .putInt(20, roundsBefore)
                .putInt(24, end - HEADER_BYTES);
        buffer.putInt(CRC_POSITION, crc(buffer, end));
        for (int at = end; at < padded(end); at++) {
            buffer.put(at, (byte) 0);
        }
        return buffer.slice(0, padded(end));
    }

    /** Of a round that ends at {@code end}. */
    static int crc(ByteBuffer round, int end) {
        CRC32C crc = new CRC32C();
        crc.update(round.slice(CRC_POSITION + 4, end - CRC_POSITION - 4));
        return (int) crc.getValue();
    }
}
