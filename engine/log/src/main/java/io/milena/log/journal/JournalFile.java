package io.milena.log.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/** One file of a {@link Journal}, and up to where the logs must be forced before it may be written from its start again. Confined to the thread that writes rounds. */
final class JournalFile {
    private static final int ZEROS = 1 << 20;

    private final Path path;
    private final RoundChannel channel;
    private final int sizeInBytes;
    private final Map<Journal.Source, Long> held = new HashMap<>();
    private int position;
    private long generation;
    private int rounds;
    private int roundsBefore;

    private JournalFile(Path path, RoundChannel channel, int sizeInBytes) {
        this.path = path;
        this.channel = channel;
        this.sizeInBytes = sizeInBytes;
    }

    /** Makes it, with all its bytes and its name on disk, so that overwriting it changes nothing of the file system's own. */
    static JournalFile create(Path path, int sizeInBytes) throws IOException {
        try {
            writeZeros(path, sizeInBytes);
            Journal.forceNames(path.resolveSibling(""));
            return new JournalFile(path, RoundChannel.open(path), sizeInBytes);
        } catch (IOException e) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException leftover) {
                e.addSuppressed(leftover);
            }
            throw e;
        }
    }

    private static void writeZeros(Path path, int sizeInBytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(ZEROS, sizeInBytes));
            for (int at = 0; at < sizeInBytes; ) {
                zeros.clear().limit(Math.min(zeros.capacity(), sizeInBytes - at));
                at += channel.write(zeros, at);
            }
            channel.force(true);
        }
    }

    /** Whether everything that it has is in the files of the logs. */
    boolean isFree() {
        held.entrySet().removeIf(log -> log.getKey().isForced(log.getValue()));
        return held.isEmpty();
    }

    /** Begins to write it from its start. */
    void begin(long newGeneration, int roundsOfTheOneBefore) {
        generation = newGeneration;
        roundsBefore = roundsOfTheOneBefore;
        rounds = 0;
        position = 0;
    }

    int rounds() {
        return rounds;
    }

    boolean hasRoomFor(Round round) {
        return sizeInBytes - position >= round.sizeInBytes();
    }

    boolean isHalfFull() {
        return position > sizeInBytes / 2;
    }

    void hold(Journal.Source log, long endOffset) {
        held.merge(log, endOffset, Math::max);
    }

    /** When it returns, the round is on disk. */
    void write(Round round) throws IOException {
        channel.write(round.complete(generation, rounds, roundsBefore), position);
        position += round.sizeInBytes();
        rounds++;
    }

    void close() throws IOException {
        channel.close();
    }

    void delete() throws IOException {
        channel.close();
        Files.deleteIfExists(path);
    }
}
