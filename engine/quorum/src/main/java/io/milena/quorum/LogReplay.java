package io.milena.quorum;

import io.milena.records.InvalidRecordsException;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads log files one after another, in the order of offsets. Each append was forced before the next began, so a power cut can damage the last batch of
 * the last file only, which nobody was told of; damage that has intact batches behind it is another matter, and an error.
 */
final class LogReplay {
    private static final int MAGIC_AT = 16;
    private static final byte MAGIC = 2;

    private final MetadataLog.Reader reader;
    private long endOffset;
    private int epoch;
    private long lastTimestampMs;
    private long bytesRead;

    /**
     * @param from the first offset that is wanted
     * @param epoch of the record before it
     */
    LogReplay(MetadataLog.Reader reader, long from, int epoch) {
        this.reader = reader;
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
        if (!batch.isControl()) {
            for (Record record : batch.records()) {
                if (record.offset() >= endOffset) {
                    deliver(file, record);
                }
            }
        }
        endOffset = batch.nextOffset();
        epoch = batch.partitionLeaderEpoch();
        lastTimestampMs = batch.maxTimestampMs();
        bytesRead += batch.sizeInBytes();
    }

    private void deliver(Path file, Record record) throws IOException {
        ByteBuffer value = record.value();
        if (value == null) {
            return;
        }
        try {
            reader.record(value);
        } catch (RuntimeException e) {
            throw new IOException(
                    file + ": the record at offset " + record.offset() + " cannot be read: " + e.getMessage(), e);
        }
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
