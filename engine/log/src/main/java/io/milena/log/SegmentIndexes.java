package io.milena.log;

import io.milena.log.disk.Checkpoint;
import io.milena.log.disk.IndexFile;
import io.milena.log.disk.OpenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The indexes of one segment: in memory while it grows, on disk when it is sealed, so that memory does not depend on how many segments there are. Guarded by the lock of the segment's
 * {@link Log}.
 */
final class SegmentIndexes {
    private static final List<String> ENDINGS = List.of(".index", ".timeindex");

    private final Function<String, Path> naming;
    private final OpenFiles files;
    private final Source source;
    private final Writes writes = new Writes();

    /** Of a segment that grows; null of a sealed one. */
    private @Nullable SegmentIndex growing;

    /** Of a sealed segment, when a look-up has needed it. */
    private @Nullable SealedIndex sealed;

    /** Brings the indexes of a segment whose indexes are not known yet. */
    @FunctionalInterface
    interface Source {
        /** What the files say, or else the batches; the files are sound afterwards. */
        SegmentIndex whole() throws IOException;
    }

    /** @param naming the segment's files by their ending */
    SegmentIndexes(Function<String, Path> naming, OpenFiles files, Source source) {
        this.naming = naming;
        this.files = files;
        this.source = source;
    }

    private Path file(String ending) {
        return naming.apply(ending);
    }

    boolean haveFiles() {
        return ENDINGS.stream().allMatch(ending -> Files.exists(file(ending)));
    }

    /** What the files say, sound or not; they must be there. */
    SegmentIndex read() throws IOException {
        return SegmentIndex.read(file(".index"), file(".timeindex"));
    }

    /** What the files say of a segment with so many bytes; nothing where they cannot be right. */
    Optional<SegmentIndex> readSound(int segmentBytes) throws IOException {
        return haveFiles() ? Optional.of(read()).filter(read -> read.isSound(segmentBytes)) : Optional.empty();
    }

    /** From here the segment grows. */
    void growFrom(SegmentIndex known) {
        growing = known;
        sealed = null;
    }

    /** Of a segment that grows, or grows again. */
    SegmentIndex growing() throws IOException {
        SegmentIndex present = growing;
        if (present == null) {
            present = source.whole();
            growFrom(present);
        }
        return present;
    }

    /** The files are up to date, and the segment will not grow: memory is given back. */
    void shelve() {
        if (growing != null) {
            sealed = onDisk(growing);
            growing = null;
        }
    }

    /** Whether they are in memory as a whole. */
    boolean areInMemory() {
        return growing != null;
    }

    /** Something that is looked up. */
    @FunctionalInterface
    interface LookUp<T> {
        T in(IndexEntries entries) throws IOException;
    }

    /** Files that were lost since this process came are made anew. */
    <T> T lookUp(LookUp<T> what) throws IOException {
        try {
            return what.in(entries());
        } catch (NoSuchFileException e) {
            sealed = null;
            return what.in(entries());
        }
    }

    private IndexEntries entries() throws IOException {
        if (growing != null) {
            return growing;
        }
        SealedIndex present = sealed;
        if (present == null) {
            present = onDisk(source.whole());
            sealed = present;
        }
        return present;
    }

    private SealedIndex onDisk(SegmentIndex whole) {
        return new SealedIndex(
                new IndexFile(file(".index"), SegmentIndex.OFFSET_ENTRY_BYTES, whole.offsetCount(), files),
                new IndexFile(file(".timeindex"), SegmentIndex.TIME_ENTRY_BYTES, whole.timeCount(), files));
    }

    /** Brings the files up to date. */
    void write() throws IOException {
        write("");
        written();
    }

    /** As {@link #write()}, under names with an ending of their own. */
    void write(String ending) throws IOException {
        growing().write(file(".index" + ending), file(".timeindex" + ending));
    }

    /** Somebody has written the files. */
    void written() {
        writes.written();
    }

    /** Forces the files, if they were written. */
    void force() throws IOException {
        writes.force(() -> {
            for (String ending : ENDINGS) {
                Checkpoint.force(file(ending));
            }
        });
    }
}
