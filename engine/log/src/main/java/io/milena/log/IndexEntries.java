package io.milena.log;

import java.io.IOException;

/** The entries of the two sparse indexes of a segment, in memory or on disk, and what can be looked up in them. Offsets are relative to the segment's base offset. */
interface IndexEntries {
    int offsetCount();

    int offset(int entry) throws IOException;

    int position(int entry) throws IOException;

    int timeCount();

    long timestamp(int entry) throws IOException;

    int timeOffset(int entry) throws IOException;

    /** What entries are ordered by. */
    @FunctionalInterface
    interface Order {
        long of(int entry) throws IOException;
    }

    /** The first entry that is not below {@code wanted}; {@code count} if all are. */
    private static int first(int count, Order order, long wanted) throws IOException {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (order.of(middle) < wanted) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** A position at or before the batch that holds the offset. */
    default int positionFor(int relativeOffset) throws IOException {
        int entry = first(offsetCount(), this::offset, relativeOffset + 1L) - 1;
        return entry < 0 ? 0 : position(entry);
    }

    /** A position at or behind the batch that holds the offset; {@code end} where no batch is known there. */
    default int positionNotBefore(int relativeOffset, int end) throws IOException {
        int entry = first(offsetCount(), this::offset, relativeOffset);
        return entry == offsetCount() ? end : position(entry);
    }

    /** The last position of a batch that is known here and is not behind {@code position}; 0 if none is. */
    default int floorPosition(int position) throws IOException {
        int entry = first(offsetCount(), this::position, position + 1L) - 1;
        return entry < 0 ? 0 : position(entry);
    }

    /** The last offset of the first batch that is known here and starts at {@code position} or behind it; -1 if none does. */
    default int ceilingOffset(int position) throws IOException {
        int entry = first(offsetCount(), this::position, position);
        return entry == offsetCount() ? -1 : offset(entry);
    }

    /** A position at or before the first record that is not earlier than the time. */
    default int positionForTime(long timestampMs) throws IOException {
        int entry = first(timeCount(), this::timestamp, timestampMs) - 1;
        return entry < 0 ? 0 : positionFor(timeOffset(entry));
    }

    default long lastTimestamp() throws IOException {
        return timeCount() == 0 ? -1 : timestamp(timeCount() - 1);
    }

    /** The offset that belongs to {@link #lastTimestamp()}. */
    default int lastTimestampOffset() throws IOException {
        return timeCount() == 0 ? 0 : timeOffset(timeCount() - 1);
    }
}
