package io.milena.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link TopicTrash} has of one topic.
 *
 * @param note null if there is one that cannot be read; then nothing happens to the topic
 */
record TrashedTopic(@Nullable DeletionNote note, List<TrashedPartition> partitions, State state) {
    private static final System.Logger LOG = System.getLogger(TrashedTopic.class.getName());

    /** What may happen to it. */
    enum State {
        /** On its way in or out, or nobody has said yet whether it is alive: it is left alone. */
        MOVING,
        /** It can be listed, restored and emptied. */
        RESTING,
        /** Somebody wants to restore it: it is listed, and not emptied. */
        CLAIMED,
        /** A rename has failed: the next start goes on. */
        STUCK
    }

    static TrashedTopic announced(DeletionNote note) {
        return new TrashedTopic(note, List.of(), State.MOVING);
    }

    static TrashedTopic read(Path note) {
        try {
            return announced(DeletionNote.read(note));
        } catch (IOException e) {
            LOG.log(Level.ERROR, "A deleted topic cannot be restored, and is kept until its note is removed", e);
            return new TrashedTopic(null, List.of(), State.STUCK);
        }
    }

    TrashedTopic with(State other) {
        return new TrashedTopic(note, partitions, other);
    }

    TrashedTopic with(DeletionNote other) {
        return new TrashedTopic(other, partitions, state);
    }

    TrashedTopic with(List<TrashedPartition> more) {
        List<TrashedPartition> all = new ArrayList<>(partitions);
        all.addAll(more);
        return new TrashedTopic(note, List.copyOf(all), state);
    }

    boolean isOffered() {
        return state == State.RESTING || state == State.CLAIMED;
    }

    /** The partitions that this directory had at the deletion, be they empty or not. */
    Set<Integer> held() {
        Set<Integer> held = new TreeSet<>();
        if (note != null) {
            held.addAll(note.logs().keySet());
        }
        partitions.forEach(partition -> held.add(partition.partition()));
        return held;
    }

    long deletedAtMs() {
        return note == null ? Long.MAX_VALUE : note.topic().deletedAtMs();
    }

    long goesAtMs(long retentionMs) {
        long deletedAtMs = deletedAtMs();
        return deletedAtMs > Long.MAX_VALUE - retentionMs ? Long.MAX_VALUE : deletedAtMs + retentionMs;
    }

    /** Of its files. */
    long sizeInBytes() throws IOException {
        long bytes = 0;
        for (TrashedPartition partition : partitions) {
            try (Stream<Path> files = Files.list(partition.directory())) {
                for (Path file : files.toList()) {
                    bytes += Files.size(file);
                }
            } catch (NoSuchFileException e) {
                // it has just gone, or come back
            }
        }
        return bytes;
    }
}
