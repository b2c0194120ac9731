package io.milena.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The two sparse indexes of a segment that grows, in memory; those of a sealed one are read again when it is about their soundness only, see {@link SealedIndex}. Offsets are relative to the
 * segment's base offset. Not safe for use by many threads.
 *
 * <pre>
 * .index      int32 relative offset (last of its batch) | int32 position of the batch      ascending in both
 * .timeindex  int64 timestamp, ms | int32 relative offset of the record with it             ascending in both; all records up to the offset are not later
 * </pre>
 */
final class SegmentIndex implements IndexEntries {
    static final int OFFSET_ENTRY_BYTES = 8;
    static final int TIME_ENTRY_BYTES = 12;

    private int offsetCount;
    private int[] offsets = new int[4];
    private int[] positions = new int[4];
    private int timeCount;
    /** Whether the files held whole entries, each later than the one before. */
    private boolean isAscending = true;

    private long[] timestamps = new long[4];
    private int[] timeOffsets = new int[4];

    /** How many entries the files have already. */
    private int offsetsWritten;

    private int timesWritten;

    /** Reads what {@link #write} wrote, sound or not; both files must be there. */
    static SegmentIndex read(Path offsetFile, Path timeFile) throws IOException {
        SegmentIndex index = new SegmentIndex();
        ByteBuffer entries = ByteBuffer.wrap(Files.readAllBytes(offsetFile));
        while (entries.remaining() >= OFFSET_ENTRY_BYTES) {
            index.addOffset(entries.getInt(), entries.getInt());
        }
        ByteBuffer times = ByteBuffer.wrap(Files.readAllBytes(timeFile));
        while (times.remaining() >= TIME_ENTRY_BYTES) {
            long timestampMs = times.getLong();
            int offset = times.getInt();
            index.isAscending &= index.timeCount == 0 || timestampMs > index.lastTimestamp();
            index.addTime(timestampMs, offset);
        }
        index.isAscending &= !entries.hasRemaining() && !times.hasRemaining();
        index.offsetsWritten = index.offsetCount;
        index.timesWritten = index.timeCount;
        return index;
    }

    /** Whether these can be the indexes of a segment with so many bytes: all ascends and lies in it, and where there are bytes there is a time. */
    boolean isSound(int segmentBytes) {
        boolean isSound = isAscending && (timeCount > 0) == (segmentBytes > 0);
        for (int i = 0; i < offsetCount; i++) {
            isSound &= offsets[i] > (i == 0 ? 0 : offsets[i - 1]);
            isSound &= positions[i] > (i == 0 ? 0 : positions[i - 1]) && positions[i] < segmentBytes;
        }
        for (int i = 0; i < timeCount; i++) {
            isSound &= timestamps[i] >= 0 && timeOffsets[i] >= (i == 0 ? 0 : timeOffsets[i - 1] + 1);
        }
        return isSound;
    }

    /** Brings the files up to date, adding what is new; whole files the first time. */
    void write(Path offsetFile, Path timeFile) throws IOException {
        ByteBuffer offsetEntries = ByteBuffer.allocate((offsetCount - offsetsWritten) * OFFSET_ENTRY_BYTES);
        for (int i = offsetsWritten; i < offsetCount; i++) {
            offsetEntries.putInt(offsets[i]).putInt(positions[i]);
        }
        append(offsetFile, (long) offsetsWritten * OFFSET_ENTRY_BYTES, offsetEntries.flip());
        offsetsWritten = offsetCount;
        ByteBuffer timeEntries = ByteBuffer.allocate((timeCount - timesWritten) * TIME_ENTRY_BYTES);
        for (int i = timesWritten; i < timeCount; i++) {
            timeEntries.putLong(timestamps[i]).putInt(timeOffsets[i]);
        }
        append(timeFile, (long) timesWritten * TIME_ENTRY_BYTES, timeEntries.flip());
        timesWritten = timeCount;
    }

    /** What lies behind {@code position} in the file is replaced. */
    private static void append(Path file, long position, ByteBuffer entries) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long at = position;
            while (entries.hasRemaining()) {
                at += channel.write(entries, at);
            }
            channel.truncate(at);
        }
    }

    /**
     * The entries of the batches that end below an offset; what follows is to be read again.
     */
    SegmentIndex below(int relativeOffset) {
        SegmentIndex kept = new SegmentIndex();
        for (int i = 0; i < offsetCount && offsets[i] < relativeOffset; i++) {
            if (offsets[i] <= kept.lastOffset() || positions[i] <= kept.lastPosition()) {
                break; // what follows was not forced with the rest
            }
            kept.addOffset(offsets[i], positions[i]);
        }
        // A time entry stands for all records up to its offset, and the batch of the last offset entry is read again.
        for (int i = 0; i < timeCount && timeOffsets[i] < kept.lastOffset(); i++) {
            kept.addTime(timestamps[i], timeOffsets[i]);
        }
        return kept;
    }

    void addOffset(int relativeOffset, int position) {
        if (offsetCount == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * offsetCount);
            positions = Arrays.copyOf(positions, 2 * offsetCount);
        }
        offsets[offsetCount] = relativeOffset;
        positions[offsetCount++] = position;
    }

    /** Ignored unless later than all before. */
    void addTime(long timestampMs, int relativeOffset) {
        if (timeCount > 0 && timestampMs <= timestamps[timeCount - 1]) {
            return;
        }
        if (timeCount == timestamps.length) {
            timestamps = Arrays.copyOf(timestamps, 2 * timeCount);
            timeOffsets = Arrays.copyOf(timeOffsets, 2 * timeCount);
        }
        timestamps[timeCount] = timestampMs;
        timeOffsets[timeCount++] = relativeOffset;
    }

    int lastPosition() {
        return offsetCount == 0 ? 0 : positions[offsetCount - 1];
    }

    /** The offset that belongs to {@link #lastPosition()}. */
    int lastOffset() {
        return offsetCount == 0 ? 0 : offsets[offsetCount - 1];
    }

    @Override
    public int offsetCount() {
        return offsetCount;
    }

    @Override
    public int offset(int entry) {
        return offsets[entry];
    }

    @Override
    public int position(int entry) {
        return positions[entry];
    }

    @Override
    public int timeCount() {
        return timeCount;
    }

    @Override
    public long timestamp(int entry) {
        return timestamps[entry];
    }

    @Override
    public int timeOffset(int entry) {
        return timeOffsets[entry];
    }

    @Override
    public long lastTimestamp() {
        return timeCount == 0 ? -1 : timestamps[timeCount - 1];
    }
}
