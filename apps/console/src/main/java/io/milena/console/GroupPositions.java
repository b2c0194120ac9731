package io.milena.console;

import io.milena.protocol.message.DescribeLagRequest;
import io.milena.protocol.message.DescribeLagRequest.LagPlace;
import io.milena.protocol.message.DescribeLagResponse;
import io.milena.protocol.message.DescribeLagResponse.LagThere;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;

/** What a group has committed, and where that is between the begin and the end of each partition. */
final class GroupPositions {
    private static final System.Logger LOG = System.getLogger(GroupPositions.class.getName());

    private final Cluster cluster;
    private final Offsets offsets;

    GroupPositions(Cluster cluster) {
        this.cluster = cluster;
        this.offsets = new Offsets(cluster);
    }

    /**
     * In a partition.
     *
     * @param committed -1 while a transaction decides
     * @param start -1 where the partition cannot say where it begins or ends
     * @param lag empty where it was not asked for, or the leader does not tell it
     */
    record Position(
            String topic,
            int partition,
            long committed,
            String metadata,
            long start,
            long end,
            Optional<LagThere> lag) {
        boolean isKnown() {
            return start >= 0 && end >= 0;
        }

        /** Records from the committed offset to the high watermark. */
        long lagRecords() {
            return lag.map(LagThere::records).orElse(Math.max(0, end - committed));
        }

        /** The age of the first record that is not committed; empty where nothing tells it. */
        OptionalLong lagMs() {
            return lag.filter(there -> there.ageMs() >= 0)
                    .map(there -> OptionalLong.of(there.ageMs()))
                    .orElse(OptionalLong.empty());
        }

        Position with(LagThere newLag) {
            return new Position(topic, partition, committed, metadata, start, end, Optional.of(newLag));
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
                        Optional.empty()));
            }
        }
        return positions;
    }

    /** With what the leaders of the partitions say of the lag; where one does not answer it is left out. */
    List<Position> withLag(String groupId) throws BadRequest {
        List<Position> positions = of(groupId);
        Map<String, MetadataResponseTopic> topics = new TreeMap<>();
        Map<Integer, List<Integer>> byLeader = new TreeMap<>();
        for (int i = 0; i < positions.size(); i++) {
            Position each = positions.get(i);
            if (each.isKnown() && each.committed >= 0) {
                MetadataResponseTopic topic = topics.get(each.topic);
                if (topic == null) {
                    topic = cluster.topic(each.topic);
                    topics.put(each.topic, topic);
                }
                byLeader.computeIfAbsent(leader(topic, each.partition), _ -> new ArrayList<>())
                        .add(i);
            }
        }
        byLeader.remove(-1);
        for (Map.Entry<Integer, List<Integer>> ofOne : byLeader.entrySet()) {
            addLag(ofOne.getKey(), ofOne.getValue(), topics, positions);
        }
        return positions;
    }

    private static int leader(MetadataResponseTopic topic, int partition) {
        return topic.partitions().stream()
                .filter(each -> each.partitionIndex() == partition)
                .mapToInt(MetadataResponsePartition::leaderId)
                .findFirst()
                .orElse(-1);
    }

    private void addLag(
            int leader, List<Integer> indexes, Map<String, MetadataResponseTopic> topics, List<Position> positions) {
        List<LagPlace> places = new ArrayList<>();
        for (int index : indexes) {
            Position each = positions.get(index);
            UUID id = Objects.requireNonNull(topics.get(each.topic)).topicId();
            places.add(new LagPlace(each.topic, id, each.partition, each.committed));
        }
        List<LagThere> lags;
        try {
            lags = cluster.ask(leader, new DescribeLagRequest(places), DescribeLagResponse.class)
                    .lags();
        } catch (BadRequest e) {
            LOG.log(Level.DEBUG, "Broker {0} does not say how far a group is behind: {1}", leader, e.detail());
            return;
        }
        for (int i = 0; i < Math.min(lags.size(), indexes.size()); i++) {
            LagThere lag = lags.get(i);
            if (lag.records() >= 0) {
                positions.set(indexes.get(i), positions.get(indexes.get(i)).with(lag));
            }
        }
    }
}
