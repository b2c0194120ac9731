package io.milena.log;

import io.milena.log.disk.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The first offset of each leader epoch, kept in {@code leader-epoch-checkpoint}: a line "0", the number of entries, and "epoch offset" lines. Guarded by the lock of
 * its {@link Log}.
 */
final class LeaderEpochs {
    private final Path directory;
    private final TreeMap<Integer, Long> startOffsets = new TreeMap<>();
    private boolean hasChanged;

    private LeaderEpochs(Path directory) {
        this.directory = directory;
    }

    /** Of a partition's directory; none are known before {@link #read}. */
    static LeaderEpochs in(Path directory) {
        return new LeaderEpochs(directory);
    }

    /** Not kept: there may be a hundred thousand of these. */
    private Path file() {
        return file(directory);
    }

    static Path file(Path directory) {
        return directory.resolve("leader-epoch-checkpoint");
    }

    /** Reads the file if it is there. */
    void read() throws IOException {
        Path file = file();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file).stream().skip(2).toList()) {
                List<String> fields = List.of(line.split(" "));
                startOffsets.put(Integer.parseInt(fields.get(0)), Long.parseLong(fields.get(1)));
            }
        }
    }

    /** Knows what another knows. */
    void takeOver(LeaderEpochs other) {
        startOffsets.clear();
        startOffsets.putAll(other.startOffsets);
        hasChanged = true;
    }

    int latest() {
        return startOffsets.isEmpty() ? -1 : startOffsets.lastKey();
    }

    /** Notes that {@code epoch} begins at {@code offset}, unless it is known. */
    boolean assign(int epoch, long offset) {
        boolean isNew = epoch > latest() && startOffsets.put(epoch, offset) == null;
        hasChanged |= isNew;
        return isNew;
    }

    /**
     * After a recovery: a file that is there may have epochs of records that were lost, whose offsets others will have, and lack those of the batches that were read, which the next start
     * need not read again.
     */
    void refresh() throws IOException {
        if (Files.exists(file())) {
            write();
        }
    }

    /** Brings the file up to date, durably. */
    void write() throws IOException {
        if (!hasChanged) {
            return;
        }
        hasChanged = false;
        StringBuilder text =
                new StringBuilder("0\n").append(startOffsets.size()).append('\n');
        startOffsets.forEach(
                (epoch, offset) -> text.append(epoch).append(' ').append(offset).append('\n'));
        Checkpoint.replace(file(), text.toString());
    }

    int epochAt(long offset) {
        int found = -1;
        for (Map.Entry<Integer, Long> entry : startOffsets.entrySet()) {
            if (entry.getValue() <= offset) {
                found = entry.getKey();
            }
        }
        return found;
    }

    /** The end of the largest epoch that is not above {@code epoch}, as KIP-101 and KIP-279 want it. */
    EpochEnd endOffsetFor(int epoch, long logEndOffset) {
        if (startOffsets.isEmpty() || epoch < 0 || epoch > latest()) {
            return EpochEnd.UNKNOWN;
        }
        if (epoch == latest()) {
            return new EpochEnd(epoch, logEndOffset);
        }
        Map.Entry<Integer, Long> next = startOffsets.higherEntry(epoch);
        Map.Entry<Integer, Long> floor = startOffsets.floorEntry(epoch);
        long end = next == null ? logEndOffset : next.getValue();
        return new EpochEnd(floor == null ? epoch : floor.getKey(), end);
    }

    void truncateFromStart(long logStartOffset) {
        Map.Entry<Integer, Long> current = null;
        for (Map.Entry<Integer, Long> entry : startOffsets.entrySet()) {
            if (entry.getValue() <= logStartOffset) {
                current = entry;
            }
        }
        if (current != null) {
            int epoch = current.getKey();
            hasChanged |= current.getValue() < logStartOffset;
            startOffsets.headMap(epoch).clear();
            startOffsets.put(epoch, logStartOffset);
        }
    }

    void truncateFromEnd(long endOffset) {
        hasChanged |= startOffsets.values().removeIf(start -> start >= endOffset);
    }

    /** Knows none any more. */
    void clear() {
        startOffsets.clear();
        hasChanged = true;
    }
}
