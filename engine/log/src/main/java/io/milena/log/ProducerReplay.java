package io.milena.log;

import io.milena.records.BatchHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Learns from batches what is not written down, or not to be trusted: what a log remembers of producers at an offset, and the transaction index of a segment. Begins at a snapshot where
 * there is a good one. Guarded by the lock of its {@link Log}, if it is known to others already.
 */
final class ProducerReplay {
    private final Path directory;
    private final Collection<Segment> segments;

    /** @param segments of one log, ascending */
    ProducerReplay(Path directory, Collection<Segment> segments) {
        this.directory = directory;
        this.segments = segments;
    }

    /** What is remembered at the end of a stretch of the log, and where it began. */
    record Begin(long offset, ProducerStates producers) {}

    /** The newest good snapshot at or below an offset; without one, the begin of the log. */
    Begin newest(List<Long> snapshots, long offset) throws IOException {
        ProducerStates producers = new ProducerStates();
        for (long snapshot : snapshots.reversed()) {
            if (snapshot <= offset && producers.read(LogLoader.snapshot(directory, snapshot))) {
                return new Begin(snapshot, producers);
            }
        }
        return new Begin(0, producers);
    }

    /** Receives what a segment's batches say of aborted transactions. */
    @FunctionalInterface
    interface Visitor {
        void visit(Segment segment, List<AbortedTransaction> aborted) throws IOException;
    }

    /** Brings {@code begin} to what it is before {@code endOffset}, where a batch starts. */
    ProducerStates until(long endOffset, Begin begin, Visitor visitor) throws IOException {
        List<Segment> all = List.copyOf(segments);
        for (int i = 0; i < all.size() && all.get(i).baseOffset() < endOffset; i++) {
            boolean isBefore = i + 1 < all.size() && all.get(i + 1).baseOffset() <= begin.offset;
            if (!isBefore) {
                visitor.visit(all.get(i), replay(all.get(i), begin, endOffset));
            }
        }
        return begin.producers;
    }

    private static List<AbortedTransaction> replay(Segment segment, Begin begin, long endOffset) throws IOException {
        List<AbortedTransaction> aborted = new ArrayList<>();
        segment.forEachFrom(begin.offset, found -> {
            BatchHeader header = found.header();
            if (header.baseOffset() >= endOffset) {
                return;
            }
            EndMarker marker =
                    header.isControl() ? EndMarker.in(segment.batches().batch(found)) : null;
            AbortedTransaction ended = begin.producers.aborting(header, marker);
            if (ended != null) {
                aborted.add(ended);
            }
            begin.producers.note(header, marker);
        });
        return aborted;
    }

    /** What was remembered at an offset, where a batch starts. */
    ProducerStates at(long offset) throws IOException {
        List<Long> snapshots = PartitionFiles.list(directory).offsets(".snapshot");
        return until(offset, newest(snapshots, offset), (segment, aborted) -> {});
    }

    /** Makes the transaction index of a segment anew. */
    void index(Segment segment) throws IOException {
        Begin here = new Begin(segment.baseOffset(), at(segment.baseOffset()));
        segment.transactions().replaceFrom(segment.baseOffset(), replay(segment, here, Long.MAX_VALUE));
    }
}
