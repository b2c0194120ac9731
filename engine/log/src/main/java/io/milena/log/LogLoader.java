package io.milena.log;

import io.milena.log.disk.Checkpoint;
import io.milena.log.disk.OpenFiles;
import io.milena.records.BatchHeader;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Finds out what a partition's directory holds: after a clean stop by its index files, after a crash by reading what may be torn. */
final class LogLoader {
    private static final System.Logger LOG = System.getLogger(LogLoader.class.getName());
    private final Path directory;
    private final PartitionFiles names;
    private final OpenFiles files;
    private final DirectoryCheckpoints.Trust trust;
    private final long startOffset;
    private final int indexIntervalBytes;
    private final SegmentRecovery recovery;
    private final List<Segment> segments = new ArrayList<>();
    /** Those that are kept, ascending. */
    private final List<Long> snapshots = new ArrayList<>();

    private final Map<Integer, Long> epochs = new TreeMap<>();
    private final List<Segment> unforced = new ArrayList<>();
    /** Those whose transaction index is to be made anew, from their first batch on. */
    private final List<Segment> withoutIndexes = new ArrayList<>();

    private long endOffset;
    private boolean hasDeleted;

    /**
     * @param startOffset what lies below is deleted, so holes there do no harm
     */
    LogLoader(
            PartitionFiles names,
            OpenFiles files,
            DirectoryCheckpoints.Trust trust,
            long startOffset,
            int indexIntervalBytes) {
        this.directory = names.directory();
        this.names = names;
        this.files = files;
        this.trust = trust;
        this.startOffset = startOffset;
        this.indexIntervalBytes = indexIntervalBytes;
        this.recovery = new SegmentRecovery(files, indexIntervalBytes, trust);
    }

    /**
     * What was found.
     *
     * @param epochs first offsets of leader epochs, as seen in what was read
     * @param unforced what was read and may be in the page cache only
     */
    record Loaded(
            List<Segment> segments,
            long endOffset,
            Map<Integer, Long> epochs,
            ProducerStates producers,
            List<Segment> unforced) {}

    Loaded load() throws IOException {
        List<Long> bases = names.offsets(".log");
        endOffset = bases.isEmpty() ? 0 : bases.getFirst();
        for (int i = 0; i < bases.size(); i++) {
            long base = bases.get(i);
            if (i == bases.size() - 1) {
                if (!openActive(base)) {
                    recoverActive(base);
                }
            } else if (!openSealed(base, bases.get(i + 1)) && !recoverSealed(base, bases.get(i + 1))) {
                // What follows a cut was never acknowledged: acknowledgement needs everything before it on disk.
                delete(bases.subList(i + 1, bases.size()));
                break;
            }
        }
        deleteSnapshots();
        deleteOrphans();
        Map<Long, TransactionIndexMark> marks = TransactionIndexMark.read(names);
        segments.forEach(segment -> segment.transactions().expect(marks.get(segment.baseOffset())));
        if (hasDeleted) {
            Checkpoint.forceDirectory(directory); // or it comes back with a power cut
        }
        return new Loaded(segments, endOffset, epochs, producers(), unforced);
    }

    /** Strictly below the recovery point: a segment that was sealed there may have unforced index files. */
    private boolean openSealed(long base, long nextBase) throws IOException {
        if (!trust.isForced(nextBase)) {
            return false;
        }
        segments.add(Segment.openSealed(directory, base, files));
        endOffset = nextBase;
        return true;
    }

    private boolean openActive(long base) throws IOException {
        Optional<Segment> active = trust.isComplete()
                ? Segment.openActive(directory, base, files, indexIntervalBytes, this::noteLast)
                : Optional.empty();
        long end = Math.max(endOffset, base);
        if (active.isEmpty() || end != trust.recoveryPoint()) {
            epochs.clear();
            return false; // a clean stop has noted how far the log is on disk, which is to its end
        }
        segments.add(active.get());
        endOffset = end;
        return true;
    }

    private void noteLast(BatchHeader batch) {
        epochs.putIfAbsent(batch.partitionLeaderEpoch(), batch.baseOffset());
        endOffset = batch.nextOffset();
    }

    /** Answers whether nothing is missing up to the next segment. */
    private boolean recoverSealed(long base, long nextBase) throws IOException {
        SegmentRecovery.Recovered recovered = recover(base);
        recovered.segment().writeIndexFiles();
        endOffset = Math.max(recovered.nextOffset(), Math.min(trust.recoveryPoint(), nextBase));
        boolean isWhole = recovered.cutBytes() == 0 && nextBase <= Math.max(endOffset, startOffset);
        if (isWhole) {
            recovered.segment().shelve();
        }
        return isWhole;
    }

    private void recoverActive(long base) throws IOException {
        SegmentRecovery.Recovered recovered = recover(base);
        recovered.segment().refreshIndexFiles();
        endOffset = recovered.nextOffset();
        if (trust.isForced(endOffset) && endOffset < trust.recoveryPoint()) {
            LOG.log(
                    Level.ERROR,
                    "{0} ends at offset {1}, but it was on disk up to offset {2}; the offsets between are not given again",
                    recovered.segment().batches().path(),
                    endOffset,
                    trust.recoveryPoint());
            endOffset = trust.recoveryPoint();
            recovered.segment().seal();
        }
    }

    private SegmentRecovery.Recovered recover(long base) throws IOException {
        SegmentRecovery.Recovered recovered = recovery.recover(
                directory, base, batch -> epochs.putIfAbsent(batch.partitionLeaderEpoch(), batch.baseOffset()));
        segments.add(recovered.segment());
        if (!trust.isComplete()) {
            unforced.add(recovered.segment());
        }
        if (recovered.isDamaged()) {
            recovered.segment().seal();
        }
        if (recovered.cutBytes() > 0) {
            LOG.log(
                    Level.WARNING,
                    "{0}: cut {1} bytes behind offset {2}",
                    directory.getFileName(),
                    recovered.cutBytes(),
                    recovered.nextOffset());
        }
        return recovered;
    }

    private void delete(List<Long> bases) throws IOException {
        for (long base : bases) {
            for (String ending : List.of(".log", ".index", ".timeindex", ".txnindex")) {
                Files.deleteIfExists(directory.resolve(FileNames.ofOffset(base) + ending));
                hasDeleted = true;
            }
        }
    }

    /** A power cut may keep the name of this file and lose that of its segment; the next segment of that offset must not take it for its own. */
    private void deleteOrphans() throws IOException {
        for (long base : names.offsets(".txnindex")) {
            if (segments.stream().noneMatch(segment -> segment.baseOffset() == base)) {
                Files.deleteIfExists(directory.resolve(FileNames.ofOffset(base) + ".txnindex"));
                hasDeleted = true;
            }
        }
    }

    /** Those ahead are of records that were cut, others will have their offsets; of the rest, the newest and those of segments are kept. */
    private void deleteSnapshots() throws IOException {
        List<Long> offsets = names.offsets(".snapshot");
        long newest = offsets.stream()
                .filter(offset -> offset <= endOffset)
                .reduce((older, newer) -> newer)
                .orElse(-1L);
        for (long offset : offsets) {
            boolean isOfSegment = segments.stream().anyMatch(segment -> segment.baseOffset() == offset);
            if (offset > endOffset || (offset != newest && !isOfSegment)) {
                Files.deleteIfExists(snapshot(directory, offset));
                hasDeleted = true;
            } else {
                snapshots.add(offset);
            }
        }
    }

    static Path snapshot(Path directory, long offset) {
        return directory.resolve(FileNames.ofOffset(offset) + ".snapshot");
    }

    /**
     * What is remembered of producers at the end of the segments: by a snapshot, and the batches behind it. After a crash the snapshot lies below the recovery point, or where the first
     * segment begins, and what the transaction indexes say of later batches is written anew.
     */
    private ProducerStates producers() throws IOException {
        ProducerReplay replay = new ProducerReplay(directory, segments);
        long gone = segments.isEmpty()
                ? startOffset
                : Math.max(startOffset, segments.getFirst().baseOffset());
        ProducerReplay.Begin begin =
                replay.newest(snapshots, trust.isComplete() ? endOffset : Math.max(trust.recoveryPoint(), gone));
        ProducerStates producers = replay.until(Long.MAX_VALUE, begin, (segment, aborted) -> {
            withoutIndexes.remove(segment);
            if (!correct(segment, begin.offset(), aborted)) {
                withoutIndexes.add(segment);
            }
        });
        for (Segment segment : withoutIndexes) {
            replay.index(segment);
            noteUnforced(segment);
        }
        return producers;
    }

    /**
     * Compares a transaction index with what the batches from an offset on say. Answers false where it cannot be right, and the batches below are needed to make it anew.
     */
    private boolean correct(Segment segment, long fromOffset, List<AbortedTransaction> aborted) throws IOException {
        boolean isThere = names.has(FileNames.ofOffset(segment.baseOffset()) + ".txnindex");
        boolean isAllKnown = fromOffset <= segment.baseOffset();
        if (!isThere && !segment.transactions().isExpected() && aborted.isEmpty()) {
            return true;
        }
        boolean isSound = segment.transactions().isSound(endOffset);
        if (trust.isComplete()
                && isSound
                && segment.transactions().from(fromOffset).equals(aborted)) {
            return true;
        }
        if (!isAllKnown && (trust.isComplete() || !isSound)) {
            return false;
        }
        if (segment.transactions().replaceFrom(fromOffset, aborted)) {
            noteUnforced(segment);
        }
        return true;
    }

    private void noteUnforced(Segment segment) {
        if (!unforced.contains(segment)) {
            unforced.add(segment);
        }
    }
}
