package io.milena.log;

import io.milena.log.disk.FileSystemSync;
import io.milena.log.disk.Forces;
import io.milena.log.disk.SideBySide;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
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
    /** The same where each has much that is to be written. */
    private static final int MANY_LARGE = 3;
    /** What others write to the same file system may be behind a force of much that takes so long, and so long for each byte; after it, none is begun for so many times as long. */
    private static final long SLOW_NS = 200_000_000;

    private static final long SLOW_NS_PER_BYTE = 20;

    private static final int RESTS = 20;

    private final Clock clock;
    private volatile Deadline rest;

    private final Threads threads;
    private final Optional<FileSystemSync> fileSystem;
    private final Forces forces;

    Forcing(Path directory, Clock clock, Threads threads) {
        this.clock = clock;
        this.rest = Deadline.afterMs(clock, 0);
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

    /** Whether much that so many logs have may be forced in the place of a round of the journal: somebody waits for all of it. */
    boolean mayForceMuch(int logs) {
        return rest.isPast() && (logs < MANY_LARGE || fileSystem.isPresent());
    }

    /** Forces much that a few logs have, so many bytes in all. */
    void forceMuch(List<Log> logs, long bytes, Flusher flusher) {
        long begin = clock.nanos();
        force(logs, flusher, logs.size() >= MANY_LARGE);
        long took = clock.nanos() - begin;
        if (took > Math.max(SLOW_NS, bytes * SLOW_NS_PER_BYTE)) {
            rest = Deadline.afterNanos(clock, RESTS * took);
        }
    }

    /** Forces what logs have by now. */
    void force(List<Log> logs, Flusher flusher) {
        force(logs, flusher, isForAll(logs.size()));
    }

    private void force(List<Log> logs, Flusher flusher, boolean isForAll) {
        if (!isForAll) {
            logs.forEach(log -> log.durability().beginFlush(flusher).ifPresent(LogFlush::run));
            return;
        }
        List<LogFlush> flushes = logs.stream()
                .flatMap(log -> log.durability().beginFlush(flusher).stream())
                .toList();
        try {
            forceAll();
            flushes.forEach(LogFlush::succeeded);
        } catch (IOException e) {
            flushes.forEach(flush -> flush.failed(e));
        }
    }

    /** Forces whatever is dirty. */
    private void forceAll() throws IOException {
        fileSystem.orElseThrow().force();
    }

    /** Forces the files of logs that are closed, where something was in the journal only. */
    void forceClosed(List<Log> logs, Flusher flusher) throws IOException {
        List<Forceable> files = logs.stream()
                .filter(log -> log.durability().isAhead())
                .flatMap(log -> log.durability().beginFlush(flusher).stream())
                .<Forceable>map(flush -> flush::force)
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
