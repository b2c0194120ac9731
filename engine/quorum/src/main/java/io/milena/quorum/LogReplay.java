package io.milena.quorum;

import io.milena.records.InvalidRecordsException;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads log files one after another, in the order of offsets. Each append was forced before the next began, so a power cut can damage the last batch of
 * the last file only, which nobody was told of; damage that has intact batches behind it is another matter, and an error.
 */
final class LogReplay {
    private static final int MAGIC_AT = 16;
    private static final byte MAGIC = 2;

    private final MetadataLog.Listener listener;
    private long endOffset;
    private int epoch;
    private long lastTimestampMs;
    private long bytesRead;

    /**
     * @param listener hears of one append after the other
     * @param from the first offset that is wanted
     * @param epoch of the record before it
     */
    LogReplay(MetadataLog.Listener listener, long from, int epoch) {
        this.listener = listener;
        this.endOffset = from;
        this.epoch = epoch;
    }

    /** The offset behind the last record read. */
    long endOffset() {
        return endOffset;
    }

    /** Of the last record. */
    int epoch() {
        return epoch;
    }

    long lastTimestampMs() {
        return lastTimestampMs;
    }

    /** Of the batches that were wanted. */
    long bytesRead() {
        return bytesRead;
    }

    /**
     * Reads a file as far as it is intact.
     *
     * @return the position behind the last intact batch
     * @throws IOException naming file and position, if it does not follow what was read before, or intact batches lie behind a damaged one
     */
    long read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        while (bytes.hasRemaining()) {
            RecordBatch batch = intactBatch(bytes);
            if (batch == null) {
                checkNothingFollows(file, bytes);
                return bytes.position();
            }
            if (batch.baseOffset() > endOffset) {
                throw new IOException(file + " goes on with offset " + batch.baseOffset() + " at position "
                        + bytes.position() + ", where " + endOffset + " was expected");
            }
            deliver(file, batch);
            bytes.position(bytes.position() + batch.sizeInBytes());
        }
        return bytes.position();
    }

    private void deliver(Path file, RecordBatch batch) throws IOException {
        if (batch.nextOffset() <= endOffset) {
            return;
        }
        List<ByteBuffer> records = new ArrayList<>();
        if (!batch.isControl()) {
            for (Record record : batch.records()) {
                ByteBuffer value = record.value();
                if (record.offset() >= endOffset && value != null) {
                    records.add(value);
                }
            }
        }
        try {
            // What Kafka's own logs have between the records takes offsets, too.
            listener.committed(
                    batch.nextOffset() - records.size(), batch.partitionLeaderEpoch(), batch.maxTimestampMs(), records);
        } catch (RuntimeException e) {
            throw new IOException(
                    file + ": the records from offset " + Math.max(endOffset, batch.baseOffset())
                            + " on cannot be read: " + e.getMessage(),
                    e);
        }
        endOffset = batch.nextOffset();
        epoch = batch.partitionLeaderEpoch();
        lastTimestampMs = batch.maxTimestampMs();
        bytesRead += batch.sizeInBytes();
    }

    private static @Nullable RecordBatch intactBatch(ByteBuffer bytes) {
        try {
            RecordBatch batch = RecordBatch.at(bytes);
            return batch.isIntact() ? batch : null;
        } catch (InvalidRecordsException e) {
            return null;
        }
    }

    private void checkNothingFollows(Path file, ByteBuffer bytes) throws IOException {
        ByteBuffer rest = bytes.duplicate();
        for (int at = bytes.position() + 1; at + MAGIC_AT < bytes.limit(); at++) {
            if (bytes.get(at + MAGIC_AT) == MAGIC) {
                RecordBatch batch = intactBatch(rest.position(at));
                if (batch != null && batch.baseOffset() > endOffset) {
                    throw new IOException(file + " is damaged at position " + bytes.position()
                            + ": there should be offset " + endOffset + ", and intact records from offset "
                            + batch.baseOffset() + " on follow at position " + at);
                }
            }
        }
    }
}
