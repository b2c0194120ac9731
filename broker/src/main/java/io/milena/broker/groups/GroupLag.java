package io.milena.broker.groups;

import io.milena.broker.partitions.Partition;
import io.milena.broker.partitions.Partitions;
import io.milena.groups.GroupSummary;
import io.milena.protocol.Uuids;
import java.util.Optional;
import java.util.OptionalLong;

/** How far a group is behind in a partition. */
public final class GroupLag {
    private final Partition partition;
    private final long committed;
    /** From here on there may be records that the group gets. */
    private final long unread;

    private final long highWatermark;

    private GroupLag(Partition partition, long committed) {
        this.partition = partition;
        this.committed = committed;
        this.highWatermark = partition.highWatermark();
        this.unread = partition.behindMarkers(Math.max(committed, partition.logStartOffset()), highWatermark);
    }

    /** Empty where the partition is not on this broker, or does not work, or the offset belongs to a former topic of the same name. */
    public static Optional<GroupLag> of(GroupSummary.Offset offset, Partitions partitions) {
        return partitions.find(offset.topic(), offset.partition()) instanceof Partitions.Found(Partition partition)
                        && (offset.topicId().equals(Uuids.ZERO)
                                || offset.topicId().equals(partition.topicId()))
                ? Optional.of(new GroupLag(partition, offset.offset()))
                : Optional.empty();
    }

    /** Records from the committed offset to the high watermark; none where only ends of transactions are left, which nobody gets. */
    public long records() {
        return unread >= highWatermark ? 0 : highWatermark - committed;
    }

    /** How long the oldest of them has been there, in ms, by the timestamp of its batch; zero where there is none, and empty where nothing tells it. */
    public OptionalLong ageMs(long nowMs) {
        if (records() == 0) {
            return OptionalLong.of(0);
        }
        OptionalLong timestamp = partition.batchTimestampAt(unread, highWatermark);
        return timestamp.isPresent()
                ? OptionalLong.of(Math.max(0, nowMs - timestamp.getAsLong()))
                : OptionalLong.empty();
    }
}
