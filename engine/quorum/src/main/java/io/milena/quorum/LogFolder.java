package io.milena.quorum;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The names in the directory of the metadata log.
 *
 * <pre>
 * 20 digits .log                           the base offset of the first batch
 * 20 digits - 10 digits .checkpoint        a snapshot: the offset behind it, and the epoch of its last record
 * 20 digits - 10 digits .checkpoint.part   a snapshot that was not finished
 * quorum                                   the log of a quorum, which takes the place of all of these
 * quorum.part                              one that was not finished
 * </pre>
 */
final class LogFolder {
    private static final int OFFSET_DIGITS = 20;
    private static final int EPOCH_DIGITS = 10;
    private static final String LOG = ".log";
    private static final String SNAPSHOT = ".checkpoint";
    private static final String UNFINISHED = ".part";
    private static final String QUORUM = "quorum";

    private final Path path;

    LogFolder(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    Path quorum() {
        return path.resolve(QUORUM);
    }

    Path unfinishedQuorum() {
        return unfinished(quorum());
    }

    Path log(long baseOffset) {
        return path.resolve(digits(baseOffset, OFFSET_DIGITS) + LOG);
    }

    Path snapshot(long endOffset, int epoch) {
        return path.resolve(digits(endOffset, OFFSET_DIGITS) + "-" + digits(epoch, EPOCH_DIGITS) + SNAPSHOT);
    }

    /** Without a formatter, whose classes take 15 ms of every start. */
    private static String digits(long number, int count) {
        String digits = Long.toString(number);
        return "0".repeat(count - digits.length()) + digits;
    }

    static Path unfinished(Path snapshot) {
        return snapshot.resolveSibling(snapshot.getFileName() + UNFINISHED);
    }

    /** Whether nothing was ever logged here. */
    boolean isEmpty() throws IOException {
        return !Files.exists(path) || (logs().isEmpty() && snapshots().isEmpty());
    }

    /** The oldest first. */
    List<Path> logs() throws IOException {
        return named(LOG);
    }

    /** The newest first. */
    List<Path> snapshots() throws IOException {
        return named(SNAPSHOT).reversed();
    }

    private List<Path> named(String ending) throws IOException {
        return files().stream()
                .filter(file -> hasOffset(file) && nameOf(file).endsWith(ending))
                .sorted(Comparator.comparing(LogFolder::nameOf))
                .toList();
    }

    /** The offset that a log begins with, or a snapshot ends before. */
    static long offset(Path file) {
        return Long.parseLong(nameOf(file).substring(0, OFFSET_DIGITS));
    }

    /** In the name of a snapshot. */
    static int epoch(Path snapshot) {
        int from = OFFSET_DIGITS + 1;
        return Integer.parseInt(nameOf(snapshot).substring(from, from + EPOCH_DIGITS));
    }

    private static boolean hasOffset(Path file) {
        String name = nameOf(file);
        return name.length() > OFFSET_DIGITS
                && name.substring(0, OFFSET_DIGITS).chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static String nameOf(Path file) {
        return file.getFileName().toString();
    }

    /** Deletes what a snapshot up to {@code offset} has replaced, and snapshots that were not finished. */
    void deleteBefore(long offset) throws IOException {
        for (Path file : files()) {
            boolean isOurs = nameOf(file).endsWith(LOG) || nameOf(file).endsWith(SNAPSHOT);
            if (nameOf(file).endsWith(SNAPSHOT + UNFINISHED) || (isOurs && hasOffset(file) && offset(file) < offset)) {
                Files.delete(file);
            }
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.toList();
        }
    }
}
