package io.milena.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds out what a partition's directory holds: after a clean stop by its index files, after a crash by reading what may be torn. */
final class LogLoader {
    private static final System.Logger LOG = System.getLogger(LogLoader.class.getName());
    /** The recovery point after a clean stop: everything is known to be on disk. */
    static final long CLEAN = Long.MAX_VALUE;

    private final Path directory;
    private final OpenFiles files;
    private final long recoveryPoint;
    private final long startOffset;
    private final SegmentRecovery recovery;
    private final List<Segment> segments = new ArrayList<>();
    private final Map<Integer, Long> epochs = new TreeMap<>();
    private long endOffset;

    /**
     * @param recoveryPoint what lies below is known to be on disk
     * @param startOffset what lies below is deleted, so holes there do no harm
     */
    LogLoader(Path directory, OpenFiles files, long recoveryPoint, long startOffset, int indexIntervalBytes) {
        this.directory = directory;
        this.files = files;
        this.recoveryPoint = recoveryPoint;
        this.startOffset = startOffset;
        this.recovery = new SegmentRecovery(files, indexIntervalBytes, recoveryPoint);
    }

    /** @param epochs first offsets of leader epochs, as seen in what was read */
    record Loaded(List<Segment> segments, long endOffset, Map<Integer, Long> epochs, ProducerStates producers) {}

    Loaded load() throws IOException {
        List<Long> bases = offsets(directory, ".log");
        endOffset = bases.isEmpty() ? 0 : bases.getFirst();
        for (int i = 0; i < bases.size(); i++) {
            long base = bases.get(i);
            boolean isLast = i == bases.size() - 1;
            boolean isOpened = isLast ? openActive(base) : openSealed(base, bases.get(i + 1));
            if (isOpened) {
                continue;
            }
            boolean isWhole = recover(base, isLast);
            if (!isLast && (!isWhole || bases.get(i + 1) > Math.max(endOffset, startOffset))) {
                // What follows a cut was never acknowledged: acknowledgement needs everything before it on disk.
                delete(bases.subList(i + 1, bases.size()));
                break;
            }
        }
        deleteSnapshots();
        Checkpoint.forceDirectory(directory); // or what was deleted here comes back with a power cut
        return new Loaded(segments, endOffset, epochs, producers());
    }

    /** Strictly below the recovery point: a segment that was sealed there may have unforced index files. */
    private boolean openSealed(long base, long nextBase) throws IOException {
        Optional<Segment> sealed =
                nextBase < recoveryPoint ? Segment.openSealed(directory, base, files) : Optional.empty();
        if (sealed.isEmpty()) {
            return false;
        }
        segments.add(sealed.get());
        endOffset = nextBase;
        return true;
    }

    private boolean openActive(long base) throws IOException {
        Optional<Segment> active =
                recoveryPoint == CLEAN ? Segment.openActive(directory, base, files) : Optional.empty();
        if (active.isEmpty()) {
            return false;
        }
        segments.add(active.get());
        endOffset = active.get().nextOffset();
        return true;
    }

    /** Answers whether nothing had to be cut. */
    private boolean recover(long base, boolean isLast) throws IOException {
        SegmentRecovery.Recovered recovered = recovery.recover(
                directory, base, batch -> epochs.putIfAbsent(batch.partitionLeaderEpoch(), batch.baseOffset()));
        segments.add(recovered.segment());
        endOffset = recovered.nextOffset();
        if (!isLast) {
            recovered.segment().writeIndexFiles();
            recovered.segment().force();
        }
        if (recovered.cutBytes() > 0) {
            LOG.log(
                    Level.WARNING,
                    "{0}: cut {1} bytes behind offset {2}",
                    directory.getFileName(),
                    recovered.cutBytes(),
                    endOffset);
        }
        return recovered.cutBytes() == 0;
    }

    private void delete(List<Long> bases) throws IOException {
        for (long base : bases) {
            for (String ending : List.of(".log", ".index", ".timeindex")) {
                Files.deleteIfExists(directory.resolve(FileNames.ofOffset(base) + ending));
            }
        }
    }

    /** Those ahead are of records that were cut, others will have their offsets; of the rest, the newest and those of segments are kept. */
    private void deleteSnapshots() throws IOException {
        List<Long> offsets = offsets(directory, ".snapshot");
        long newest = offsets.stream()
                .filter(offset -> offset <= endOffset)
                .reduce((older, newer) -> newer)
                .orElse(-1L);
        for (long offset : offsets) {
            boolean isOfSegment = segments.stream().anyMatch(segment -> segment.baseOffset() == offset);
            if (offset > endOffset || (offset != newest && !isOfSegment)) {
                Files.delete(snapshot(directory, offset));
            }
        }
    }

    static Path snapshot(Path directory, long offset) {
        return directory.resolve(FileNames.ofOffset(offset) + ".snapshot");
    }

    /** What is remembered of producers at the end of the segments: by the newest good snapshot, and the headers behind it. */
    private ProducerStates producers() throws IOException {
        ProducerStates producers = new ProducerStates();
        long snapshotOffset = 0;
        for (long offset : offsets(directory, ".snapshot").reversed()) {
            if (producers.read(snapshot(directory, offset))) {
                snapshotOffset = offset;
                break;
            }
        }
        long from = snapshotOffset;
        for (int i = 0; i < segments.size(); i++) {
            boolean isBefore = i + 1 < segments.size() && segments.get(i + 1).baseOffset() <= from;
            if (!isBefore) {
                segments.get(i).forEachHeaderFrom(from, producers::note);
            }
        }
        return producers;
    }

    private static List<Long> offsets(Path directory, String ending) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(file -> FileNames.offset(file.getFileName().toString(), ending))
                    .filter(offset -> offset >= 0)
                    .sorted()
                    .toList();
        }
    }
}
