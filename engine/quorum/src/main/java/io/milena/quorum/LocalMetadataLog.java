package io.milena.quorum;

import io.milena.records.ControlRecord;
import io.milena.records.InvalidRecordsException;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatchBuilder;
import io.milena.runtime.Clock;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The metadata log of a single node, in files. Not safe for use by many threads. */
public final class LocalMetadataLog implements MetadataLog {
    private static final System.Logger LOG = System.getLogger(LocalMetadataLog.class.getName());
    private static final String DIRECTORY = "__cluster_metadata-0";
    /** A single node leads forever, in the first epoch. */
    private static final int EPOCH = 1;

    private final Path directory;
    private final Clock clock;
    private FileChannel channel;
    private long endOffset;
    private long bytesSinceSnapshot;
    private boolean isBroken;

    private LocalMetadataLog(Path directory, Clock clock, FileChannel channel) {
        this.directory = directory;
        this.clock = clock;
        this.channel = channel;
    }

    /** Receives the records that are there, in order, while the log is opened. */
    @FunctionalInterface
    public interface Reader {
        void record(ByteBuffer record);
    }

    /**
     * Opens the log below {@code data}, creating it if needed, and reads it: the newest snapshot, then what follows it. A torn end, which was never acknowledged, is cut.
     */
    public static LocalMetadataLog open(Path data, Clock clock, Reader reader) throws IOException {
        Path directory = data.resolve(DIRECTORY);
        Files.createDirectories(directory);
        Path snapshot = newest(directory, ".checkpoint");
        long start = 0;
        if (snapshot != null) {
            start = Long.parseLong(snapshot.getFileName().toString().substring(0, 20));
            readSnapshot(snapshot, reader);
        }
        Path file = directory.resolve(logName(start));
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        LocalMetadataLog log = new LocalMetadataLog(directory, clock, channel);
        log.endOffset = start;
        log.readLog(file, reader);
        log.removeObsolete(start);
        forceDirectory(directory);
        forceDirectory(data);
        return log;
    }

    private static String logName(long baseOffset) {
        return String.format(Locale.ROOT, "%020d.log", baseOffset);
    }

    private static @Nullable Path newest(Path directory, String ending) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(ending))
                    .max(Path::compareTo)
                    .orElse(null);
        }
    }

    private static void readSnapshot(Path file, Reader reader) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        while (bytes.hasRemaining()) {
            try {
                RecordBatch batch = RecordBatch.at(bytes);
                if (!batch.isIntact()) {
                    throw new IOException("the snapshot " + file + " is damaged at " + bytes.position());
                }
                deliver(batch, reader);
                bytes.position(bytes.position() + batch.sizeInBytes());
            } catch (InvalidRecordsException e) {
                throw new IOException("the snapshot " + file + " is damaged at " + bytes.position(), e);
            }
        }
    }

    private static void deliver(RecordBatch batch, Reader reader) {
        if (!batch.isControl()) {
            for (Record record : batch.records()) {
                ByteBuffer value = record.value();
                if (value != null) {
                    reader.record(value);
                }
            }
        }
    }

    private void readLog(Path file, Reader reader) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        while (bytes.hasRemaining()) {
            RecordBatch batch = intactBatch(bytes);
            if (batch == null || batch.baseOffset() != endOffset) {
                LOG.log(Level.WARNING, "{0}: cut {1} bytes behind offset {2}", file, bytes.remaining(), endOffset);
                channel.truncate(bytes.position());
                channel.force(true);
                break;
            }
            deliver(batch, reader);
            endOffset = batch.nextOffset();
            bytes.position(bytes.position() + batch.sizeInBytes());
        }
        bytesSinceSnapshot = bytes.position();
    }

    private static @Nullable RecordBatch intactBatch(ByteBuffer bytes) {
        try {
            RecordBatch batch = RecordBatch.at(bytes);
            return batch.isIntact() ? batch : null;
        } catch (InvalidRecordsException e) {
            return null;
        }
    }

    @Override
    public long append(List<ByteBuffer> records) throws IOException {
        if (isBroken) {
            throw new IOException("the metadata log takes no more records after an earlier failure");
        }
        RecordBatchBuilder builder =
                new RecordBatchBuilder().baseOffset(endOffset).partitionLeaderEpoch(EPOCH);
        for (ByteBuffer record : records) {
            builder.append(clock.millis(), null, record);
        }
        RecordBatch batch = builder.build();
        try {
            writeFully(channel, batch.buffer(), bytesSinceSnapshot);
            channel.force(false);
        } catch (IOException e) {
            isBroken = true;
            throw e;
        }
        bytesSinceSnapshot += batch.sizeInBytes();
        endOffset = batch.nextOffset();
        return endOffset - 1;
    }

    @Override
    public long endOffset() {
        return endOffset;
    }

    @Override
    public long bytesSinceSnapshot() {
        return bytesSinceSnapshot;
    }

    /**
     * The snapshot is written beside, forced and renamed; then a new log file begins. A crash in between leaves the old log, which says the same.
     */
    @Override
    public void snapshot(List<ByteBuffer> records) throws IOException {
        String name = String.format(Locale.ROOT, "%020d-%010d.checkpoint", endOffset, EPOCH);
        Path temporary = directory.resolve(name + ".part");
        try (FileChannel out = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            long position = 0;
            for (RecordBatch batch : snapshotBatches(records)) {
                writeFully(out, batch.buffer(), position);
                position += batch.sizeInBytes();
            }
            out.force(true);
        }
        Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        channel.close();
        channel = FileChannel.open(
                directory.resolve(logName(endOffset)),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        forceDirectory(directory);
        bytesSinceSnapshot = 0;
        removeObsolete(endOffset);
    }

    /** A header, the records, a footer: as Kafka's snapshots. */
    private List<RecordBatch> snapshotBatches(List<ByteBuffer> records) {
        long nowMs = clock.millis();
        List<RecordBatch> batches = new ArrayList<>();
        // int16 version 0, int64 timestamp of the last record, no tagged fields
        ByteBuffer header = ByteBuffer.allocate(11)
                .putShort((short) 0)
                .putLong(nowMs)
                .put((byte) 0)
                .flip();
        batches.add(new RecordBatchBuilder()
                .baseOffset(0)
                .partitionLeaderEpoch(EPOCH)
                .control()
                .append(nowMs, ControlRecord.SNAPSHOT_HEADER, header)
                .build());
        long offset = 1;
        if (!records.isEmpty()) {
            RecordBatchBuilder builder =
                    new RecordBatchBuilder().baseOffset(offset).partitionLeaderEpoch(EPOCH);
            records.forEach(record -> builder.append(nowMs, null, record));
            batches.add(builder.build());
            offset += records.size();
        }
        ByteBuffer footer =
                ByteBuffer.allocate(3).putShort((short) 0).put((byte) 0).flip();
        batches.add(new RecordBatchBuilder()
                .baseOffset(offset)
                .partitionLeaderEpoch(EPOCH)
                .control()
                .append(nowMs, ControlRecord.SNAPSHOT_FOOTER, footer)
                .build());
        return batches;
    }

    private void removeObsolete(long before) throws IOException {
        List<Path> files;
        try (Stream<Path> entries = Files.list(directory)) {
            files = entries.toList();
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            boolean isOld = name.matches("\\d{20}.*") && Long.parseLong(name.substring(0, 20)) < before;
            if (isOld || name.endsWith(".part")) {
                Files.delete(file);
            }
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    private static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
