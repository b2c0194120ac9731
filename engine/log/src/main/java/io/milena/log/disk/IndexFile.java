package io.milena.log.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** One index file of a sealed segment, which does not change any more: its entries are read a block at a time, by way of {@link IndexBlocks}. Equal to no other. */
public final class IndexFile {
    private static final int BLOCK_ENTRIES = 512;

    private final Path path;
    private final int entryBytes;
    private final int count;
    private final OpenFiles files;

    /** @param count how many whole entries there are */
    public IndexFile(Path path, int entryBytes, int count, OpenFiles files) {
        this.path = path;
        this.entryBytes = entryBytes;
        this.count = count;
        this.files = files;
    }

    public int count() {
        return count;
    }

    /** The four bytes at a place in an entry. */
    public int intAt(int entry, int place) throws IOException {
        return block(entry).getInt(entry % BLOCK_ENTRIES * entryBytes + place);
    }

    /** The eight bytes at a place in an entry. */
    public long longAt(int entry, int place) throws IOException {
        return block(entry).getLong(entry % BLOCK_ENTRIES * entryBytes + place);
    }

    private ByteBuffer block(int entry) throws IOException {
        int number = entry / BLOCK_ENTRIES;
        return files.indexes().of(this, number, () -> read(number));
    }

    /** @throws NoSuchFileException if the file is not there, or shorter than it was */
    private ByteBuffer read(int number) throws IOException {
        int first = number * BLOCK_ENTRIES;
        ByteBuffer block = ByteBuffer.allocate(Math.min(BLOCK_ENTRIES, count - first) * entryBytes);
        try (FileChannel channel = files.openToRead(path)) {
            long position = (long) first * entryBytes;
            while (block.hasRemaining()) {
                int n = channel.read(block, position + block.position());
                if (n < 0) {
                    throw new NoSuchFileException(path.toString(), null, "it is shorter than it was");
                }
            }
        }
        return block;
    }
}
