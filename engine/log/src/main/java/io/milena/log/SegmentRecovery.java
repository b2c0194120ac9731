package io.milena.log;

import io.milena.log.disk.OpenFiles;
import io.milena.records.RecordBatch;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads what may be torn in a segment: from the recovery point on, as far as the indexes lead there, every batch is checked and taken into the indexes. At the first batch that is
 * not whole, in order and intact the file is cut, if that lies behind the recovery point; what lies below was forced, so its damage is the disk's, and stays as it is for somebody to
 * look at. Batches behind the recovery point are written again: after a failed force the kernel shows them but will never write them.
 */
final class SegmentRecovery {
    private static final System.Logger LOG = System.getLogger(SegmentRecovery.class.getName());

    private final OpenFiles files;
    private final int indexIntervalBytes;
    private final DirectoryCheckpoints.Trust trust;

    SegmentRecovery(OpenFiles files, int indexIntervalBytes, DirectoryCheckpoints.Trust trust) {
        this.files = files;
        this.indexIntervalBytes = indexIntervalBytes;
        this.trust = trust;
    }

    /**
     * A segment after its recovery; it has to be forced.
     *
     * @param cutBytes what followed the last good batch and is gone
     * @param isDamaged whether it ends in bytes that cannot be read and were forced, so that it must not grow
     */
    record Recovered(Segment segment, long nextOffset, long cutBytes, boolean isDamaged) {}

    /** @param good receives every batch that was read and is kept */
    Recovered recover(Path directory, long baseOffset, Consumer<RecordBatch> good) throws IOException {
        Segment segment = trust.isComplete()
                ? Segment.create(directory, baseOffset, files) // its index was not to be trusted
                : Segment.openBelow(trust.recoveryPoint(), directory, baseOffset, files);
        try (OpenFiles.Lease lease = segment.lease()) {
            FileChannel channel = lease.channel();
            int fileSize = Math.toIntExact(channel.size());
            long nextOffset = baseOffset;
            boolean isDamaged = false;
            while (segment.sizeInBytes() < fileSize) {
                Optional<RecordBatch> next =
                        DamagedBatches.intactAt(segment.batches(), segment.sizeInBytes(), fileSize, nextOffset);
                if (isDamaged
                        && next.isPresent()
                        && !trust.isForcedBelow(next.get().baseOffset())) {
                    break; // what was lost before it was not forced, and so it is lost too
                }
                if (next.isPresent()) {
                    RecordBatch batch = next.get();
                    nextOffset = batch.nextOffset();
                    if (!trust.isForcedBelow(nextOffset)) {
                        writeFully(channel, segment.sizeInBytes(), batch.buffer());
                    }
                    segment.note(batch, indexIntervalBytes);
                    good.accept(batch);
                    isDamaged = false;
                } else if (trust.isForced(nextOffset)) {
                    stepOverDamage(segment, fileSize, nextOffset);
                    isDamaged = true;
                } else {
                    break;
                }
            }
            segment.markFound();
            int cut = fileSize - segment.sizeInBytes();
            if (cut > 0) {
                channel.truncate(segment.sizeInBytes());
            }
            return new Recovered(segment, nextOffset, cut, isDamaged);
        }
    }

    private static void stepOverDamage(Segment segment, int fileSize, long nextOffset) throws IOException {
        int from = segment.sizeInBytes();
        int to = DamagedBatches.nextIntact(segment.batches(), from + 1, fileSize, nextOffset);
        LOG.log(
                Level.ERROR,
                "{0} is damaged: {1} bytes from position {2} on, offset {3} and what follows, cannot be read; they were on disk and are left as they are",
                segment.batches().path(),
                to - from,
                from,
                nextOffset);
        segment.skipDamaged(to - from);
    }

    private static void writeFully(FileChannel channel, long position, ByteBuffer bytes) throws IOException {
        ByteBuffer rest = bytes.duplicate();
        long at = position;
        while (rest.hasRemaining()) {
            at += channel.write(rest, at);
        }
    }
}
