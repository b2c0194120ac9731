package io.milena.console;

import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import io.milena.runtime.Clock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What a group has committed, and where that is between the begin and the end of each partition. */
final class GroupPositions {
    private final Cluster cluster;
    private final Offsets offsets;
    private final RecordReader records;
    private final Clock clock;

    GroupPositions(Cluster cluster, Clock clock) {
        this.cluster = cluster;
        this.offsets = new Offsets(cluster);
        this.records = new RecordReader(cluster);
        this.clock = clock;
    }

    /**
     * In a partition.
     *
     * @param committed -1 while a transaction decides
     * @param start -1 where the partition cannot say where it begins or ends
     * @param lagMs the age of the first record that is not committed; empty where it was not asked for, or nothing tells it
     */
    record Position(
            String topic, int partition, long committed, String metadata, long start, long end, OptionalLong lagMs) {
        boolean isKnown() {
            return start >= 0 && end >= 0;
        }

        /** Records from the committed offset, or the first that is still there, to the high watermark. */
        long lagRecords() {
            return Math.max(0, end - committed);
        }
    }

    List<Position> of(String groupId) throws BadRequest {
        List<Position> positions = new ArrayList<>();
        for (OffsetFetchResponseTopics topic : cluster.offsets(groupId).topics()) {
            Map<Integer, Long> starts = Map.of();
            Map<Integer, Long> ends = Map.of();
            MetadataResponseTopic known = cluster.topicIfThere(topic.name());
            if (known != null) {
                List<Integer> indexes = topic.partitions().stream()
                        .map(OffsetFetchResponsePartitions::partitionIndex)
                        .toList();
                starts = offsets.of(known, indexes, Offsets.EARLIEST);
                ends = offsets.of(known, indexes, Offsets.LATEST);
            }
            for (OffsetFetchResponsePartitions each : topic.partitions()) {
                int index = each.partitionIndex();
                positions.add(new Position(
                        topic.name(),
                        index,
                        each.committedOffset(),
                        each.metadata() == null ? "" : each.metadata(),
                        starts.getOrDefault(index, -1L),
                        ends.getOrDefault(index, -1L),
                        OptionalLong.empty()));
            }
        }
        return positions;
    }

    /** With the ages, each of which takes a small read. */
    List<Position> withAges(String groupId) throws BadRequest, IOException {
        List<Position> aged = new ArrayList<>();
        for (Position position : of(groupId)) {
            aged.add(new Position(
                    position.topic,
                    position.partition,
                    position.committed,
                    position.metadata,
                    position.start,
                    position.end,
                    lagMs(position)));
        }
        return aged;
    }

    private OptionalLong lagMs(Position position) throws BadRequest, IOException {
        if (!position.isKnown() || position.committed < 0) {
            return OptionalLong.empty();
        }
        if (position.committed >= position.end) {
            return OptionalLong.of(0);
        }
        OptionalLong time = records.batchTimeAt(
                cluster.topic(position.topic), position.partition, Math.max(position.committed, position.start));
        return time.isPresent()
                ? OptionalLong.of(Math.max(0, clock.millis() - time.getAsLong()))
                : OptionalLong.empty();
    }
}
