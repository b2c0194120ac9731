package io.milena.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The two sparse indexes of a segment, in memory; offsets are relative to the segment's base offset. Not safe for use by many threads.
 *
 * <pre>
 * .index      int32 relative offset (last of its batch) | int32 position of the batch      ascending in both
 * .timeindex  int64 timestamp, ms | int32 relative offset of the record with it             ascending in both; all records up to the offset are not later
 * </pre>
 */
final class SegmentIndex {
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

    /** A position at or before the batch that holds the offset. */
    int positionFor(int relativeOffset) {
        int at = Arrays.binarySearch(offsets, 0, offsetCount, relativeOffset);
        int entry = at >= 0 ? at : -at - 2;
        return entry < 0 ? 0 : positions[entry];
    }

    /** The last position of a batch that is known here and is not behind {@code position}; 0 if none is. */
    int floorPosition(int position) {
        int at = Arrays.binarySearch(positions, 0, offsetCount, position);
        int entry = at >= 0 ? at : -at - 2;
        return entry < 0 ? 0 : positions[entry];
    }

    /** The last offset of the first batch that is known here and starts at {@code position} or behind it; -1 if none does. */
    int ceilingOffset(int position) {
        int at = Arrays.binarySearch(positions, 0, offsetCount, position);
        int entry = at >= 0 ? at : -at - 1;
        return entry == offsetCount ? -1 : offsets[entry];
    }

    /** A position at or before the first record that is not earlier than the time. */
    int positionForTime(long timestampMs) {
        int at = Arrays.binarySearch(timestamps, 0, timeCount, timestampMs);
        int entry = (at >= 0 ? at : -at - 1) - 1;
        return entry < 0 ? 0 : positionFor(timeOffsets[entry]);
    }

    int lastPosition() {
        return offsetCount == 0 ? 0 : positions[offsetCount - 1];
    }

    /** The offset that belongs to {@link #lastPosition()}. */
    int lastOffset() {
        return offsetCount == 0 ? 0 : offsets[offsetCount - 1];
    }

    long lastTimestamp() {
        return timeCount == 0 ? -1 : timestamps[timeCount - 1];
    }

    /** The offset that belongs to {@link #lastTimestamp()}. */
    int lastTimestampOffset() {
        return timeCount == 0 ? 0 : timeOffsets[timeCount - 1];
    }
}
