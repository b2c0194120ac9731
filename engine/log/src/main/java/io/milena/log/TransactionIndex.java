package io.milena.log;

import io.milena.log.disk.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The aborted transactions whose markers lie in one segment, ordered by marker. There is a file only where there is an entry. One that cannot be an index, or is not what a
 * {@link TransactionIndexMark} says, is to be made anew from the batches. Guarded by the lock of its {@link Log}.
 *
 * <pre>
 * .txnindex   int16 version (0) | int64 producer id | int64 first offset | int64 last offset, of the marker | int64 last stable offset
 * </pre>
 */
final class TransactionIndex {
    private static final int ENTRY_BYTES = 34;
    private static final short VERSION = 0;

    private final Path file;
    private final long baseOffset;
    /** Null until somebody asks. */
    private @Nullable List<AbortedTransaction> entries;

    private final Writes writes = new Writes();

    /** What the file must begin with; null where nobody knows. */
    private @Nullable TransactionIndexMark expected;

    TransactionIndex(Path file, long baseOffset) {
        this.file = file;
        this.baseOffset = baseOffset;
    }

    /** Called before anybody asks for the entries. */
    void expect(@Nullable TransactionIndexMark mark) {
        expected = mark;
    }

    /** What is known of the entries; null where there are none, or nobody has asked for them. */
    @Nullable
    TransactionIndexMark mark() {
        List<AbortedTransaction> known = entries;
        if (known == null) {
            return expected;
        }
        return known.isEmpty() ? null : TransactionIndexMark.of(known.size(), bytesOf(known));
    }

    /** Whether there should be a file. */
    boolean isExpected() {
        return expected != null;
    }

    /** @throws DamagedFileException if the file cannot be the index of this segment */
    List<AbortedTransaction> entries() throws IOException {
        List<AbortedTransaction> known = entries;
        if (known == null) {
            known = read();
            entries = known;
        }
        return known;
    }

    /** Whether the file, if there is one, can be the index of this segment, which ends at an offset. */
    boolean isSound(long endOffset) throws IOException {
        try {
            return entries().isEmpty() || entries().getLast().lastOffset() < endOffset;
        } catch (DamagedFileException e) {
            return false;
        }
    }

    private List<AbortedTransaction> read() throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            if (expected != null) {
                throw new DamagedFileException(file, 0, "the file is lost");
            }
            return new ArrayList<>();
        }
        if (bytes.length % ENTRY_BYTES != 0) {
            throw new DamagedFileException(file, bytes.length, "an entry is cut off");
        }
        List<AbortedTransaction> read = new ArrayList<>(bytes.length / ENTRY_BYTES);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long lastMarker = baseOffset - 1;
        while (in.hasRemaining()) {
            int position = in.position();
            short version = in.getShort();
            AbortedTransaction entry = new AbortedTransaction(in.getLong(), in.getLong(), in.getLong(), in.getLong());
            if (version != VERSION || !isPossible(entry, lastMarker)) {
                throw new DamagedFileException(file, position, "this is no aborted transaction");
            }
            lastMarker = entry.lastOffset();
            read.add(entry);
        }
        compare(read, expected);
        return read;
    }

    private void compare(List<AbortedTransaction> read, @Nullable TransactionIndexMark mark) throws IOException {
        if (mark != null
                && (read.size() < mark.entries()
                        || !mark.equals(
                                TransactionIndexMark.of(mark.entries(), bytesOf(read.subList(0, mark.entries())))))) {
            throw new DamagedFileException(file, 0, "the entries are not those that were written");
        }
    }

    /** The bytes of a whole index. */
    static ByteBuffer bytesOf(List<AbortedTransaction> entries) {
        ByteBuffer out = ByteBuffer.allocate(entries.size() * ENTRY_BYTES);
        for (AbortedTransaction entry : entries) {
            out.putShort(VERSION).putLong(entry.producerId());
            out.putLong(entry.firstOffset()).putLong(entry.lastOffset()).putLong(entry.lastStableOffset());
        }
        return out.flip();
    }

    private static boolean isPossible(AbortedTransaction entry, long lastMarker) {
        return entry.producerId() >= 0
                && entry.firstOffset() >= 0
                && entry.firstOffset() < entry.lastOffset()
                && entry.lastOffset() > lastMarker
                && entry.lastStableOffset() >= 0
                && entry.lastStableOffset() <= entry.lastOffset() + 1;
    }

    /** Ignored if its marker is known. Answers whether a file was made for it. */
    boolean add(AbortedTransaction aborted) throws IOException {
        List<AbortedTransaction> known = entries();
        if (!known.isEmpty() && known.getLast().lastOffset() >= aborted.lastOffset()) {
            return false;
        }
        ByteBuffer out = bytesOf(List.of(aborted));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            write(channel, (long) known.size() * ENTRY_BYTES, out);
        }
        writes.written();
        known.add(aborted);
        return known.size() == 1;
    }

    /** When that fails, nothing of it stays. */
    private static void write(FileChannel channel, long end, ByteBuffer out) throws IOException {
        try {
            long at = end;
            while (out.hasRemaining()) {
                at += channel.write(out, at);
            }
        } catch (IOException e) {
            channel.truncate(end);
            throw e;
        }
    }

    /** Those that ended at or behind an offset. */
    List<AbortedTransaction> from(long offset) throws IOException {
        return entries().stream().filter(entry -> entry.lastOffset() >= offset).toList();
    }

    /**
     * Replaces what it says of the transactions that ended at or behind an offset, in one step; without a sound file, of all. Answers whether anything was written: then the directory is to be
     * forced.
     *
     * @param later those that the batches from {@code offset} on tell of
     */
    boolean replaceFrom(long offset, List<AbortedTransaction> later) throws IOException {
        boolean isSound = isSound(Long.MAX_VALUE);
        if (isSound && later.isEmpty() && from(offset).isEmpty()) {
            return false;
        }
        List<AbortedTransaction> all = new ArrayList<>();
        if (isSound) {
            entries().stream().filter(entry -> entry.lastOffset() < offset).forEach(all::add);
        }
        all.addAll(later);
        if (!all.isEmpty()) {
            Checkpoint.replace(file, bytesOf(all));
        }
        writes.forgotten();
        if (all.isEmpty()) {
            Files.deleteIfExists(file);
        }
        entries = all;
        expected = null;
        return true;
    }

    /** Without the log's lock. */
    void force() throws IOException {
        writes.force(() -> Checkpoint.force(file));
    }
}
