package io.milena.log;

import io.milena.records.BatchHeader;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds out what a partition's directory holds: after a clean stop by its index files, after a crash by reading what may be torn. */
final class LogLoader {
    private static final System.Logger LOG = System.getLogger(LogLoader.class.getName());

    private LogLoader() {}

    /** @param epochs first offsets of leader epochs, as seen in what was scanned */
    record Loaded(List<Segment> segments, long endOffset, Map<Integer, Long> epochs) {}

    /**
     * @param recoveryPoint what lies below is known to be on disk; {@link Long#MAX_VALUE} after a clean stop
     * @param startOffset what lies below is deleted, so holes there do no harm
     */
    static Loaded load(Path directory, OpenFiles files, long recoveryPoint, long startOffset, int indexIntervalBytes)
            throws IOException {
        List<Long> baseOffsets = offsets(directory, ".log");
        List<Segment> segments = new ArrayList<>();
        Map<Integer, Long> epochs = new TreeMap<>();
        long endOffset = baseOffsets.isEmpty() ? 0 : baseOffsets.getFirst();
        for (int i = 0; i < baseOffsets.size(); i++) {
            long base = baseOffsets.get(i);
            boolean isLast = i == baseOffsets.size() - 1;
            boolean isKnownGood = !isLast && baseOffsets.get(i + 1) <= recoveryPoint;
            if (isKnownGood && Files.exists(directory.resolve(FileNames.ofOffset(base) + ".timeindex"))) {
                segments.add(Segment.openSealed(directory, base, files));
                endOffset = baseOffsets.get(i + 1);
                continue;
            }
            Segment.Recovered recovered = Segment.recover(
                    directory,
                    base,
                    files,
                    indexIntervalBytes,
                    batch -> epochs.putIfAbsent(batch.partitionLeaderEpoch(), batch.baseOffset()));
            segments.add(recovered.segment());
            endOffset = recovered.nextOffset();
            if (recovered.cutBytes() > 0) {
                LOG.log(
                        Level.WARNING,
                        "{0}: cut {1} bytes behind offset {2}",
                        directory.getFileName(),
                        recovered.cutBytes(),
                        endOffset);
            }
            if (!isLast) {
                recovered.segment().writeIndexFiles();
                recovered.segment().force();
            }
            boolean isHole = !isLast && baseOffsets.get(i + 1) > Math.max(endOffset, startOffset);
            if (!isLast && (recovered.cutBytes() > 0 || isHole)) {
                // What follows a cut was never acknowledged: acknowledgement needs everything before it on disk.
                for (long later : baseOffsets.subList(i + 1, baseOffsets.size())) {
                    for (String ending : List.of(".log", ".index", ".timeindex")) {
                        Files.deleteIfExists(directory.resolve(FileNames.ofOffset(later) + ending));
                    }
                }
                break;
            }
        }
        for (long ahead : offsets(directory, ".snapshot")) {
            if (ahead > endOffset) {
                Files.delete(snapshot(directory, ahead)); // of records that were cut; others will have their offsets
            }
        }
        Checkpoint.forceDirectory(directory); // or what was deleted here comes back with a power cut
        return new Loaded(segments, endOffset, epochs);
    }

    static Path snapshot(Path directory, long offset) {
        return directory.resolve(FileNames.ofOffset(offset) + ".snapshot");
    }

    /** Reads the newest good snapshot, and the headers behind it. */
    static void rebuildProducers(Path directory, ProducerStates producers, Collection<Segment> segments, long endOffset)
            throws IOException {
        long from = 0;
        for (long offset : offsets(directory, ".snapshot").reversed()) {
            if (producers.read(snapshot(directory, offset))) {
                from = offset;
                break;
            }
            producers.clear();
        }
        long fromOffset = from;
        if (fromOffset >= endOffset) {
            return;
        }
        Optional<Segment> first = Optional.empty();
        for (Segment segment : segments) {
            if (segment.baseOffset() <= fromOffset) {
                first = Optional.of(segment);
            }
        }
        long firstBase = first.map(Segment::baseOffset).orElse(0L);
        for (Segment segment : segments) {
            if (segment.baseOffset() >= firstBase) {
                segment.forEachHeader(fromOffset, (BatchHeader batch) -> {
                    if (batch.baseOffset() >= fromOffset) {
                        producers.note(batch);
                    }
                });
            }
        }
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
