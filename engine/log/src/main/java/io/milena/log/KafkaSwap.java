package io.milena.log;

import io.milena.log.disk.Checkpoint;
import io.milena.records.BatchHeader;
import io.milena.records.InvalidRecordsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What Apache Kafka leaves when it is killed while it exchanges compacted segments: a new one whose files end in {@code .swap}, and any of the old ones, which are those that start
 * within its offsets. Its own next start would go on from there, and so does ours, when the directory has changed hands in between.
 */
record KafkaSwap(Path directory, long base) {
    private static final String ENDING = ".swap";

    /** The unfinished ones among the files of a partition, which are finished; answers whether there were any. */
    static boolean finish(PartitionFiles files) throws IOException {
        List<Long> bases = files.offsets(".log" + ENDING);
        for (long base : bases) {
            new KafkaSwap(files.directory(), base).finish(files.offsets(".log"));
        }
        if (!bases.isEmpty()) {
            Checkpoint.forceDirectory(files.directory());
        }
        return !bases.isEmpty();
    }

    private void finish(List<Long> existing) throws IOException {
        long end = nextOffset(file(base, ".log" + ENDING));
        for (long old : existing) {
            if (old == base || (old > base && old < end)) {
                for (String ending : SegmentSwap.ENDINGS) {
                    Files.deleteIfExists(file(old, ending));
                }
            }
        }
        Checkpoint.forceDirectory(directory); // the new .log, which says what is old, goes last
        for (String ending : SegmentSwap.ENDINGS.reversed()) {
            Path fresh = file(base, ending + ENDING);
            if (Files.exists(fresh)) {
                SegmentSwap.move(fresh, file(base, ending));
            }
        }
    }

    private Path file(long offset, String ending) {
        return directory.resolve(FileNames.ofOffset(offset) + ending);
    }

    /** The offset behind the last batch of a file; what cannot be read is left for recovery to report. */
    private static long nextOffset(Path file) throws IOException {
        long next = 0;
        long position = 0;
        ByteBuffer bytes = ByteBuffer.allocate(BatchHeader.SIZE_IN_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(bytes.clear(), position) == BatchHeader.SIZE_IN_BYTES) {
                BatchHeader header = BatchHeader.at(bytes.flip());
                if (header == null) {
                    return next;
                }
                next = header.nextOffset();
                position += header.sizeInBytes();
            }
            return next;
        } catch (InvalidRecordsException e) {
            return next;
        }
    }
}
