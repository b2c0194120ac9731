package io.milena.log;

import io.milena.log.disk.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The aborted transactions of a log, by the indexes of its segments; one that cannot be right is made anew from the batches. Sees to it that there are marks of them all. Guarded by the lock of
 * its {@link Log}.
 */
final class TransactionIndexes {
    private static final System.Logger LOG = System.getLogger(TransactionIndexes.class.getName());

    private final Path directory;
    private final Segments segments;
    /** Whether the marks on disk do not say what is known. */
    private boolean isUnmarked;

    private boolean isUnforced;

    TransactionIndexes(Path directory, Segments segments) {
        this.directory = directory;
        this.segments = segments;
    }

    /** Those that have records or their marker from {@code fromOffset} on and before {@code endOffset}, ordered by their first offset. */
    List<AbortedTransaction> within(long fromOffset, long endOffset) throws IOException {
        List<AbortedTransaction> aborted = new ArrayList<>();
        boolean isOver = false;
        for (Segment segment : segments.from(fromOffset)) {
            for (AbortedTransaction each : entries(segment)) {
                if (each.lastOffset() >= fromOffset && each.firstOffset() < endOffset) {
                    aborted.add(each);
                }
                isOver |= each.lastStableOffset() >= endOffset; // whatever ends later has begun later
            }
            if (isOver) {
                break;
            }
        }
        aborted.sort(Comparator.comparingLong(AbortedTransaction::firstOffset));
        return aborted;
    }

    List<AbortedTransaction> entries(Segment segment) throws IOException {
        if (!segment.transactions().isSound(segments.endOf(segment))) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The transaction index of {0} is lost or damaged and is made anew",
                    segment.batches().path());
            new ProducerReplay(directory, segments.all()).index(segment);
            isUnmarked = true;
        }
        return segment.transactions().entries();
    }

    /** Answers whether a file was made for it. */
    boolean add(Segment segment, AbortedTransaction aborted) throws IOException {
        isUnmarked = true;
        return segment.transactions().add(aborted);
    }

    /** The segments are others than before, or elsewhere. */
    void changed() {
        isUnmarked |=
                segments.all().stream().anyMatch(each -> each.transactions().mark() != null);
    }

    /** Entries or whole indexes are gone. */
    void truncated() {
        isUnmarked = true;
    }

    /** Writes down what the next start must find. */
    void writeMarks() throws IOException {
        if (isUnmarked) {
            Map<Long, TransactionIndexMark> marks = new TreeMap<>();
            for (Segment segment : segments.all()) {
                TransactionIndexMark mark = segment.transactions().mark();
                if (mark != null) {
                    marks.put(segment.baseOffset(), mark);
                }
            }
            TransactionIndexMark.write(directory, marks);
            isUnmarked = false;
            isUnforced = true;
        }
    }

    /** Adds what is to be forced for the marks. */
    void takeUnforced(List<Forcing.Forceable> unforced) {
        if (isUnforced) {
            isUnforced = false;
            unforced.add(() -> Checkpoint.force(TransactionIndexMark.file(directory)));
            unforced.add(() -> Checkpoint.forceDirectory(directory));
        }
    }
}
