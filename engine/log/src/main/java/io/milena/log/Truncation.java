package io.milena.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.milena.log.disk.Checkpoint;
import io.milena.log.disk.OpenFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * What a truncation leaves of a log. It is written down in a file before it is carried out, so that a start after a crash carries it to its end: either there is no such file and nothing has
 * happened, or the log ends where the file says. The file stays until the directory's checkpoints know of no more than is left.
 *
 * <pre>
 * milena-truncation   lines: "0" ("-" when it is over), the new end offset, the base offset of the segment that is cut and how many bytes stay of it (-1 and 0 where no segment stays), whether the log starts anew
 *
 * file forced, name forced | segments and snapshots behind the end deleted, the last one cut, an empty one made at the end | all forced | checkpoints of the directory | file deleted
 * </pre>
 *
 * @param isAnew whether nothing is left: neither segments nor what is known of producers and leader epochs
 */
record Truncation(Path directory, long endOffset, long lastBase, int lastBytes, boolean isAnew) {
    private static final String FILE = "milena-truncation";
    /** The first line, of one byte, so that it is never half written. */
    private static final String ANNOUNCED = "0";

    private static final String CONCLUDED = "-";

    /** A log that starts anew at an offset. */
    static Truncation anew(Path directory, long offset) {
        return new Truncation(directory, offset, -1, 0, true);
    }

    /** The batch of a segment that holds an offset, or the first behind it; what cannot be read before it stays, because nobody knows what it is. */
    static Optional<SegmentFile.Found> firstToGo(Segment segment, long offset) throws IOException {
        try {
            return segment.find(offset);
        } catch (DamagedFileException e) {
            return DamagedBatches.find(segment.batches(), 0, segment.sizeInBytes(), offset);
        }
    }

    /** The segment that was cut, by the index that was written before. */
    Segment openLast(OpenFiles files, int indexIntervalBytes) throws IOException {
        Segment last = Segment.openBelow(endOffset, directory, lastBase, files);
        DamagedBatches.forEachReadable(last.batches(), last.sizeInBytes(), lastBytes, lastBase, found -> {
            last.skipDamaged(found.position() - last.sizeInBytes());
            last.note(found.header(), indexIntervalBytes);
        });
        last.skipDamaged(lastBytes - last.sizeInBytes());
        last.markFound();
        return last;
    }

    private Path file() {
        return directory.resolve(FILE);
    }

    private Path file(long offset, String ending) {
        return directory.resolve(FileNames.ofOffset(offset) + ending);
    }

    /** Writes down durably what will be done; from then on it must be done. */
    void announce() throws IOException {
        String text = ANNOUNCED + "\n" + endOffset + "\n" + lastBase + "\n" + lastBytes + "\n" + isAnew + "\n";
        Checkpoint.replaceDurably(file(), text);
    }

    /** Whether it is written down, durably or not. */
    boolean isAnnounced() {
        return Files.exists(file());
    }

    /** Changes the files, as far as that is not done; nothing may be appended before it is {@link #conclude concluded}. */
    void carryOut() throws IOException {
        PartitionFiles files = PartitionFiles.list(directory);
        for (String ending : SegmentSwap.ENDINGS) {
            for (long base : files.offsets(ending)) {
                if (base > lastBase) {
                    Files.deleteIfExists(file(base, ending));
                }
            }
        }
        for (long offset : files.offsets(".snapshot")) {
            if (isAnew || offset > endOffset) {
                Files.deleteIfExists(file(offset, ".snapshot"));
            }
        }
        if (isAnew) {
            Files.deleteIfExists(LeaderEpochs.file(directory));
        }
        if (lastBase >= 0) {
            cut();
        }
        open(endOffset, StandardOpenOption.CREATE).close();
    }

    private FileChannel open(long base, StandardOpenOption option) throws IOException {
        return FileChannel.open(file(base, ".log"), StandardOpenOption.WRITE, option);
    }

    /** An index that is damaged stays as it is: whoever looks at it will make it anew from the batches. */
    private void cut() throws IOException {
        try (FileChannel channel = open(lastBase, StandardOpenOption.WRITE)) {
            if (channel.size() == lastBytes) {
                channel.write(ByteBuffer.allocate(1), lastBytes); // or a cut that was never forced is none to be forced
            }
            channel.truncate(lastBytes);
        }
        TransactionIndex transactions = new TransactionIndex(file(lastBase, ".txnindex"), lastBase);
        if (transactions.isSound(Long.MAX_VALUE)) {
            transactions.replaceFrom(endOffset, List.of());
        }
    }

    /** Makes what was carried out survive a power cut, with what is left of the last segment: it may not have been forced before, and nobody will force it again. */
    void force() throws IOException {
        if (lastBase >= 0) {
            force(file(lastBase, ".log"));
            force(file(lastBase, ".txnindex"));
        }
        Checkpoint.forceDirectory(directory);
    }

    private static void force(Path left) throws IOException {
        if (Files.exists(left)) {
            try (FileChannel channel = FileChannel.open(left, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
    }

    /** Forgets that it was announced: what is known of the log elsewhere must be durable before. */
    void conclude() throws IOException {
        conclude(file());
    }

    /** The file may come back with a power cut as long as its deletion is not forced, after other records have come; so it says first that it means nothing any more. */
    private static void conclude(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(CONCLUDED.getBytes(US_ASCII)), 0);
            channel.force(false);
        } catch (NoSuchFileException e) {
            return; // it was tried before, and found no file that it could open for the rest
        }
        Files.deleteIfExists(file);
        Checkpoint.forceDirectory(file.resolveSibling(""));
    }

    /** Carries out what an earlier process has announced in a partition's directory; it is to be concluded when the log is loaded and the checkpoints are written. */
    static Optional<Truncation> finish(PartitionFiles files) throws IOException {
        if (!files.has(FILE)) {
            return Optional.empty();
        }
        Path file = files.directory().resolve(FILE);
        List<String> lines = Files.readAllLines(file);
        if (lines.getFirst().equals(CONCLUDED)) {
            conclude(file); // once more: nobody knows whether that was forced
            return Optional.empty();
        }
        if (lines.size() != 5) {
            throw new IOException(file + " does not say where the log is to end");
        }
        Truncation announced = new Truncation(
                files.directory(),
                Long.parseLong(lines.get(1)),
                Long.parseLong(lines.get(2)),
                Integer.parseInt(lines.get(3)),
                Boolean.parseBoolean(lines.get(4)));
        announced.carryOut();
        announced.force();
        return Optional.of(announced);
    }
}
