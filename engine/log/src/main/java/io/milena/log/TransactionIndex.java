package io.milena.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The aborted transactions whose markers lie in one segment, ordered by marker. There is a file only where there is an entry. Guarded by the lock of its {@link Log}.
 *
 * <pre>
 * .txnindex   int16 version (0) | int64 producer id | int64 first offset | int64 last offset, of the marker | int64 last stable offset
 * </pre>
 */
final class TransactionIndex {
    private static final int ENTRY_BYTES = 34;
    private static final short VERSION = 0;

    private final Path file;
    /** Null until somebody asks. */
    private @Nullable List<AbortedTransaction> entries;

    /** Set under the log's lock, taken back by the one that forces. */
    private volatile boolean isUnforced;

    TransactionIndex(Path file) {
        this.file = file;
    }

    List<AbortedTransaction> entries() throws IOException {
        List<AbortedTransaction> known = entries;
        if (known == null) {
            known = Files.exists(file) ? read(ByteBuffer.wrap(Files.readAllBytes(file))) : new ArrayList<>();
            entries = known;
        }
        return known;
    }

    /** Up to the first entry that cannot be one. */
    private static List<AbortedTransaction> read(ByteBuffer in) {
        List<AbortedTransaction> read = new ArrayList<>();
        long lastMarker = -1;
        while (in.remaining() >= ENTRY_BYTES && in.getShort() == VERSION) {
            AbortedTransaction entry = new AbortedTransaction(in.getLong(), in.getLong(), in.getLong(), in.getLong());
            if (entry.lastOffset() <= lastMarker || entry.firstOffset() > entry.lastOffset()) {
                break;
            }
            lastMarker = entry.lastOffset();
            read.add(entry);
        }
        return read;
    }

    /** Ignored if its marker, or a later one, is known. */
    void add(AbortedTransaction aborted) throws IOException {
        List<AbortedTransaction> known = entries();
        if (known.isEmpty() || known.getLast().lastOffset() < aborted.lastOffset()) {
            write(known.size(), aborted);
            known.add(aborted);
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

    private void write(int index, AbortedTransaction entry) throws IOException {
        ByteBuffer out = bytesOf(List.of(entry));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long at = (long) index * ENTRY_BYTES;
            while (out.hasRemaining()) {
                at += channel.write(out, at);
            }
        }
        isUnforced = true;
    }

    /** Forgets the transactions that end at or behind an offset. */
    void removeFrom(long offset) throws IOException {
        List<AbortedTransaction> known = entries();
        known.removeIf(entry -> entry.lastOffset() >= offset);
        if (Files.exists(file)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate((long) known.size() * ENTRY_BYTES);
            }
            isUnforced = true;
        }
    }

    /** Without the log's lock. */
    void force() throws IOException {
        if (isUnforced) {
            isUnforced = false;
            Checkpoint.force(file);
        }
    }
}
