package io.milena.log;

import io.milena.log.disk.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The exchange of some segments for the one that compaction has made from them. It is written down in a file before it begins, so that a start after a crash carries it to its end: either
 * there is no such file and nothing has happened, or all that is needed for the exchange is on disk.
 *
 * <pre>
 * 00000000000000000042.swap       lines: "0", the number of the old segments, their base offsets; named after the new one, whose base is the first of these
 *
 * .cleaned files forced, names forced | .swap forced | old files renamed to .deleted, .cleaned files take their names | names forced | .swap deleted
 * </pre>
 */
record SegmentSwap(Path directory, List<Long> oldBases) {
    static final String CLEANED_ENDING = ".cleaned";
    /** Of the files of a segment that a new one brings with it. */
    static final List<String> ENDINGS = List.of(".log", ".index", ".timeindex", ".txnindex");

    private static final String ENDING = ".swap";

    private long newBase() {
        return oldBases.getFirst();
    }

    private Path file() {
        return file(newBase(), ENDING);
    }

    private Path file(long base, String ending) {
        return directory.resolve(FileNames.ofOffset(base) + ending);
    }

    /** Writes down durably what will be done; from then on it must be done. */
    void announce() throws IOException {
        StringBuilder text = new StringBuilder("0\n").append(oldBases.size()).append('\n');
        oldBases.forEach(base -> text.append(base).append('\n'));
        Checkpoint.forceDirectory(directory);
        Checkpoint.replaceDurably(file(), text.toString());
    }

    /** Whether it is written down, durably or not. */
    boolean isAnnounced() {
        return Files.exists(file());
    }

    /** Exchanges the files, as far as that is not done; answers what the old ones are called now. */
    List<Path> carryOut() throws IOException {
        List<Path> removed = new ArrayList<>();
        for (long base : oldBases) {
            if (base != newBase()) {
                remove(file(base, ".snapshot"), removed);
                for (String ending : ENDINGS) {
                    remove(file(base, ending), removed);
                }
            }
        }
        if (Files.exists(file(newBase(), ".log" + CLEANED_ENDING))) {
            remove(file(newBase(), ".txnindex"), removed); // the new segment may have none
        }
        for (String ending : ENDINGS.reversed()) {
            Path fresh = file(newBase(), ending + CLEANED_ENDING);
            if (Files.exists(fresh)) {
                remove(file(newBase(), ending), removed);
                move(fresh, file(newBase(), ending));
            }
        }
        return removed;
    }

    private static void remove(Path file, List<Path> removed) throws IOException {
        if (Files.exists(file)) {
            Path renamed = file.resolveSibling(file.getFileName() + Trash.FILE_ENDING);
            move(file, renamed);
            removed.add(renamed);
        }
    }

    static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Makes the exchange durable, and forgets that it was announced. */
    void conclude() throws IOException {
        Checkpoint.forceDirectory(directory);
        Files.delete(file());
        Checkpoint.forceDirectory(directory); // or it would be done once more, after other segments have come
    }

    /** Carries out what an earlier process has announced in a partition's directory, and deletes what it has not; answers what is there then. */
    static PartitionFiles finish(PartitionFiles files) throws IOException {
        List<Long> announced = files.offsets(ENDING);
        List<Path> unfinished = files.endingWith(CLEANED_ENDING);
        if (announced.isEmpty() && unfinished.isEmpty()) {
            return KafkaSwap.finish(files) ? PartitionFiles.list(files.directory()) : files;
        }
        for (long base : announced) {
            SegmentSwap swap = read(files.directory(), base);
            swap.carryOut();
            swap.conclude();
        }
        for (Path file : unfinished) {
            Files.deleteIfExists(file);
        }
        return PartitionFiles.list(files.directory());
    }

    private static SegmentSwap read(Path directory, long base) throws IOException {
        Path file = directory.resolve(FileNames.ofOffset(base) + ENDING);
        List<Long> oldBases =
                Files.readAllLines(file).stream().skip(2).map(Long::parseLong).toList();
        if (oldBases.isEmpty() || oldBases.getFirst() != base) {
            throw new IOException(file + " does not say which segments are to be exchanged");
        }
        return new SegmentSwap(directory, oldBases);
    }
}
