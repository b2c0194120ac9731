package io.milena.log;

import io.milena.log.disk.FileSystemSync;
import io.milena.log.disk.Forces;
import io.milena.log.disk.SideBySide;
import io.milena.runtime.Clock;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Forces files of one data directory: few side by side, many with one {@code syncfs} of their file system where the machine has it, which is one commit of its journal however many files are
 * dirty. Safe for use by many threads.
 */
final class Forcing {
    /** From how many files on one {@code syncfs} is quicker; docs/decisions/0005 has the measurements. */
    private static final int MANY = 16;

    private final Threads threads;
    private final Optional<FileSystemSync> fileSystem;
    private final Forces forces;

    Forcing(Path directory, Clock clock, Threads threads) {
        this.forces = new Forces(clock);
        this.threads = threads;
        this.fileSystem = FileSystemSync.of(directory);
    }

    /** Something that can be forced to disk. */
    @FunctionalInterface
    interface Forceable {
        void force() throws IOException;
    }

    /** What is under way; whoever forces for somebody who waits says so. */
    Forces forces() {
        return forces;
    }

    /** Whether so many are better forced all at once. */
    boolean isForAll(int files) {
        return files >= MANY && fileSystem.isPresent();
    }

    /** Forces whatever is dirty. */
    void forceAll() throws IOException {
        fileSystem.orElseThrow().force();
    }

    /** Forces the files of logs that are closed, where something was in the journal only. */
    void forceClosed(List<Log> logs, Flusher flusher) throws IOException {
        List<Forceable> files = logs.stream()
                .filter(log -> log.durability().isAhead())
                .flatMap(log -> log.durability().beginFlush(flusher).stream())
                .<Forceable>map(flush -> flush::run)
                .toList();
        force(files);
        logs.forEach(Log::close); // what forcing has opened
    }

    /** When nothing is forced here any more. */
    void close() {
        fileSystem.ifPresent(FileSystemSync::close);
    }

    /** Ends when all are on disk. */
    void force(List<Forceable> files) throws IOException {
        if (isForAll(files.size())) {
            forceAll();
        } else {
            SideBySide.forEach(files, threads, Forceable::force);
        }
    }
}
