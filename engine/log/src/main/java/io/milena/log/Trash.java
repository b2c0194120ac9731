package io.milena.log;

import io.milena.runtime.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What is renamed and will be deleted when its delay is over: segments ({@code .deleted}) and whole partitions ({@code -delete}). */
final class Trash {
    static final String DIRECTORY_ENDING = "-delete";
    private static final String FILE_ENDING = ".deleted";

    private final Clock clock;
    private final OpenFiles files;
    private final Queue<Item> items = new ConcurrentLinkedQueue<>();

    private record Item(Path path, long deleteAtMs) {}

    Trash(Clock clock, OpenFiles files) {
        this.clock = clock;
        this.files = files;
    }

    void addDirectory(Path directory, long delayMs) {
        items.add(new Item(directory, clock.millis() + delayMs));
    }

    void addSegment(Segment segment, long delayMs) throws IOException {
        files.forget(segment.file(".log"));
        for (String ending : List.of(".log", ".index", ".timeindex", ".snapshot")) {
            Path file = segment.file(ending);
            if (Files.exists(file)) {
                Path renamed = file.resolveSibling(file.getFileName() + FILE_ENDING);
                Files.move(file, renamed, StandardCopyOption.ATOMIC_MOVE);
                items.add(new Item(renamed, clock.millis() + delayMs));
            }
        }
    }

    void empty() throws IOException {
        long nowMs = clock.millis();
        for (Item item : List.copyOf(items)) {
            if (item.deleteAtMs <= nowMs) {
                LogDirectory.deleteRecursively(item.path);
                items.remove(item);
            }
        }
    }
}
