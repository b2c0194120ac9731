package io.milena.log;

import io.milena.log.disk.OpenFiles;
import io.milena.runtime.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * What is renamed and will be deleted when its delay is over: segments ({@code .deleted}) and whole partitions ({@code -delete}). What cannot be renamed or deleted stays
 * here and is tried again in the next round.
 */
final class Trash {
    static final String DIRECTORY_ENDING = "-delete";
    static final String FILE_ENDING = ".deleted";
    private static final System.Logger LOG = System.getLogger(Trash.class.getName());

    private final Clock clock;
    private final OpenFiles files;
    /** Held while files are renamed: whoever wants one of their names for something else waits for it. */
    private final ReentrantLock renaming = new ReentrantLock();

    private final Queue<Doomed> doomed = new ConcurrentLinkedQueue<>();
    private final Queue<Item> items = new ConcurrentLinkedQueue<>();

    /** A segment that bears its own name still. */
    private record Doomed(Segment segment, long delayMs) {}

    private record Item(Path path, long deleteAtMs) {}

    Trash(Clock clock, OpenFiles files) {
        this.clock = clock;
        this.files = files;
    }

    void addDirectory(Path directory, long delayMs) {
        items.add(new Item(directory, clock.millis() + delayMs));
    }

    /** What an earlier process has renamed in a partition's directory and not deleted. */
    void addLeftovers(PartitionFiles files) {
        files.endingWith(FILE_ENDING).forEach(file -> addDirectory(file, 0));
    }

    /** The segment's files are renamed in the next {@link #empty}: its log's new start must be durable before. */
    void addSegment(Segment segment, long delayMs) {
        doomed.add(new Doomed(segment, delayMs));
    }

    /** A directory goes as a whole, or all of its segments do: their names may soon be those of others, which must not be taken for these. */
    void forgetSegmentsIn(Path directory) {
        renaming.lock();
        try {
            for (Doomed each : List.copyOf(doomed)) {
                Path file = each.segment.file(".log");
                if (directory.equals(file.getParent())) {
                    files.forget(file); // or the next file of that name is taken for it
                    doomed.remove(each);
                }
            }
        } finally {
            renaming.unlock();
        }
    }

    void empty() {
        for (Doomed each : List.copyOf(doomed)) {
            try {
                renameIfDoomed(each);
            } catch (IOException e) {
                LOG.log(Level.ERROR, "Cannot rename " + each.segment.file(".log") + "; it is tried again", e);
            }
        }
        long nowMs = clock.millis();
        for (Item item : List.copyOf(items)) {
            if (item.deleteAtMs <= nowMs) {
                delete(item);
            }
        }
    }

    /** Deletes everything that bears no log's name any more, whatever its delay: for when the disk is short of space. */
    void emptyRenamed() {
        List.copyOf(items).forEach(this::delete);
    }

    /** Without a delay, and at once if possible. */
    void deleteNow(Path directory) {
        Item item = new Item(directory, clock.millis());
        items.add(item);
        delete(item);
    }

    private void delete(Item item) {
        try {
            deleteRecursively(item.path);
            items.remove(item);
        } catch (IOException e) {
            LOG.log(Level.ERROR, "Cannot delete " + item.path + "; it is tried again", e);
        }
    }

    private void renameIfDoomed(Doomed each) throws IOException {
        renaming.lock();
        try {
            if (doomed.contains(each)) {
                rename(each);
                doomed.remove(each);
            }
        } finally {
            renaming.unlock();
        }
    }

    private void rename(Doomed each) throws IOException {
        files.forget(each.segment.file(".log"));
        for (String ending : List.of(".log", ".index", ".timeindex", ".txnindex", ".snapshot")) {
            Path file = each.segment.file(ending);
            if (Files.exists(file)) {
                Path renamed = file.resolveSibling(file.getFileName() + FILE_ENDING);
                Files.move(file, renamed, StandardCopyOption.ATOMIC_MOVE);
                items.add(new Item(renamed, clock.millis() + each.delayMs));
            }
        }
    }

    static void deleteRecursively(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return; // it went with the directory that held it
        }
        List<Path> all;
        try (Stream<Path> contents = Files.walk(folder)) {
            all = contents.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path each : all) {
            Files.deleteIfExists(each);
        }
    }
}
