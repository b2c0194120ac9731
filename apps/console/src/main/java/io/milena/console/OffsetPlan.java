package io.milena.console;

/**
 * Where a group would go on in a partition, and what that means for what it reads.
 *
 * @param committed -1 where nothing is committed
 * @param target between start and end
 */
record OffsetPlan(String topic, int partition, long committed, long start, long end, long target) {
    /** Records between the offsets that have been read before, at most: compaction may have taken some. */
    long readAgain() {
        return committed < 0 ? 0 : Math.max(0, Math.min(committed, end) - target);
    }

    /** Records that would not be read any more, at most. */
    long skipped() {
        return Math.max(0, target - Math.max(committed, start));
    }

    /** The nearest offset that the partition has. */
    static OffsetPlan to(long wanted, GroupPositions.Position position) {
        return new OffsetPlan(
                position.topic(),
                position.partition(),
                position.committed(),
                position.start(),
                position.end(),
                Math.clamp(wanted, position.start(), position.end()));
    }
}
