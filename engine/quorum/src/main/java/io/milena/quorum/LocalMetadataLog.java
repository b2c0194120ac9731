package io.milena.quorum;

import io.milena.records.RecordBatch;
import io.milena.records.RecordBatchBuilder;
import io.milena.runtime.Clock;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The metadata log of a single node, in files (see {@link LogFolder}). An append is one batch, one write, one force. Not safe for use by many threads.
 */
public final class LocalMetadataLog implements MetadataLog {
    static final String DIRECTORY = "__cluster_metadata-0";
    /** A single node leads forever, in the first epoch. */
    private static final int FIRST_EPOCH = 1;

    private final LogFolder folder;
    private final Clock clock;
    private final int epoch;
    private final SoleNode node;
    private final @Nullable Listener listener;
    private ForcedFile file;
    private long endOffset;
    private long snapshotEndOffset;
    private long bytesSinceSnapshot;
    private long lastTimestampMs;
    private boolean isBroken;

    private LocalMetadataLog(
            LogFolder folder, Clock clock, ForcedFile file, LogReplay replay, Peer self, @Nullable Listener listener) {
        this.folder = folder;
        this.clock = clock;
        this.file = file;
        this.epoch = Math.max(FIRST_EPOCH, replay.epoch());
        this.node = new SoleNode(self, epoch);
        this.listener = listener;
        this.endOffset = replay.endOffset();
        this.bytesSinceSnapshot = replay.bytesRead();
        this.lastTimestampMs = replay.lastTimestampMs();
    }

    /**
     * Opens the log below {@code data}, creating it if needed, and reads it: the newest snapshot, then what follows it. A torn end, which was never
     * acknowledged, is cut.
     *
     * @param data a directory that survives a power cut
     * @throws IOException naming file and position, if what was acknowledged is damaged
     */
    public static LocalMetadataLog open(Path data, Clock clock, Reader reader) throws IOException {
        return open(data, clock, SoleNode.UNNAMED, new WhileOpened(reader), null);
    }

    /** Whom records are read to that does not listen afterwards. */
    private record WhileOpened(Reader reader) implements Listener {
        @Override
        public void snapshot(long endOffset, int epoch, List<ByteBuffer> records) {
            records.forEach(reader::record);
        }

        @Override
        public void committed(long baseOffset, int epoch, long timeMs, List<ByteBuffer> records) {
            records.forEach(reader::record);
        }

        @Override
        public void leadership(Leadership leadership) {}
    }

    /**
     * As {@link #open(Path, Clock, Reader)} for a listener, which hears the newest snapshot, if there is one, and each append since.
     *
     * @param self for {@link #quorum()} and {@link #leadership()}
     */
    public static LocalMetadataLog open(Path data, Clock clock, Peer self, Listener listener) throws IOException {
        LocalMetadataLog log = open(data, clock, self, listener, listener);
        listener.leadership(log.leadership());
        return log;
    }

    private static LocalMetadataLog open(
            Path data, Clock clock, Peer self, Listener opening, @Nullable Listener listener) throws IOException {
        LogFolder folder = new LogFolder(data.resolve(DIRECTORY));
        if (Files.exists(folder.quorum())) {
            throw new IOException(
                    folder.path() + " has become the log of a quorum: this node cannot run alone any more");
        }
        Files.createDirectories(folder.path());
        LogReplay replay = readSnapshot(folder, opening);
        long start = replay.endOffset();
        ForcedFile file = readLogs(folder, replay);
        LocalMetadataLog log = new LocalMetadataLog(folder, clock, file, replay, self, listener);
        log.snapshotEndOffset = start;
        folder.deleteBefore(Math.min(start, LogFolder.offset(file.path())));
        ForcedFile.forceDirectory(folder.path());
        ForcedFile.forceDirectory(data);
        return log;
    }

    /** Whether there is one below {@code data}. */
    public static boolean isIn(Path data) {
        return Files.exists(data.resolve(DIRECTORY));
    }

    /** What follows the newest snapshot, if there is one, remains to be read. */
    private static LogReplay readSnapshot(LogFolder folder, Listener listener) throws IOException {
        List<Path> snapshots = folder.snapshots();
        if (snapshots.isEmpty()) {
            return new LogReplay(listener, 0, FIRST_EPOCH);
        }
        Path newest = snapshots.getFirst();
        listener.snapshot(LogFolder.offset(newest), LogFolder.epoch(newest), Snapshot.read(newest));
        return new LogReplay(listener, LogFolder.offset(newest), LogFolder.epoch(newest));
    }

    /** Reads what follows the snapshot, and answers the file to go on with. */
    private static ForcedFile readLogs(LogFolder folder, LogReplay replay) throws IOException {
        long start = replay.endOffset();
        List<Path> logs = folder.logs();
        for (int index = 0; index < logs.size() - 1; index++) {
            if (LogFolder.offset(logs.get(index + 1)) > start) {
                long end = replay.read(logs.get(index));
                if (end < Files.size(logs.get(index))) {
                    throw new IOException(logs.get(index) + " is damaged at position " + end);
                }
            }
        }
        ForcedFile last = ForcedFile.open(logs.isEmpty() ? folder.log(start) : logs.getLast());
        try {
            cutTornEnd(last, replay.read(last.path()), replay);
            if (LogFolder.offset(last.path()) > replay.endOffset()) {
                throw new IOException("the records from offset " + replay.endOffset() + " to "
                        + LogFolder.offset(last.path()) + " are missing in " + folder.path());
            }
            return replay.endOffset() > start || LogFolder.offset(last.path()) == start
                    ? last
                    : replaced(last, ForcedFile.open(folder.log(start)));
        } catch (IOException | RuntimeException e) {
            last.close();
            throw e;
        }
    }

    private static void cutTornEnd(ForcedFile file, long intactBytes, LogReplay replay) throws IOException {
        if (intactBytes < file.sizeInBytes()) {
            System.getLogger(LocalMetadataLog.class.getName())
                    .log(
                            Level.WARNING,
                            "{0}: cut {1} bytes of an append that was not finished, behind offset {2}",
                            file.path(),
                            file.sizeInBytes() - intactBytes,
                            replay.endOffset());
            file.truncate(intactBytes);
        }
    }

    private static ForcedFile replaced(ForcedFile old, ForcedFile next) throws IOException {
        old.close();
        return next;
    }

    @Override
    public long append(List<ByteBuffer> records, int expectedEpoch) throws IOException {
        node.checkLeads(expectedEpoch);
        checkWhole();
        long nowMs = clock.millis();
        RecordBatchBuilder builder =
                new RecordBatchBuilder().baseOffset(endOffset).partitionLeaderEpoch(epoch);
        for (ByteBuffer record : records) {
            builder.append(nowMs, (ByteBuffer) null, record);
        }
        RecordBatch batch = builder.build();
        try {
            file.append(batch.buffer());
        } catch (NotAppendedException e) {
            throw e; // the next append may find space
        } catch (IOException e) {
            isBroken = true;
            throw e;
        }
        bytesSinceSnapshot += batch.sizeInBytes();
        endOffset = batch.nextOffset();
        lastTimestampMs = nowMs;
        if (listener != null) {
            listener.committed(batch.baseOffset(), epoch, nowMs, SoleNode.copies(records));
        }
        return endOffset - 1;
    }

    private void checkWhole() throws IOException {
        if (isBroken) {
            throw new NotAppendedException("the metadata log takes no more records after an earlier failure");
        }
    }

    @Override
    public long endOffset() {
        return endOffset;
    }

    @Override
    public Leadership leadership() {
        return node.leadership();
    }

    @Override
    public Quorum quorum() {
        return node.quorum(endOffset, clock.millis());
    }

    @Override
    public long bytesSinceSnapshot() {
        return bytesSinceSnapshot;
    }

    /**
     * The snapshot is written beside and forced, and a new log file is made: if there is no space for these, all stays as it was. Then the snapshot is renamed, the new file is used, and
     * older files go. Whatever a crash in between leaves says the same.
     */
    @Override
    public void snapshot(long atOffset, List<ByteBuffer> records) throws IOException {
        SoleNode.checkIsEnd(atOffset, endOffset);
        checkWhole();
        if (endOffset == snapshotEndOffset) {
            return;
        }
        Path snapshot = folder.snapshot(endOffset, epoch);
        Uninterrupted.finish(() -> Snapshot.prepare(snapshot, epoch, lastTimestampMs, records));
        ForcedFile next = openNext();
        // Once the snapshot may be there, the old file is one in which no reader looks for new records.
        isBroken = true;
        Uninterrupted.finish(() -> {
            if (!Files.exists(snapshot)) {
                Snapshot.publish(snapshot);
            }
            file.close();
            file = next;
            ForcedFile.forceDirectory(folder.path());
        });
        isBroken = false;
        snapshotEndOffset = endOffset;
        bytesSinceSnapshot = 0;
        Uninterrupted.finish(() -> folder.deleteBefore(endOffset));
    }

    private ForcedFile openNext() throws IOException {
        List<ForcedFile> opened = new ArrayList<>(1);
        Uninterrupted.finish(() -> opened.add(ForcedFile.open(folder.log(endOffset))));
        return opened.getLast();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
