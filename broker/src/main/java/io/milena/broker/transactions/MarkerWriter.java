package io.milena.broker.transactions;

import io.milena.broker.groups.GroupCoordinator;
import io.milena.broker.partitions.InternalTopics;
import io.milena.broker.partitions.Partition;
import io.milena.broker.partitions.Partitions;
import io.milena.log.AppendResult;
import io.milena.protocol.ErrorCode;
import io.milena.replication.Appended;
import io.milena.runtime.Deadline;
import io.milena.transactions.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Ends transactions in partitions that this broker leads: appends the control record, and lets a group's offsets follow it. Safe for use by many threads. */
public final class MarkerWriter {
    private static final Appended NOTHING = new Appended(-1, -1);

    private final Partitions partitions;
    private final GroupCoordinator groups;

    public MarkerWriter(Partitions partitions, GroupCoordinator groups) {
        this.partitions = partitions;
        this.groups = groups;
    }

    /** What became of a marker: it is appended to the partition, or refused. */
    record Written(@Nullable Partition partition, Appended appended, ErrorCode error) {
        static Written refused(ErrorCode error) {
            return new Written(null, NOTHING, error);
        }

        /** Asks for the marker to be forced, because somebody will wait for it. */
        void hurry() {
            if (partition != null) {
                partition.hurry();
            }
        }

        /** The error, or KAFKA_STORAGE_ERROR if the marker will not be durable. */
        ErrorCode await() throws InterruptedException {
            return partition == null
                            || partition.awaitReplicated(appended.leaderEpoch(), appended.endOffset(), Deadline.never())
                    ? error
                    : ErrorCode.KAFKA_STORAGE_ERROR;
        }
    }

    Written write(TopicPartition where, Marker marker) {
        return switch (partitions.find(where.topic(), where.partition())) {
            case Partitions.Missing(ErrorCode error) -> Written.refused(error);
            case Partitions.Found(Partition partition) -> {
                int leaderEpoch = partition.leaderEpoch(); // before the append: that of the append, or an earlier one
                AppendResult result = where.topic().equals(InternalTopics.CONSUMER_OFFSETS)
                        ? groups.end(where.partition(), marker.ending())
                        : partition.end(marker.ending(), leaderEpoch);
                yield result == null
                        ? Written.refused(ErrorCode.KAFKA_STORAGE_ERROR)
                        : written(partition, leaderEpoch, result);
            }
        };
    }

    private static Written written(Partition partition, int leaderEpoch, AppendResult result) {
        return switch (result) {
            case AppendResult.Appended done ->
                new Written(partition, new Appended(leaderEpoch, done.lastOffset() + 1), ErrorCode.NONE);
            case AppendResult.Duplicate first ->
                new Written(partition, new Appended(leaderEpoch, first.lastOffset() + 1), ErrorCode.NONE);
            case AppendResult.Refused refused ->
                Written.refused(ErrorCode.valueOf(refused.reason().name()));
        };
    }
}
