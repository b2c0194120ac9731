package io.milena.quorum;

import io.milena.records.ControlRecord;
import io.milena.records.InvalidRecordsException;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatchBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The file of a snapshot: record batches, whose offsets count from 0 and mean nothing.
 *
 * <pre>
 * control batch   SNAPSHOT_HEADER   version int16 (0), timestamp of the last record that it stands for int64, no tagged fields (0)
 * batches         the records
 * control batch   SNAPSHOT_FOOTER   version int16 (0), no tagged fields (0)
 * </pre>
 */
final class Snapshot {
    private static final int BATCH_BYTES = 1 << 20;
    private static final int HEADER_BYTES = 11;
    private static final int FOOTER_BYTES = 3;

    private Snapshot() {}

    /** Writes and forces the file under its unfinished name. */
    static void prepare(Path file, int epoch, long timestampMs, List<ByteBuffer> records) throws IOException {
        Path unfinished = LogFolder.unfinished(file);
        try (FileChannel out = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            Writer writer = new Writer(out, epoch, timestampMs);
            writer.write(writer.builder()
                    .appendControl(
                            timestampMs,
                            ControlRecord.SNAPSHOT_HEADER,
                            ByteBuffer.allocate(HEADER_BYTES).putLong(2, timestampMs)));
            writer.writeAll(records);
            writer.write(writer.builder()
                    .appendControl(timestampMs, ControlRecord.SNAPSHOT_FOOTER, ByteBuffer.allocate(FOOTER_BYTES)));
            out.force(true);
        }
    }

    /** Writes one batch after the other: a snapshot may be large, and is not in memory twice. */
    private static final class Writer {
        private final FileChannel out;
        private final int epoch;
        private final long timestampMs;
        private long offset;

        Writer(FileChannel out, int epoch, long timestampMs) {
            this.out = out;
            this.epoch = epoch;
            this.timestampMs = timestampMs;
        }

        RecordBatchBuilder builder() {
            return new RecordBatchBuilder().baseOffset(offset).partitionLeaderEpoch(epoch);
        }

        void writeAll(List<ByteBuffer> records) throws IOException {
            RecordBatchBuilder data = builder();
            for (ByteBuffer record : records) {
                data.append(timestampMs, (ByteBuffer) null, record);
                if (data.sizeInBytes() >= BATCH_BYTES) {
                    write(data);
                    data = builder();
                }
            }
            if (data.recordCount() > 0) {
                write(data);
            }
        }

        void write(RecordBatchBuilder builder) throws IOException {
            RecordBatch batch = builder.build();
            ByteBuffer bytes = batch.buffer();
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            offset = batch.nextOffset();
        }
    }

    /** Gives a prepared file its name: it is there as a whole or not at all, for certain when the directory has been forced. */
    static void publish(Path file) throws IOException {
        Files.move(
                LogFolder.unfinished(file), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * The records of a snapshot.
     *
     * @throws IOException naming file and position, if it is damaged or not whole
     */
    static List<ByteBuffer> read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        List<ByteBuffer> records = new ArrayList<>();
        boolean isFinished = false;
        while (bytes.hasRemaining()) {
            try {
                RecordBatch batch = RecordBatch.at(bytes);
                if (!batch.isIntact()) {
                    throw new IOException(file + " is damaged at position " + bytes.position() + ": wrong checksum");
                }
                for (Record record : batch.records()) {
                    ByteBuffer value = record.value();
                    if (!batch.isControl() && value != null) {
                        records.add(value);
                    }
                    isFinished |=
                            batch.isControl() && ControlRecord.ofKey(record.key()) == ControlRecord.SNAPSHOT_FOOTER;
                }
                bytes.position(bytes.position() + batch.sizeInBytes());
            } catch (InvalidRecordsException e) {
                throw new IOException(file + " is damaged at position " + bytes.position() + ": " + e.getMessage(), e);
            }
        }
        if (!isFinished) {
            throw new IOException(file + " ends without a footer, at position " + bytes.position());
        }
        return records;
    }
}
