package io.milena.log;

import io.milena.log.disk.Checkpoint;
import io.milena.log.disk.Pace;
import io.milena.records.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The segment that compaction writes, under names that end in {@code .cleaned}: nobody reads it, and a start deletes it, until a {@link SegmentSwap} says otherwise. For one thread. */
final class CleanedSegment implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 << 10;

    private final Segment segment;
    private final FileChannel channel;
    private final int indexIntervalBytes;
    private final Pace pace;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private final List<AbortedTransaction> aborted = new ArrayList<>();
    private long written;

    private CleanedSegment(Segment segment, FileChannel channel, int indexIntervalBytes, Pace pace) {
        this.segment = segment;
        this.channel = channel;
        this.indexIntervalBytes = indexIntervalBytes;
        this.pace = pace;
    }

    /** @param target where the segment will be, with nothing noted in it yet */
    static CleanedSegment create(Segment target, int indexIntervalBytes, Pace pace) throws IOException {
        FileChannel channel = FileChannel.open(
                cleaned(target, ".log"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        return new CleanedSegment(target, channel, indexIntervalBytes, pace);
    }

    private static Path cleaned(Segment segment, String ending) {
        return segment.file(ending + SegmentSwap.CLEANED_ENDING);
    }

    int sizeInBytes() {
        return segment.sizeInBytes();
    }

    void append(RecordBatch batch) throws IOException, InterruptedException {
        if (batch.sizeInBytes() > Integer.MAX_VALUE - segment.sizeInBytes()) {
            throw new IOException(segment.batches().path() + " would be larger than a segment can be");
        }
        segment.note(batch, indexIntervalBytes);
        ByteBuffer bytes = batch.buffer();
        if (bytes.remaining() > buffer.remaining()) {
            flush();
        }
        if (bytes.remaining() > buffer.remaining()) {
            flush(bytes);
        } else {
            buffer.put(bytes);
        }
    }

    private void flush(ByteBuffer bytes) throws IOException, InterruptedException {
        pace.spend(bytes.remaining());
        while (bytes.hasRemaining()) {
            written += channel.write(bytes, written);
        }
    }

    /** A reader of this segment must know of this transaction. */
    void note(AbortedTransaction transaction) {
        aborted.add(transaction);
    }

    /** Writes all that is left of the batches. */
    void flush() throws IOException, InterruptedException {
        flush(buffer.flip());
        buffer.clear();
    }

    /** Writes what belongs to the batches, and forces everything; after {@link #flush}. */
    void complete() throws IOException {
        channel.force(true);
        segment.writeIndexFiles(SegmentSwap.CLEANED_ENDING);
        Checkpoint.force(cleaned(segment, ".index"));
        Checkpoint.force(cleaned(segment, ".timeindex"));
        if (!aborted.isEmpty()) {
            Path transactions = cleaned(segment, ".txnindex");
            Checkpoint.write(transactions, TransactionIndex.bytesOf(aborted));
            Checkpoint.force(transactions);
        }
    }

    /** Gives it up: nothing of it stays. */
    void discard() throws IOException {
        for (String ending : SegmentSwap.ENDINGS) {
            Files.deleteIfExists(cleaned(segment, ending));
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
