package io.milena.log.journal;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what an earlier process has left of its journal. */
public final class JournalReader {
    private static final System.Logger LOG = System.getLogger(JournalReader.class.getName());

    private final Path directory;

    public JournalReader(Path directory) {
        this.directory = directory;
    }

    /** Takes entries in the order in which they were written. */
    @FunctionalInterface
    public interface Visitor {
        void visit(JournalEntry entry) throws IOException;
    }

    private record Found(Path path, long generation, int roundsBefore) {}

    private List<Path> files() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith(Journal.FILE))
                    .sorted()
                    .toList();
        }
    }

    /** Every entry of every round that was written to its end; a torn round is the last of all, and nobody was told of it. */
    public void forEach(Visitor visitor) throws IOException {
        List<Found> found = new ArrayList<>();
        for (Path path : files()) {
            try (FileChannel channel = FileChannel.open(path)) {
                ByteBuffer first = round(channel, 0);
                if (first != null && first.getInt(16) == 0) {
                    found.add(new Found(path, first.getLong(8), first.getInt(20)));
                }
            }
        }
        found.sort(Comparator.comparingLong(Found::generation));
        for (int i = 0; i < found.size(); i++) {
            int rounds = read(found.get(i), visitor);
            boolean isNextThere = i + 1 < found.size() && found.get(i + 1).generation == found.get(i).generation + 1;
            if (isNextThere && found.get(i + 1).roundsBefore != rounds) {
                LOG.log(
                        Level.ERROR,
                        "{0} is damaged: {1} of {2} rounds can be read",
                        found.get(i).path,
                        rounds,
                        found.get(i + 1).roundsBefore);
            }
        }
    }

    private static int read(Found file, Visitor visitor) throws IOException {
        try (FileChannel channel = FileChannel.open(file.path)) {
            int rounds = 0;
            long position = 0;
            ByteBuffer round = round(channel, position);
            while (round != null && round.getLong(8) == file.generation && round.getInt(16) == rounds) {
                forEachEntry(round, visitor);
                rounds++;
                position += Round.padded(round.limit());
                round = round(channel, position);
            }
            return rounds;
        }
    }

    private static void forEachEntry(ByteBuffer round, Visitor visitor) throws IOException {
        ByteBuffer rest = round.duplicate().position(Round.HEADER_BYTES);
        while (rest.hasRemaining()) {
            UUID topicId = new UUID(rest.getLong(), rest.getLong());
            int partition = rest.getInt();
            JournalEntry.Kind kind = JournalEntry.Kind.of(rest.getInt());
            int bytes = rest.getInt();
            ByteBuffer content = rest.slice(rest.position(), bytes);
            rest.position(rest.position() + bytes);
            if (kind == null) {
                throw new IOException("an entry of the journal is of a kind that this release does not know");
            }
            visitor.visit(new JournalEntry(topicId, partition, kind, content));
        }
    }

    /** The whole round at a position; null where there is none, or not all of it. */
    private static @Nullable ByteBuffer round(FileChannel channel, long position) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(Round.HEADER_BYTES);
        if (!isRead(channel, position, header)) {
            return null;
        }
        int bytes = header.getInt(24);
        if (header.getInt(0) != Round.MAGIC || bytes < 0 || bytes > channel.size() - position - Round.HEADER_BYTES) {
            return null;
        }
        ByteBuffer round = ByteBuffer.allocate(Round.HEADER_BYTES + bytes);
        return isRead(channel, position, round) && Round.crc(round, round.limit()) == header.getInt(4)
                ? round.position(0)
                : null;
    }

    /** Whether the file has bytes enough for the buffer. */
    private static boolean isRead(FileChannel channel, long position, ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (channel.read(into, position + into.position()) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether there is a journal. */
    public boolean isThere() throws IOException {
        return !files().isEmpty();
    }

    /** It is not needed any more. */
    public void delete() throws IOException {
        List<Path> doomed = files();
        for (Path file : doomed) {
            Files.delete(file);
        }
        if (!doomed.isEmpty()) {
            Journal.forceNames(directory);
        }
    }
}
